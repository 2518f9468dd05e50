/** What is painted at a point of a lane: the target of the tooltip and of a press. */
import type { AnswerSpan } from '../../../src/shared/exchange.ts'
import type { LaneExchanges } from '../../../src/shared/protocol/exchanges.ts'
import type { LaneLatency, LatencyBucket } from '../../../src/shared/protocol/latency.ts'
import type { ColumnStore } from '../../state/events/column-store.ts'
import { gridOf, offsetOf, TICK } from '../../state/timeline/densities.ts'
import { wayOf } from '../../state/timeline/density.ts'
import type { Lane, Note, TimelineModel } from '../../state/timeline/model.ts'
import { bucketOf, CONTROL, IN, OUT, type Way } from '../../state/timeline/pyramid.ts'
import type { Cycle, StateSpan } from '../../state/timeline/spans.ts'
import type { View } from '../../state/timeline/view.ts'
import { type Bar, barAt, placeBars } from './bars.ts'
import { FULL_IN, FULL_OUT, type LaneBox, type Layout, tickHeight, timeAt, xOf } from './layout.ts'

/** The painting under the pointer. */
export interface Sight {
  readonly layout: Layout
  readonly view: View
  readonly now: number
  readonly model: TimelineModel
  readonly columns: ColumnStore
  readonly exchanges: (connection: number) => LaneExchanges | undefined
  readonly latency: (connection: number) => LaneLatency | undefined
}

export type Picked =
  /** An event, and the number of events that share its mark. */
  | { readonly kind: 'event'; readonly event: number; readonly count: number }
  | { readonly kind: 'cycle'; readonly cycle: Cycle }
  /** A request with its answers. */
  | { readonly kind: 'exchange'; readonly bar: Bar }
  | { readonly kind: 'answer'; readonly answer: AnswerSpan }
  /** Delays of the messages at a point of the curve. */
  | { readonly kind: 'latency'; readonly lane: LaneLatency; readonly bucket: LatencyBucket }
  /** Only the connection's state. `pressed` if the point is on the state band. */
  | { readonly kind: 'state'; readonly span: StateSpan; readonly pressed: boolean }

/** Pixels around the pointer that count as a hit. The record of a stream is painted wider than it is. */
const REACH = 6
const AREA_REACH = 18
/** Heights of a lane's state band, of its marks, and of a control frame's mark on the line. */
const BAND = 8
const MARKS = 13
const CONTROL_HALF = 4
/** Distance in pixels at which a tick still counts as hit. */
const SLACK = 3
const BAR_SLACK = 2
/** Size of a note's flag on the axis. */
const FLAG = { left: 3, right: 9, height: 14 }

/** What is at a point of a lane: a mark, a poll's cycle, the tick that reaches the point or is closest to it, else the state. */
export function pickAt(sight: Sight, box: LaneBox, x: number, y: number): Picked | undefined {
  if (box.shared !== undefined) return pickShared(sight, box, box.shared, x, y)
  const { layout, view, model, now } = sight
  const lane = model.lanes.get(box.connection)
  if (lane === undefined) return undefined
  const time = timeAt(layout, view, x)
  const reach = (REACH / layout.plotWidth) * (view.to - view.from)
  if (box.latency > 0 && y >= box.top + box.height - box.latency) return latencyAt(sight, box, time, reach)
  if (box.rows > 0 && y >= box.top + box.traffic - 1) return exchangeAt(sight, box, lane, x, y)
  const isBand = y > box.top + box.traffic - BAND
  const event = isBand ? undefined : (markAt(lane, box, y, time, reach) ?? eventAt(sight, box, lane, x, y))
  if (event !== undefined) return event
  const cycle = isBand || box.shape !== 'cycles' ? undefined : cycleAt(lane, time, reach, now)
  if (cycle !== undefined) return { kind: 'cycle', cycle }
  const span = lane.states.at(time, now)
  return span && { kind: 'state', span, pressed: isBand || span.state !== 'open' }
}

/** The column of the curve that is closest to a time. */
function latencyAt(
  { latency }: Sight,
  { connection }: LaneBox,
  time: number,
  reach: number,
): Picked | undefined {
  const lane = latency(connection)
  const distance = ({ from, to }: LatencyBucket) => Math.max(from - time, time - to, 0)
  const near = lane?.buckets.filter((bucket) => distance(bucket) <= reach) ?? []
  const [bucket] = near.toSorted((a, b) => distance(a) - distance(b))
  return lane && bucket && { kind: 'latency', lane, bucket }
}

function exchangeAt(
  { layout, view, now, exchanges }: Sight,
  box: LaneBox,
  { states }: Lane,
  x: number,
  y: number,
): Picked | undefined {
  const known = exchanges(box.connection)
  if (known === undefined) return undefined
  const time = timeAt(layout, view, x)
  const answer = known.answers.findLast(
    ({ start, end, isGrowing }) => time >= start && (isGrowing || time <= end),
  )
  if (answer !== undefined) return { kind: 'answer', answer }
  if (known.answers.length > 0) return undefined
  const placing = { layout, view, now, endOf: (from: number) => states.endAfter(from, now) }
  const bar = barAt(placeBars(placing, box, known.exchanges), x, y, BAR_SLACK)
  return bar && { kind: 'exchange', bar }
}

/** In the lane of several connections: an event of one of them, else the state of the first one that has one. */
function pickShared(
  sight: Sight,
  { shared: _, ...box }: LaneBox,
  shared: readonly number[],
  x: number,
  y: number,
): Picked | undefined {
  const picked = shared.map((connection) => pickAt(sight, { ...box, connection }, x, y))
  return (
    picked.find((each) => each?.kind === 'event') ??
    picked.find((each) => eventOf(each) !== undefined) ??
    picked.find((each) => each !== undefined)
  )
}

/** The event that a press selects. Undefined if there is only an open connection. */
export function eventOf(picked: Picked | undefined): number | undefined {
  if (picked === undefined || picked.kind === 'latency') return undefined
  if (picked.kind === 'event') return picked.event
  if (picked.kind === 'exchange') return picked.bar.exchange.index
  if (picked.kind === 'answer') return picked.answer.request ?? undefined
  if (picked.kind === 'cycle') return picked.cycle.data ?? picked.cycle.event
  return picked.pressed ? picked.span.event : undefined
}

/** The note whose flag is at a point of the axis. Of several, the one painted last. */
export function noteAt({ layout, view, model }: Sight, x: number, y: number): Note | undefined {
  if (y < layout.axisTop || y > layout.axisTop + FLAG.height) return undefined
  return model.notes.findLast(({ time }) => {
    const flag = xOf(layout, view, time)
    return time >= view.from && time <= view.to && x >= flag - FLAG.left && x <= flag + FLAG.right
  })
}

function markAt(
  { errors, gaps }: Lane,
  box: LaneBox,
  y: number,
  time: number,
  reach: number,
): Picked | undefined {
  if (y > box.top + MARKS) return undefined
  const event = errors.nearest(time, reach) ?? gaps.nearest(time, reach)
  return event === undefined ? undefined : { kind: 'event', event, count: 1 }
}

/** The cycle at a time. Of several within reach, an error, which is painted on top. */
function cycleAt({ cycles }: Lane, time: number, reach: number, now: number): Cycle | undefined {
  const near = cycles.between(time - reach, time + reach, now)
  const holding = near.findLast(({ start, end }) => time >= start && time <= (end ?? now))
  const isWide = holding !== undefined && (holding.end ?? now) - holding.start > reach
  if (isWide) return holding
  return near.find(({ outcome }) => outcome === 'error') ?? holding ?? near.at(-1)
}

interface Candidate {
  readonly event: number
  readonly way: Way
  readonly column: number
  readonly size: number
  /** Lower is better. */
  readonly rank: number
}

function eventAt(sight: Sight, box: LaneBox, lane: Lane, x: number, y: number): Picked | undefined {
  if (box.shape === 'cycles') return undefined
  const { layout, view } = sight
  const grid = gridOf(view, layout.plotWidth / TICK)
  const pointed = grid.start + Math.floor((x - layout.left - offsetOf(grid, view)) / TICK)
  const most = Math.ceil((box.shape === 'area' ? AREA_REACH : REACH) / TICK)
  let best: Candidate | undefined
  eventsNear(sight, box.connection, pointed, most, (event, way, column, size) => {
    const rank = rankOf(box, lane, way, size, column - pointed, y)
    const isBetter = best === undefined || rank < best.rank || (rank === best.rank && size > best.size)
    if (isBetter) best = { event, way, column, size, rank }
  })
  if (best === undefined) return undefined
  const { event, way, column } = best
  let count = 0
  eventsNear(sight, box.connection, column, 0, (_event, other) => {
    if (other === way) count++
  })
  return { kind: 'event', event, count }
}

/** Visits the messages and control frames of a connection that are painted at most `most` columns away. */
function eventsNear(
  { layout, view, columns }: Sight,
  connection: number,
  pointed: number,
  most: number,
  visit: (event: number, way: Way, column: number, size: number) => void,
): void {
  const { resolution } = gridOf(view, layout.plotWidth / TICK)
  const from = (pointed - most - 1) * resolution
  const to = (pointed + most + 2) * resolution
  columns.forEachSliceBetween({ from, to }, (segment, start, end, base) => {
    for (let i = start; i < end; i++) {
      if (segment.connection[i] !== connection) continue
      const way = wayOf(segment.kind[i] ?? 0)
      if (way === undefined) continue
      const column = Math.floor(bucketOf(segment.time[i] ?? 0, resolution) / resolution)
      if (Math.abs(column - pointed) <= most) visit(base + i, way, column, segment.size[i] ?? 0)
    }
  })
}

/** More columns than are examined. */
const FAR = 100

/** Ticks that reach the point are best, then those on its side of the line, then close ones. */
function rankOf(
  box: LaneBox,
  { smallest, largest }: Lane,
  way: Way,
  size: number,
  distance: number,
  y: number,
): number {
  const near = Math.abs(distance)
  if (box.shape === 'area') return near
  // Positive below the line.
  const depth = y - box.base
  // Painted over the ticks.
  if (way === CONTROL) return near + (Math.abs(depth) <= CONTROL_HALF ? -0.5 : 3 * FAR)
  const full = way === IN ? FULL_IN : FULL_OUT
  const height = tickHeight(size, smallest, largest, full * box.scale) + SLACK
  const reaches = way === IN ? depth >= 0 && depth <= height : depth <= 0 && -depth <= height
  const isOnSide = way === (depth < 0 ? OUT : IN)
  return near + (isOnSide ? 0 : FAR) + (reaches ? 0 : 2 * FAR)
}
