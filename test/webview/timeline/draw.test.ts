import assert from 'node:assert/strict'
import { newStatus } from '../../../src/shared/status.ts'
import { draw } from '../../../webview/timeline/draw/draw.ts'
import type { Scene } from '../../../webview/timeline/draw/scene.ts'
import { type LaneBox, layOut, xOf } from '../../../webview/timeline/layout/layout.ts'
import { type Painted, Sketch, type Step, sceneOf } from './sketch.ts'

const OPEN: readonly Step[] = [
  { time: 0, type: 'connect' },
  { time: 0, type: 'open' },
]

function paint(scene: Scene): Painted[] {
  const sketch = new Sketch()
  draw(sketch, scene)
  return sketch.painted
}

function laneOf({ layout }: Scene, position = 0): LaneBox {
  return layout.lanes[position] ?? assert.fail('the lane is laid out')
}

/** What is painted within a lane, right of its name. */
function inLane(scene: Scene, position = 0): Painted[] {
  const { left, top, height } = laneOf(scene, position)
  return paint(scene).filter(
    (each) => each.top >= top && each.bottom <= top + height && each.left >= left - 4,
  )
}

function texts(painted: readonly Painted[]): string[] {
  return painted.filter(({ kind }) => kind === 'text').map(({ text }) => text)
}

const about = (actual: number, wanted: number) =>
  assert.ok(Math.abs(actual - wanted) <= 2, `${actual} is not about ${wanted}`)

describe('a lane of messages, as it is painted', () => {
  it('has received messages below the line and sent ones above it, at their times and with their sizes', () => {
    const scene = sceneOf(['websocket'], 10_000, [
      ...OPEN,
      { time: 2000, size: 100 },
      { time: 4000, size: 100_000 },
      { time: 6000, size: 100, direction: 'out' },
      { time: 8000, size: 100_000, direction: 'out' },
    ])
    const { base } = laneOf(scene)
    const painted = inLane(scene).filter(({ kind }) => kind === 'fill')
    const [small, large] = painted.filter(({ role }) => role === 'in')
    const [low, lowDot, high] = painted.filter(({ role }) => role === 'out')
    assert.ok(small && large && low && lowDot && high)
    about(small.left, xOf(scene.layout, scene.view, 2000))
    about(large.left, xOf(scene.layout, scene.view, 4000))
    about(low.left, xOf(scene.layout, scene.view, 6000))
    about(high.left, xOf(scene.layout, scene.view, 8000))
    for (const each of [small, large]) assert.equal(each.top, base + 1)
    for (const each of [low, high]) assert.equal(each.bottom, base)
    assert.ok(large.bottom - large.top > 2 * (small.bottom - small.top))
    assert.ok(high.bottom - high.top > 2 * (low.bottom - low.top))
    assert.ok(lowDot.right - lowDot.left > low.right - low.left, 'what was sent has a head')
  })

  it('never hides a lone outlier among thousands', () => {
    const steps = Array.from({ length: 20_000 }, (_, i): Step => ({ time: i * 5, size: 20 }))
    steps[7777] = { time: 7777 * 5, size: 3_000_000 }
    const scene = sceneOf(['websocket'], 100_000, steps)
    const ticks = inLane(scene).filter(({ role, kind }) => role === 'in' && kind === 'fill')
    assert.ok(ticks.length > 500)
    const heights = ticks.map(({ top, bottom }) => bottom - top)
    const highest = ticks[heights.indexOf(Math.max(...heights))]
    about(highest?.left ?? 0, xOf(scene.layout, scene.view, 7777 * 5))
    assert.equal(heights.filter((height) => height > 10).length, 1)
  })

  it('has control frames as small marks on the line', () => {
    const scene = sceneOf(['websocket'], 10_000, [...OPEN, { time: 5000, type: 'ping', size: 0 }])
    const [mark] = inLane(scene).filter(({ role }) => role === 'control')
    assert.ok(mark)
    about((mark.left + mark.right) / 2, xOf(scene.layout, scene.view, 5000))
    about((mark.top + mark.bottom) / 2, laneOf(scene).base)
    assert.ok(mark.bottom - mark.top < 9)
  })

  it('has its name and state on the left', () => {
    const scene = sceneOf(['websocket', 'sse'], 10_000, OPEN)
    const names = texts(paint(scene).filter(({ left }) => left < scene.layout.left))
    assert.deepEqual(names.slice(0, 4), ['name 1', 'state 1', 'name 2', 'state 2'])
  })
})

describe('the band of states, as it is painted', () => {
  const WAIT = 'reconnect 1 in 1.4 s · connection reset · resumes after id 7'
  const scene = sceneOf(['sse'], 10_000, [
    { time: 0, type: 'connect' },
    { time: 1000, type: 'open' },
    { time: 3000, type: 'error', eventName: 'ECONNRESET' },
    { time: 3000, type: 'reconnect', says: WAIT },
    { time: 6000, type: 'connect' },
    { time: 6500, type: 'open' },
    { time: 6600, type: 'gap', says: '3 missed' },
    { time: 8000, type: 'close' },
  ])
  const painted = inLane(scene)
  const x = (time: number) => xOf(scene.layout, scene.view, time)

  it('has dots along the bottom after the connection is closed', () => {
    const dots = painted.filter(({ role, kind, alpha }) => role === 'dim' && kind === 'fill' && alpha === 0.5)
    assert.ok(dots.length > 20)
    about(dots[0]?.left ?? 0, x(8000))
    const { top, height } = laneOf(scene)
    for (const dot of dots) assert.ok(dot.left >= x(8000) - 2 && dot.top > top + height / 2)
    const [label] = painted.filter(({ text }) => text === 'closed')
    assert.ok(label && label.left > x(8000))
  })

  it('distinguishes connecting, open, waiting and closed not only by color', () => {
    const [connecting] = painted.filter(({ role, isDashed }) => role === 'dim' && isDashed)
    const open = painted.filter(({ role, kind }) => role === 'ok' && kind === 'fill')
    const [wait] = painted.filter(({ role, isDashed }) => role === 'warn' && isDashed)
    assert.ok(connecting && wait)
    about(connecting.right, x(1000))
    assert.equal(open.length, 2)
    about(open[0]?.left ?? 0, x(1000))
    about(open[0]?.right ?? 0, x(3000))
    about(open[1]?.left ?? 0, x(6500))
    about(wait.left, x(3000))
    about(wait.right, x(6000))
    assert.ok(wait.bottom - wait.top > 30)
    const closed = painted.filter(({ text }) => text === 'closed')
    assert.ok((closed[0]?.left ?? 0) >= x(8000))
  })

  it('shows the attempt, delay, reason and loss of a wait', () => {
    assert.equal(
      texts(painted).find((text) => text.startsWith('retry')),
      'retry 1 in 1.4 s · connection reset · 3 missed',
    )
  })

  it('shows as much of a short wait as fits, on several lines', () => {
    const short = { ...scene, view: { from: 0, to: 30_000, live: false }, now: 30_000 }
    const said = inLane(short).filter(({ role, kind }) => role === 'warn' && kind === 'text')
    assert.deepEqual(texts(said), ['retry 1 in 1.4 s', '3 missed', 'connection reset'])
    for (const { left, right } of said)
      assert.ok(
        left >= xOf(short.layout, short.view, 3000) && right <= xOf(short.layout, short.view, 6000) + 1,
      )
  })

  it('marks errors with a cross, and losses with a triangle', () => {
    const [cross] = painted.filter(({ role, kind }) => role === 'error' && kind === 'stroke')
    const triangle = painted.find(
      ({ role, kind, isDashed, right, left }) =>
        role === 'warn' && kind === 'stroke' && !isDashed && right - left < 10,
    )
    about(((cross?.left ?? 0) + (cross?.right ?? 0)) / 2, x(3000))
    about(((triangle?.left ?? 0) + (triangle?.right ?? 0)) / 2, x(6600))
  })

  it('is that of the error for an attempt that never opened', () => {
    const failed = sceneOf(['sse'], 1000, [
      { time: 0, type: 'connect' },
      { time: 100, type: 'error', eventName: 'ECONNREFUSED' },
    ])
    const [line] = inLane(failed).filter(({ role, kind }) => role === 'error' && kind === 'fill')
    about(line?.left ?? 0, xOf(failed.layout, failed.view, 100))
  })
})

describe('a lane of polls, as it is painted', () => {
  const scene = sceneOf(['long-poll'], 60_000, [
    ...OPEN,
    { time: 0, type: 'request' },
    { time: 20_000, type: 'response', eventName: '200' },
    { time: 20_001, size: 1230 },
    { time: 20_010, type: 'request' },
    { time: 40_000, type: 'response', eventName: '304', empty: true },
    { time: 40_010, type: 'request' },
    { time: 43_000, type: 'response', eventName: '502' },
    { time: 44_000, type: 'request' },
  ])
  const painted = inLane(scene)
  const x = (time: number) => xOf(scene.layout, scene.view, time)

  it('has a bar from each request to its response, filled by its outcome', () => {
    const bars = painted.filter(({ kind, bottom, top }) => kind === 'fill' && bottom - top > 10)
    assert.deepEqual(
      bars.map(({ role }) => role),
      ['in', 'dim', 'error', 'dim'],
    )
    for (const [i, [start, end]] of [
      [0, 20_000],
      [20_010, 40_000],
      [40_010, 43_000],
      [44_000, 60_000],
    ].entries()) {
      about(bars[i]?.left ?? 0, x(start ?? 0))
      about(bars[i]?.right ?? 0, x(end ?? 0))
    }
    assert.ok((bars[0]?.alpha ?? 0) > 2 * (bars[1]?.alpha ?? 1), 'data is fuller than nothing')
    const outlines = painted.filter(({ kind, top, bottom }) => kind === 'stroke' && bottom - top > 10)
    assert.deepEqual(
      outlines.map(({ isDashed }) => isDashed),
      [false, false, false, true],
    )
  })

  it('says what each was', () => {
    assert.deepEqual(
      texts(painted).map((text) => text.replaceAll('\u00a0', ' ')),
      ['1.2 kB after 20 s', 'empty 19 s', '× 502', 'holding… 16 s'],
    )
  })

  it('shows the one error among thousands', () => {
    const steps: Step[] = [...OPEN]
    for (let i = 0; i < 5000; i++)
      steps.push(
        { time: i * 20, type: 'request' },
        { time: i * 20 + 5, type: 'response', eventName: i === 1234 ? '500' : '304', empty: i !== 1234 },
      )
    const crowd = sceneOf(['poll'], 100_000, steps)
    const errors = inLane(crowd).filter(({ role }) => role === 'error')
    assert.equal(errors.length, 1)
    about(errors[0]?.left ?? 0, xOf(crowd.layout, crowd.view, 1234 * 20))
  })
})

describe('a lane of a stream, as it is painted', () => {
  it('has its throughput as an area, with the peak at the peak of traffic, and none after now', () => {
    const steps: Step[] = [...OPEN]
    for (let i = 0; i < 400; i++) steps.push({ time: i * 10, size: i < 200 ? 100 : 1000 })
    const scene = { ...sceneOf(['http-stream'], 10_000, steps), now: 4000 }
    const [area] = inLane(scene).filter(({ role, kind }) => role === 'in' && kind === 'fill')
    assert.ok(area)
    about(area.right, xOf(scene.layout, scene.view, 4000))
    about(area.bottom - area.top, 30)
    const early = { ...scene, view: { from: 0, to: 1500, live: false }, now: 1500 }
    const [little] = inLane(early).filter(({ role, kind }) => role === 'in' && kind === 'fill')
    about((little?.bottom ?? 0) - (little?.top ?? 0), 30)
  })

  it('has no curve without traffic', () => {
    const scene = sceneOf(['http-stream'], 10_000, [
      { time: 3000, type: 'connect' },
      { time: 3000, type: 'open' },
      ...[5000, 5010].map((time): Step => ({ time, size: 100 })),
      { time: 8000, type: 'close' },
    ])
    for (const kind of ['fill', 'stroke']) {
      const [area] = inLane(scene).filter((each) => each.role === 'in' && each.kind === kind)
      assert.ok(area && area.left > xOf(scene.layout, scene.view, 4500))
      assert.ok(area.right < xOf(scene.layout, scene.view, 5500))
    }
  })
})

describe('the overview, as it is painted', () => {
  const scene = {
    ...sceneOf(['sse', 'websocket'], 100_000, [
      ...OPEN,
      ...Array.from({ length: 200 }, (_, i): Step => ({ time: i * 100, connection: 2 })),
      { time: 50_000, type: 'reconnect' },
      { time: 60_000, type: 'open' },
      { time: 80_000, type: 'error' },
    ]),
    view: { from: 20_000, to: 30_000, live: false },
  }
  const { overview } = scene.layout
  const painted = paint(scene).filter(
    ({ top, bottom, left }) =>
      bottom <= overview.top + overview.height && top >= overview.top && left >= scene.layout.left - 2,
  )
  const x = (time: number) => xOf(scene.layout, { from: 0, to: scene.whole }, time)

  it('has the traffic over time, broken connections, and a frame around the visible span', () => {
    const traffic = painted.filter(({ role }) => role === 'in')
    assert.ok(traffic.length > 90)
    about(Math.max(...traffic.map(({ right }) => right)), x(20_000))
    const [wait] = painted.filter(({ role }) => role === 'warn')
    about(wait?.left ?? 0, x(50_000))
    about(wait?.right ?? 0, x(60_000))
    const [error] = painted.filter(({ role }) => role === 'error')
    about(error?.left ?? 0, x(80_000))
    const [frame] = painted.filter(({ role, kind }) => role === 'accent' && kind === 'stroke')
    about(frame?.left ?? 0, x(20_000))
    about(frame?.right ?? 0, x(30_000))
  })
})

describe('what spans the lanes, as it is painted', () => {
  it('is the axis with its times', () => {
    const said = texts(paint(sceneOf(['websocket'], 10_000, OPEN)))
    assert.ok(
      ['00:02', '00:04', '00:08'].every((time) => said.includes(time)),
      said.join(),
    )
  })

  it('does not paint lanes over overview and axis, however far they are scrolled', () => {
    const connections = Array.from({ length: 9 }, (_, i) => ({
      ...newStatus(i + 1),
      transport: 'sse' as const,
    }))
    const scene = sceneOf(['sse'], 10_000, OPEN)
    const layout = layOut(1358, connections, { most: 300, height: 200, scroll: 45 })
    const said = paint({ ...scene, layout }).filter(({ text }) => text.startsWith('name'))
    assert.ok(said.length >= 3)
    assert.ok(said.every(({ top }) => top >= layout.lanesTop))
    assert.ok((layout.lanes[0]?.top ?? 999) < layout.lanesTop)
  })

  it('is a selected event’s frame, a range, the pointer’s time, a playhead', () => {
    const scene = {
      ...sceneOf(['websocket', 'sse'], 10_000, [...OPEN, { time: 2000 }]),
      selected: { time: 2000, connection: 1 },
      range: { from: 4000, to: 6000 },
      cursor: 7000,
      playhead: 9000,
    }
    const painted = paint(scene)
    const x = (time: number) => xOf(scene.layout, scene.view, time)
    const [first] = scene.layout.lanes
    const frames = painted.filter(({ role, kind }) => role === 'accent' && kind === 'stroke')
    const selected = frames.find(({ right, left }) => right - left === 7)
    about((selected?.left ?? 0) + 3.5, x(2000))
    assert.ok((selected?.bottom ?? 0) < (first?.top ?? 0) + (first?.height ?? 0))
    const range = frames.find(({ right, left }) => Math.abs(right - left - (x(6000) - x(4000))) < 3)
    about(range?.left ?? 0, x(4000))
    assert.ok(texts(painted).some((text) => text.startsWith('00:07.00')))
    const heads = painted.filter(
      ({ role, left, bottom }) => role === 'fg' && Math.abs(left - x(9000)) < 2 && bottom > 60,
    )
    assert.ok(heads.length >= 1)
  })

  it('is a note’s line, with its text shortened before the next one', () => {
    const words = 'what the operator saw on the screen while all of it was failing over'
    const scene = sceneOf(['websocket'], 10_000, [
      ...OPEN,
      { time: 1000, type: 'mark', connection: 0, says: words },
      { time: 5000, type: 'mark', connection: 0, says: words },
      { time: 5700, type: 'mark', connection: 0, says: words },
    ])
    const said = paint(scene).filter(({ role, text }) => role === 'fg' && text.startsWith('what'))
    assert.equal(said.length, 3)
    const [long, cut] = said
    assert.match(long?.text ?? '', /^what the operator.*…$/)
    assert.ok((cut?.right ?? 0) < xOf(scene.layout, scene.view, 5700))
    assert.ok((cut?.text.length ?? 99) < (long?.text.length ?? 0))
  })

  it('is the hatching of dropped events, with their number', () => {
    const scene = sceneOf(
      ['websocket'],
      10_000,
      Array.from({ length: 1000 }, (_, i): Step => ({ time: i * 10 })),
    )
    assert.deepEqual(
      texts(paint(scene)).filter((text) => text.includes('dropped')),
      [],
    )
    scene.columns.dropBefore(500)
    const painted = paint(scene)
    const words = painted.find(({ text }) => text === '500 events dropped')
    assert.ok((words?.right ?? 9999) <= xOf(scene.layout, scene.view, 5000))
    const lanes = painted.filter(
      ({ role, kind, bottom }) => role === 'warn' && kind === 'stroke' && bottom > 60,
    )
    about(Math.max(...lanes.map(({ right }) => right)), xOf(scene.layout, scene.view, 5000))
  })
})
