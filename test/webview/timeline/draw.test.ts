import assert from 'node:assert/strict'
import { type ConnectionStatus, newStatus } from '../../../src/shared/status.ts'
import type { Scene } from '../../../webview/timeline/canvas/scene.ts'
import { draw } from '../../../webview/timeline/draw.ts'
import { eventOf, pickAt } from '../../../webview/timeline/layout/hit-test.ts'
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

/** What is painted in the color of the connection, without the line that says that it is open. */
function ofConnection(painted: readonly Painted[]): Painted[] {
  return painted.filter(({ role, top, bottom }) => role === 'c1' && bottom - top > 1)
}

const about = (actual: number, wanted: number) =>
  assert.ok(Math.abs(actual - wanted) <= 2, `${actual} is not about ${wanted}`)

describe('a lane of messages, as it is painted', () => {
  it('has a mark at each message that a proxy did something to on purpose', () => {
    const scene = sceneOf(['websocket'], 10_000, [
      ...OPEN,
      { time: 2000, faulted: true },
      { time: 2001, faulted: true },
      { time: 4000 },
      { time: 6000, faulted: true, direction: 'out' },
    ])
    const marks = inLane(scene).filter(({ kind, role }) => kind === 'fill' && role === 'warn')
    assert.equal(marks.length, 2, 'one where they would overlap')
    for (const [index, time] of [2000, 6000].entries()) {
      const { left = 0, right = 0 } = marks[index] ?? {}
      about((left + right) / 2, xOf(scene.layout, scene.view, time))
    }
  })

  it('has a mark at each of them however many messages come before', () => {
    const steps = Array.from({ length: 250_000 }, (_, i): Step => ({ time: i / 50, faulted: i < 1000 }))
    const scene = sceneOf(['websocket'], 10_000, [...OPEN, ...steps, { time: 9000, faulted: true }])
    const marks = inLane(scene).filter(({ kind, role }) => kind === 'fill' && role === 'warn')
    const { left = 0, right = 0 } = marks.at(-1) ?? {}
    about((left + right) / 2, xOf(scene.layout, scene.view, 9000))
  })

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
    const traffic = ofConnection(painted)
    const [small, large] = traffic.filter(({ top }) => top > base)
    const [low, lowDot, high] = traffic.filter(({ top }) => top < base)
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
    const ticks = ofConnection(inLane(scene)).filter(({ kind }) => kind === 'fill')
    assert.ok(ticks.length > 500)
    const heights = ticks.map(({ top, bottom }) => bottom - top)
    const highest = ticks[heights.indexOf(Math.max(...heights))]
    about(highest?.left ?? 0, xOf(scene.layout, scene.view, 7777 * 5))
    assert.equal(heights.filter((height) => height > 10).length, 1)
  })

  it('has control frames as small dots on the line, in no color of their own', () => {
    const scene = sceneOf(['websocket'], 10_000, [...OPEN, { time: 5000, type: 'ping', size: 0 }])
    const [mark] = inLane(scene).filter(({ role, kind }) => role === 'dim' && kind === 'fill')
    assert.ok(mark)
    about((mark.left + mark.right) / 2, xOf(scene.layout, scene.view, 5000))
    about((mark.top + mark.bottom) / 2, laneOf(scene).base)
    assert.ok(mark.bottom - mark.top < 6)
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

  it('distinguishes connecting, open, waiting and closed not only by color, and open is a thin line', () => {
    const [connecting] = painted.filter(({ role, isDashed }) => role === 'dim' && isDashed)
    const open = painted.filter(({ role, top, bottom }) => role === 'c1' && bottom - top === 1)
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
      ['c1', 'dim', 'error', 'dim'],
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
      ['1.2 kB after 20 s', 'empty 19 s', '× 502', 'held 16 s so far'],
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
    const [area] = ofConnection(inLane(scene)).filter(({ kind }) => kind === 'fill')
    assert.ok(area)
    about(area.right, xOf(scene.layout, scene.view, 4000))
    about(area.bottom - area.top, 30)
    const early = { ...scene, view: { from: 0, to: 1500, live: false }, now: 1500 }
    const [little] = ofConnection(inLane(early)).filter(({ kind }) => kind === 'fill')
    about((little?.bottom ?? 0) - (little?.top ?? 0), 30)
  })

  it('has no curve without traffic', () => {
    const scene = sceneOf(['http-stream'], 10_000, [
      { time: 3000, type: 'connect' },
      { time: 3000, type: 'open' },
      ...Array.from({ length: 100 }, (_, i): Step => ({ time: 5000 + i, size: 100 })),
      { time: 8000, type: 'close' },
    ])
    for (const kind of ['fill', 'stroke']) {
      const [area] = ofConnection(inLane(scene)).filter((each) => each.kind === kind)
      assert.ok(area && area.left > xOf(scene.layout, scene.view, 4500))
      assert.ok(area.right < xOf(scene.layout, scene.view, 5500))
    }
  })
})

describe('a stream of few records, as it is painted', () => {
  it('has a bar for each record, no area', () => {
    const steps: Step[] = [...OPEN]
    for (let i = 1; i < 10; i++) steps.push({ time: i * 1000, size: i === 5 ? 1000 : 100 })
    const scene = sceneOf(['http-stream'], 10_000, steps)
    const bars = ofConnection(inLane(scene))
    assert.deepEqual(
      bars.map(({ kind }) => kind),
      Array(9).fill('fill'),
    )
    about(bars[0]?.left ?? 0, xOf(scene.layout, scene.view, 1000))
    const heights = bars.map(({ top, bottom }) => bottom - top)
    assert.ok(heights[4] === Math.max(...heights) && heights[4] > 2 * (heights[0] ?? 0))
  })
})

describe('the lane of connections that never opened', () => {
  it('is one for all of them, below the others, with the crosses of each', () => {
    const failed = (id: number): ConnectionStatus => ({
      ...newStatus(id),
      transport: 'websocket',
      state: 'failed',
    })
    const opened: ConnectionStatus = { ...newStatus(3), transport: 'sse', state: 'open', openedAt: 5 }
    const layout = layOut(1358, [failed(1), failed(2), opened, failed(4)])
    assert.deepEqual(
      layout.lanes.map(({ connection, shared }) => [connection, shared]),
      [
        [3, undefined],
        [1, [1, 2, 4]],
      ],
    )
    const scene = {
      ...sceneOf(['websocket'], 10_000, [
        { time: 1000, type: 'error', connection: 1 },
        { time: 6000, type: 'error', connection: 4 },
      ]),
      layout,
    }
    const crosses = paint(scene).filter(
      ({ role, kind, top }) => role === 'error' && kind === 'stroke' && top > layout.lanesTop,
    )
    assert.equal(crosses.length, 2)
    assert.ok(paint(scene).some(({ text }) => text === '3 never opened'))
    const lane = layout.lanes[1] ?? assert.fail()
    const x = xOf(layout, scene.view, 6000)
    assert.equal(eventOf(pickAt(scene, lane, x, lane.top + 6)), 1)
  })

  it('is its own if there is only one', () => {
    const one: ConnectionStatus = { ...newStatus(1), transport: 'websocket', state: 'failed' }
    assert.equal(layOut(1358, [one]).lanes[0]?.shared, undefined)
  })
})

describe('the overview, as it is painted', () => {
  it('begins at the first event that is kept', () => {
    const late = sceneOf(['websocket'], 10_000, [{ time: 8000 }, { time: 9000 }])
    const scene = { ...late, whole: { from: 8000, to: 9000 } }
    const { top, height } = scene.layout.overview
    const [first] = paint(scene).filter(
      ({ role, kind, bottom }) => role === 'dim' && kind === 'fill' && bottom <= top + height,
    )
    about(first?.left ?? 0, scene.layout.left)
  })

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
  const x = (time: number) => xOf(scene.layout, scene.whole, time)

  it('has the traffic over time, broken connections, and a frame around the visible span', () => {
    const traffic = painted.filter(({ role }) => role === 'dim')
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
