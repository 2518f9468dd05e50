import assert from 'node:assert/strict'
import type { TransportName } from '../../../src/shared/transports.ts'
import { TICK } from '../../../webview/state/timeline/densities.ts'
import { TimelineModel } from '../../../webview/state/timeline/model.ts'
import { eventOf, noteAt, pickAt, type Sight } from '../../../webview/timeline/layout/hit-test.ts'
import { xOf } from '../../../webview/timeline/layout/layout.ts'
import { type Step, sceneOf } from './sketch.ts'

/** A lane of one connection with these events, `span` milliseconds in view. */
function sightOf(transport: TransportName, span: number, steps: readonly Step[]): Sight {
  return sceneOf([transport], span, steps)
}

/** The event that a press at a time selects, `depth` pixels below the lane's line. */
function pressed(sight: Sight, time: number, depth: number): number | undefined {
  return eventOf(picked(sight, time, depth))
}

function picked(sight: Sight, time: number, depth: number) {
  const [lane] = sight.layout.lanes
  assert.ok(lane)
  return pickAt(sight, lane, xOf(sight.layout, sight.view, time), lane.base + depth)
}

/** Position of the state band below the lane's line. */
function bandOf(sight: Sight): number {
  const [lane] = sight.layout.lanes
  return lane === undefined ? 0 : lane.top + lane.height - 3 - lane.base
}

const OPEN: readonly Step[] = [
  { time: 0, type: 'connect' },
  { time: 0, type: 'open' },
]

describe('what is at a point of the timeline', () => {
  const perPixel = (sight: Sight) => (sight.view.to - sight.view.from) / sight.layout.plotWidth

  for (const [name, span] of [
    ['of single events', 4000],
    ['at a density', 600_000],
  ] as const)
    it(`is the lone outlier where its tick is pointed at, ${name}`, () => {
      // 20 to 1,200 small ones in every pixel around it.
      const count = 20_000
      const steps = Array.from({ length: count }, (_, i): Step => ({ time: (span / count) * i, size: 10 }))
      const at = 12_345
      steps[at] = { time: (span / count) * at, size: 5_000_000 }
      const sight = sightOf('websocket', span, steps)
      const time = steps[at]?.time ?? 0
      for (const off of [-1, 0, 1, 2])
        assert.equal(pressed(sight, time + off * perPixel(sight), 18), at, `${off} pixels off`)
      // If the ticks of all reach the point, the one directly below the pointer counts.
      assert.notEqual(pressed(sight, time + 5 * TICK * perPixel(sight), 2), at)
    })

  it('is a sent message above the line, a received one below it, a ping on it', () => {
    const steps: Step[] = [...OPEN]
    for (let i = 0; i < 30; i++) steps.push({ time: 1000 + i, size: 500 })
    steps.push({ time: 1010, direction: 'out', size: 40 }, { time: 1012, type: 'ping', size: 0 })
    const sight = sightOf('websocket', 10_000, steps)
    assert.equal(pressed(sight, 1010, -6), 32)
    assert.equal(pressed(sight, 1012, -1), 33)
    const below = pressed(sight, 1010, 8) ?? -1
    assert.ok(below >= 2 && below < 32, String(below))
  })

  it('is the closest tick on the pointer’s side of the line if no tick reaches it', () => {
    const sight = sightOf('websocket', 10_000, [
      ...OPEN,
      { time: 5000, size: 9000 },
      { time: 5025, direction: 'out', size: 1 },
    ])
    assert.equal(pressed(sight, 5000, -17), 3)
    assert.equal(pressed(sight, 5000, 22), 2)
  })

  it('is the largest of the events that share a pixel', () => {
    // A bucket of 1,024 ms is at its start; a pixel is 1,091 ms.
    const span = 600_000
    const { layout } = sightOf('websocket', span, OPEN)
    const resolution = Math.fround(span / (layout.plotWidth / TICK))
    const bucket = Array.from({ length: 500 }, (_, i) => 1024 * (i + 1)).find(
      (start) => Math.floor((start + 1000) / resolution) > Math.floor(start / resolution),
    )
    assert.ok(bucket)
    const sight = sightOf('websocket', span, [
      ...OPEN,
      { time: bucket, size: 100 },
      { time: bucket + 1000, size: 120 },
    ])
    const column = Math.floor(bucket / resolution)
    assert.equal(pressed(sight, (column + 0.5) * resolution, 2), 3)
  })

  it('knows how many events share its mark, without those of other connections', () => {
    const steps: Step[] = [...OPEN]
    for (let i = 0; i < 12; i++) steps.push({ time: 5000 + i / 10, size: 100 + i })
    for (let i = 0; i < 12; i++) steps.push({ time: 5000, size: 9000, connection: 2 })
    const sight = sightOf('websocket', 10_000, steps)
    assert.deepEqual(picked(sight, 5000, 6), { kind: 'event', event: 13, count: 12 })
  })

  it('is found if events are out of order', () => {
    const sight = sightOf('websocket', 10_000, [
      ...OPEN,
      ...[9000, 8990, 8000, 8985].map((time): Step => ({ time })),
    ])
    assert.equal(pressed(sight, 8000, 6), 4)
  })

  it('is the data of a poll anywhere on its bar, or else the response', () => {
    const sight = sightOf('long-poll', 60_000, [
      ...OPEN,
      { time: 100, type: 'request' },
      { time: 20_000, type: 'response', eventName: '200' },
      { time: 20_001, size: 88 },
      { time: 20_002, size: 12 },
      { time: 20_010, type: 'request' },
      { time: 40_000, type: 'response', eventName: '304', empty: true },
      { time: 40_010, type: 'request' },
      { time: 41_000, type: 'response', eventName: '502' },
      { time: 42_000, type: 'request' },
    ])
    assert.equal(pressed(sight, 10_000, 8), 4)
    assert.equal(pressed(sight, 30_000, 8), 7)
    assert.equal(pressed(sight, 40_500, 8), 9)
    assert.equal(pressed(sight, 55_000, 8), 10)
    assert.equal(picked(sight, 55_000, 8)?.kind, 'cycle')
  })

  it('is the error among polls that are too many to distinguish', () => {
    const steps: Step[] = [...OPEN]
    for (let i = 0; i < 4000; i++)
      steps.push(
        { time: i * 10, type: 'request' },
        { time: i * 10 + 4, type: 'response', eventName: i === 2000 ? '500' : '304', empty: true },
      )
    const sight = sightOf('poll', 40_000, steps)
    assert.equal(pressed(sight, 20_004, 4), 2 + 2 * 2000 + 1)
  })

  it('is a wait, a closed connection or a failed attempt anywhere in it, and an open connection only on its band', () => {
    const sight = sightOf('sse', 10_000, [
      { time: 0, type: 'connect' },
      { time: 100, type: 'open' },
      { time: 3000, type: 'error', eventName: 'ECONNRESET' },
      { time: 3000, type: 'reconnect' },
      { time: 6000, type: 'connect' },
      { time: 6100, type: 'open' },
      { time: 6200, type: 'gap' },
      { time: 8000, type: 'close' },
    ])
    assert.equal(pressed(sight, 4500, 10), 3)
    assert.equal(pressed(sight, 9500, 10), 7)
    assert.equal(pressed(sight, 1500, 10), undefined)
    assert.equal(picked(sight, 1500, 10)?.kind, 'state')
    assert.equal(pressed(sight, 1500, bandOf(sight)), 1)
    const wait = picked(sight, 4500, 10)
    assert.ok(wait?.kind === 'state' && wait.span.gap === 6)
    const [lane] = sight.layout.lanes
    assert.equal(pressed(sight, 3000, (lane?.top ?? 0) + 6 - (lane?.base ?? 0)), 2)
    assert.equal(pressed(sight, 6200, (lane?.top ?? 0) + 6 - (lane?.base ?? 0)), 6)
  })

  it('is nothing after now, or for a connection without events', () => {
    const sight = { ...sightOf('sse', 10_000, OPEN), now: 5000 }
    assert.equal(picked(sight, 7000, 10), undefined)
    assert.equal(picked({ ...sight, model: new TimelineModel() }, 1000, 10), undefined)
  })

  it('is a record of a stream, whose area is wider than it is', () => {
    const sight = sightOf('http-stream', 10_000, [...OPEN, { time: 5000, size: 4000 }])
    assert.equal(pressed(sight, 5000 + 12 * perPixel(sight), 10), 2)
    assert.equal(pressed(sight, 5000 + 60 * perPixel(sight), 10), undefined)
  })

  it('is a note at its flag on the axis', () => {
    const sight = sightOf('websocket', 10_000, [...OPEN, { time: 4000, type: 'mark', connection: 0 }])
    const x = xOf(sight.layout, sight.view, 4000)
    assert.equal(noteAt(sight, x + 4, sight.layout.axisTop + 4)?.event, 2)
    assert.equal(noteAt(sight, x + 40, sight.layout.axisTop + 4), undefined)
    assert.equal(noteAt(sight, x + 4, sight.layout.lanesTop + 4), undefined)
  })
})
