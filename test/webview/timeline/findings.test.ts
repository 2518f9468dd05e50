/** The strip of findings on the timeline. */
import assert from 'node:assert/strict'
import type { Finding } from '../../../src/shared/finding.ts'
import { newStatus } from '../../../src/shared/status.ts'
import { knownOf, marksOf } from '../../../webview/state/findings.ts'
import type { Scene } from '../../../webview/timeline/canvas/scene.ts'
import { draw } from '../../../webview/timeline/draw.ts'
import { findingMarkAt, markedFindings, placeMarks } from '../../../webview/timeline/layout/finding-marks.ts'
import {
  hit,
  LANES_TOP,
  layOut,
  STRIP_HEIGHT,
  scrollTo,
  stackLanes,
  xOf,
} from '../../../webview/timeline/layout/layout.ts'
import { Sketch, sceneOf } from './sketch.ts'

const CONNECTIONS = [1, 2].map((id) => ({ ...newStatus(id), transport: 'websocket' as const }))
const VIEW = { from: 0, to: 10_000, live: false }

function finding(severity: Finding['severity'], part: Partial<Finding>): Finding {
  return { rule: 'rule', severity, message: 'It says something.', evidence: {}, ...part }
}

const marksFor = (...findings: Finding[]) => marksOf(knownOf(findings, []))
const layoutWith = (strip: number) => layOut(1358, CONNECTIONS, undefined, undefined, strip)

describe('the strip of findings', () => {
  const layout = layoutWith(STRIP_HEIGHT)

  it('is between the axis and the lanes, and takes no room if there are none', () => {
    const without = layoutWith(0)
    assert.deepEqual([without.lanesTop, layout.lanesTop], [LANES_TOP, LANES_TOP + STRIP_HEIGHT])
    assert.deepEqual(
      layout.lanes.map(({ top }) => top),
      without.lanes.map(({ top }) => top + STRIP_HEIGHT),
    )
    assert.equal(hit(layout, VIEW, VIEW, 500, LANES_TOP + 5)?.area, 'findings')
    assert.equal(hit(layout, VIEW, VIEW, 500, LANES_TOP - 5)?.area, 'axis')
    assert.equal(hit(without, VIEW, VIEW, 500, LANES_TOP + 5)?.area, 'lane')
  })

  it('stays while the lanes are scrolled', () => {
    const many = Array.from({ length: 20 }, (_, at) => ({
      ...newStatus(at + 1),
      transport: 'websocket' as const,
    }))
    const room = { most: 360, height: 200, scroll: 0 }
    const scroll = scrollTo(20, stackLanes(1358, many, room, undefined, STRIP_HEIGHT), room)
    const last = layOut(1358, many, { ...room, scroll }, undefined, STRIP_HEIGHT).lanes.at(-1)
    assert.equal(last?.connection, 20)
    assert.equal(last.top + last.height, 200)
  })

  it('has a mark where a finding is complete, the most severe of those close to each other', () => {
    const placed = placeMarks(
      layout,
      VIEW,
      marksFor(
        finding('info', { from: 1000, to: 5000 }),
        finding('error', { from: 5010 }),
        finding('warning', { from: 8000 }),
        finding('error', { from: 20_000 }),
      ),
    )
    assert.deepEqual(
      placed.map(({ x, severity, findings }) => [x, severity, findings.length]),
      [
        [xOf(layout, VIEW, 5000), 'error', 2],
        [xOf(layout, VIEW, 8000), 'warning', 1],
      ],
    )
    assert.deepEqual(
      placed[0]?.findings.map(({ finding: { severity } }) => severity),
      ['error', 'info'],
    )
    const y = layout.strip.top + 8
    assert.equal(findingMarkAt(layout, placed, xOf(layout, VIEW, 8000) + 9, y), placed[1])
    assert.equal(findingMarkAt(layout, placed, xOf(layout, VIEW, 8000) + 12, y), undefined)
    assert.equal(findingMarkAt(layout, placed, xOf(layout, VIEW, 8000), layout.lanesTop), undefined)
  })

  it('shows a thousand findings as marks that do not overlap', () => {
    const many = Array.from({ length: 1000 }, (_, at) => finding('info', { from: at * 10 }))
    const placed = placeMarks(layout, VIEW, marksFor(...many))
    assert.ok(placed.length <= layout.plotWidth / 20 + 1, `${placed.length} marks`)
    assert.equal(
      placed.reduce((sum, { findings }) => sum + findings.length, 0),
      1000,
    )
  })

  describe('is painted', () => {
    const marks = marksFor(
      finding('error', { from: 2000, to: 4000, connection: 1 }),
      finding('warning', { from: 7000, connection: 2 }),
    )
    const paint = (chosen: string | undefined, pointer?: { x: number; y: number }) => {
      const scene: Scene = {
        ...sceneOf(['websocket', 'websocket'], 10_000, []),
        layout,
        head: (id) => ({ title: `name ${id}`, lines: [], color: id === 1 ? 'c1' : 'c2' }),
        findings: markedFindings(layout, VIEW, marks, chosen, pointer),
      }
      const sketch = new Sketch()
      draw(sketch, scene)
      return sketch.painted
    }
    /** The line from a mark through the lanes. */
    const lineAt = (time: number, painted: ReturnType<typeof paint>) =>
      painted.filter(
        ({ left, right, top, bottom }) =>
          right - left < 2 &&
          Math.abs(left - xOf(layout, VIEW, time)) < 2 &&
          top <= layout.lanesTop &&
          bottom >= layout.height - 1,
      )

    it('with its name, and each mark in the color of its severity, underlined in that of its connection', () => {
      const painted = paint(undefined)
      assert.ok(painted.some(({ kind, text }) => kind === 'text' && text === 'Findings'))
      for (const [time, severity, color] of [
        [4000, 'error', 'c1'],
        [7000, 'warn', 'c2'],
      ] as const) {
        const near = painted.filter(
          ({ left, right, top, bottom }) =>
            Math.abs((left + right) / 2 - xOf(layout, VIEW, time)) < 1 &&
            top >= layout.strip.top &&
            bottom <= layout.lanesTop,
        )
        assert.ok(
          near.some(({ role, kind }) => role === severity && kind === 'stroke'),
          severity,
        )
        assert.ok(
          near.some(({ role, kind }) => role === color && kind === 'fill'),
          color,
        )
      }
      assert.deepEqual(
        [lineAt(4000, painted), lineAt(7000, painted)].map(({ length }) => length),
        [0, 0],
      )
    })

    it('with the time of the chosen finding as a faint band, only in the lane of its connection', () => {
      const bands = paint('rule 1 0').filter(
        ({ role, kind, alpha, top }) =>
          role === 'error' && kind === 'fill' && alpha < 0.1 && top >= layout.lanesTop,
      )
      const lane = layout.lanes.find(({ connection }) => connection === 1)
      assert.ok(lane)
      assert.deepEqual(
        bands.map(({ left, right, top, bottom }) => [left, right, top, bottom]),
        [[xOf(layout, VIEW, 2000), xOf(layout, VIEW, 4000), lane.top, lane.top + lane.height]],
      )
    })

    it('with a line through the lanes only at the mark under the pointer, else at that of the chosen finding', () => {
      const chosen = paint('rule 1 0')
      assert.deepEqual([lineAt(4000, chosen).length, lineAt(7000, chosen).length], [1, 0])
      const pointer = { x: xOf(layout, VIEW, 7000), y: layout.strip.top + 5 }
      const pointed = paint('rule 1 0', pointer)
      assert.deepEqual([lineAt(4000, pointed).length, lineAt(7000, pointed).length], [0, 1])
    })
  })
})
