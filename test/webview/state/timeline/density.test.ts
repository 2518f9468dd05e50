import assert from 'node:assert/strict'
import type { EventType } from '../../../../src/shared/event.ts'
import { allocateColumns, packKind } from '../../../../src/shared/event-columns.ts'
import { ColumnStore } from '../../../../webview/state/events/column-store.ts'
import { Density, fillFromEvents, fillFromPyramid } from '../../../../webview/state/timeline/density.ts'
import { TimelineModel } from '../../../../webview/state/timeline/model.ts'
import { CONTROL, FINEST, IN, OUT } from '../../../../webview/state/timeline/pyramid.ts'
import { arrayBuffersInUse } from '../../../support/memory.ts'

interface Plain {
  time: number
  connection: number
  type: EventType
  out: boolean
  size: number
}

function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 16807) % 2147483647
    return state % below
  }
}

/** Events nearly in order, as with compressed messages. One outlier of 50 MB among small ones. */
function makeEvents(count: number, step: number): Plain[] {
  const random = seeded(3)
  let time = 0
  const events = Array.from({ length: count }, (_, i): Plain => {
    time += random(step * 2000) / 1000
    return {
      time: Math.max(0, time - random(3)),
      connection: 1 + random(3),
      type: (['message', 'message', 'message', 'ping', 'comment', 'open'] as const)[random(6)] ?? 'message',
      out: random(2) === 0,
      size: i === 1234 ? 50_000_000 : random(400),
    }
  })
  return events
}

function load(events: readonly Plain[]) {
  const columns = new ColumnStore()
  const model = new TimelineModel()
  for (let first = 0; first < events.length; first += 1000) {
    const slice = events.slice(first, first + 1000)
    const batch = allocateColumns(first, slice.length)
    slice.forEach((event, i) => {
      batch.time[i] = event.time
      batch.connection[i] = event.connection
      batch.size[i] = event.size
      const direction = event.out ? 'out' : 'in'
      batch.kind[i] = packKind({
        type: event.type,
        direction,
      })
    })
    columns.append(batch)
    model.append(batch, () => '')
  }
  return { columns, model }
}

function wayOf(event: Plain) {
  if (event.type === 'message') return event.out ? OUT : IN
  return event.type === 'open' ? undefined : CONTROL
}

/** The slow, obvious sum, with each event at the pixel that `place` returns. */
function oracle(
  events: readonly Plain[],
  connection: number,
  width: number,
  place: (time: number) => number,
): Density {
  const density = new Density(width)
  for (const event of events) {
    const way = wayOf(event)
    if (event.connection !== connection || way === undefined) continue
    density.add(place(event.time), way, 1, event.size, way === IN ? event.size : 0)
  }
  return density
}

describe('density of a lane', () => {
  const events = makeEvents(20_000, 5)
  const { columns, model } = load(events)
  const width = 400

  it('from the events has the sums of the obvious loop, at any zoom', () => {
    for (const span of [
      { from: 0, to: model.end + 1 },
      { from: 1000, to: 1900 },
      { from: 4321.5, to: 4330 },
    ]) {
      const densities = new Map([1, 2, 3].map((id) => [id, new Density(width)]))
      fillFromEvents(densities, columns, span)
      for (const [id, density] of densities) {
        const place = (time: number) => Math.floor(((time - span.from) / (span.to - span.from)) * width)
        assert.deepEqual(density, oracle(events, id, width, place))
      }
    }
  })

  it('from the events has also those that were appended thousands of events late, as the first cycles of a poll are', () => {
    const late = makeEvents(20_000, 1).map((event, index) =>
      index % 1000 === 999 ? { ...event, time: event.time * 0.6, connection: 3 } : event,
    )
    const { columns } = load(late)
    const last = late.at(-2)?.time ?? 0
    for (const share of [0.1, 0.25, 0.3, 0.55, 0.7, 0.9]) {
      const span = { from: last * share, to: last * (share + 0.05) }
      const densities = new Map([1, 2, 3].map((id) => [id, new Density(width)]))
      fillFromEvents(densities, columns, span)
      const place = (time: number) => Math.floor(((time - span.from) / (span.to - span.from)) * width)
      for (const [id, density] of densities) assert.deepEqual(density, oracle(late, id, width, place))
    }
  })

  it('from the pyramid is the same, with each event at the start of its bucket', () => {
    for (const [from, pixel, level] of [
      [0, FINEST, FINEST],
      [3200, FINEST * 4, FINEST * 4],
      [6400, 100, FINEST * 4],
      [0, 300, FINEST * 16],
    ] as const) {
      const span = { from, to: from + pixel * width }
      const density = new Density(width)
      const lane = model.lanes.get(2) ?? assert.fail('lane 2 has events')
      assert.ok(fillFromPyramid(density, lane.traffic, span))
      const place = (time: number) => {
        const bucket = Math.floor(time / level) * level
        return bucket + level <= from ? -1 : Math.max(0, Math.floor((bucket - from) / pixel))
      }
      assert.deepEqual(density, oracle(events, 2, width, place))
    }
  })

  it('from the pyramid is the same if traffic is sparse and out of order', () => {
    const random = seeded(5)
    const sparse = makeEvents(3000, 900).map((event) => ({
      ...event,
      time: random(3) === 0 ? random(4000) : event.time,
      connection: 1,
    }))
    const { model } = load(sparse)
    for (const pixel of [FINEST, FINEST * 16, FINEST * 4 ** 7]) {
      const density = new Density(width)
      const lane = model.lanes.get(1) ?? assert.fail('the lane has events')
      assert.ok(fillFromPyramid(density, lane.traffic, { from: 0, to: pixel * width }))
      assert.deepEqual(
        density,
        oracle(sparse, 1, width, (time) => Math.floor(time / pixel)),
      )
    }
  })

  it('from the pyramid is the same years after the start', () => {
    const start = 20 * 365 * 86_400_000
    const late = events.slice(0, 5000).map((event) => ({ ...event, time: event.time + start }))
    const { model } = load(late)
    const lane = model.lanes.get(1) ?? assert.fail('the lane has events')
    const from = Math.floor(start / FINEST) * FINEST
    const density = new Density(width)
    assert.ok(fillFromPyramid(density, lane.traffic, { from, to: from + FINEST * width }))
    assert.deepEqual(
      density,
      oracle(late, 1, width, (time) => Math.floor((time - from) / FINEST)),
    )
  })

  it('takes little memory for a working day of sparse traffic', () => {
    const before = process.memoryUsage().arrayBuffers
    const { model } = load(makeEvents(5000, 10_000))
    assert.equal(model.lanes.size, 3)
    const taken = process.memoryUsage().arrayBuffers - before
    assert.ok(taken < 8_000_000, `${taken} bytes in arrays`)
  })

  it('is by the second for dropped events, and unchanged for those held', () => {
    const { model } = load(events)
    const lane = model.lanes.get(2) ?? assert.fail('lane 2 has events')
    const before = 70_000
    const sumOf = (density: Density) => density.counts[IN].reduce((sum, count) => sum + count, 0)
    const spans = [
      { from: 0, to: FINEST * width },
      { from: 62_000, to: 62_000 + FINEST * width },
      { from: 0, to: 4 * FINEST * 2000 },
    ]
    const fill = (span: { from: number; to: number }) => {
      const density = new Density(span.to - span.from > 100_000 ? 2000 : width)
      assert.ok(fillFromPyramid(density, lane.traffic, span))
      return density
    }
    const [old, over, long] = spans.map(fill)
    model.forget(before)
    const [oldAfter, overAfter, longAfter] = spans.map(fill)
    assert.ok(old && over && long && oldAfter && overAfter && longAfter)
    assert.ok(Math.abs(sumOf(oldAfter) - sumOf(old)) < 0.2 * sumOf(old))
    assert.ok(oldAfter.counts[IN].filter((count) => count > 0).length < 10)
    // Nothing is dropped after the end of the last full minute or so.
    const held = Math.ceil((65_536 - 62_000) / FINEST)
    assert.deepEqual(overAfter.counts[IN].slice(held), over.counts[IN].slice(held))
    assert.equal(sumOf(longAfter), sumOf(long))
  })

  it('hardly takes more memory as a session with dropped events grows', async () => {
    const model = new TimelineModel()
    const columns = allocateColumns(0, 500)
    const kind = packKind({
      type: 'message',
      direction: 'in',
    })
    columns.kind.fill(kind)
    columns.connection.fill(1)
    let early = 0
    for (let minute = 0; minute < 600; minute++) {
      for (let i = 0; i < 500; i++) columns.time[i] = minute * 60_000 + i * 120
      model.append(columns, () => '')
      model.forget((minute - 2) * 60_000)
      if (minute === 60) early = await arrayBuffersInUse()
    }
    const more = (await arrayBuffersInUse()) - early
    assert.ok(more < 10_000_000, `${more} bytes more after ten hours than after one`)
    assert.ok(model.lanes.has(1), 'what was measured is still in use')
  })

  it('leaves the finest spans to the events', () => {
    const lane = model.lanes.get(1) ?? assert.fail('lane 1 has events')
    assert.equal(fillFromPyramid(new Density(width), lane.traffic, { from: 0, to: width }), false)
  })

  it('shows each event of a session that is shorter than the finest bucket', () => {
    const session = load(events.filter(({ time }) => time < 5000))
    const density = new Density(1000)
    const span = { from: 0, to: 5000 }
    assert.ok(fillFromPyramid(density, session.model.total, span, FINEST))
    const sum = density.counts.flatMap((counts) => [...counts]).reduce((all, count) => all + count, 0)
    const shown = events.filter(({ time, type }) => time < 5000 && type !== 'open')
    assert.equal(sum, shown.length)
    assert.ok(sum > 0)
  })

  it('never hides a lone outlier, however far out', () => {
    const outlier = events[1234] ?? assert.fail('the outlier is there')
    outlier.type = 'message'
    outlier.out = false
    const loaded = load(events)
    const lane = loaded.model.lanes.get(outlier.connection) ?? assert.fail('its lane is there')
    for (const span of [loaded.model.end, loaded.model.end * 10, 86_400_000]) {
      const density = new Density(100)
      assert.ok(fillFromPyramid(density, lane.traffic, { from: 0, to: span }))
      assert.equal(Math.max(...density.largest[IN]), 50_000_000)
    }
  })
})
