/** Positions of the parts of the timeline in CSS pixels, and the part at a point. */
import { lowerBound } from '../../../src/shared/numbers.ts'
import type { ConnectionStatus } from '../../../src/shared/status.ts'
import { type TransportTraits, traitsOf } from '../../../src/shared/transports.ts'
import { TICK } from '../../state/timeline/densities.ts'
import type { Span } from '../../state/timeline/density.ts'
import type { View } from '../../state/timeline/view.ts'

/** How a lane shows its traffic. */
export type Shape = TransportTraits['shape']

/** What the place and the kind of a lane follow from. */
export type LaneConnection = Pick<
  ConnectionStatus,
  'id' | 'transport' | 'state' | 'openedAt' | 'messagesIn' | 'messagesOut'
>

export interface LaneBox {
  readonly connection: number
  /** The connections that share the lane, because they never opened. The first one is `connection`. */
  readonly shared?: readonly number[]
  readonly shape: Shape
  readonly left: number
  readonly top: number
  readonly height: number
  /** The line between sent traffic above and received traffic below. */
  readonly base: number
  /** Scale of the heights in the lane. 1 if its traffic has its usual height. */
  readonly scale: number
  /** Height of the part with the traffic. Requests with their answers are below it. */
  readonly traffic: number
  /** Lines for requests: 0 if there are none or they are folded. */
  readonly rows: number
  /** Height of the curve of delays at the bottom: 0 if there is none, or if it is folded. */
  readonly latency: number
  /** Whether there are requests or delays to show, or to fold. */
  readonly canFold: boolean
}

/** What is below the traffic of lanes: how many lines requests take, which lanes have delays, and which do not show them. */
export interface LaneRequests {
  readonly rows: ReadonlyMap<number, number>
  readonly folded: ReadonlySet<number>
  readonly latencies?: ReadonlySet<number>
}

/** The room for lanes in pixels. */
export interface Room {
  /** Height above which lanes become lower, as long as they can be read. Beyond that they are scrolled. */
  readonly most: number
  /** Whether lanes become higher to fill it, because the user has set it. */
  readonly grows?: boolean
  /** Visible height. */
  readonly height: number
  /** How far the lanes are scrolled down. */
  readonly scroll: number
}

export interface Layout {
  readonly width: number
  /** Visible height. */
  readonly height: number
  /** Height of all lanes. */
  readonly whole: number
  /** Left edge and width of the time axis. The names of the lanes are on its left. */
  readonly left: number
  readonly plotWidth: number
  readonly overview: { readonly top: number; readonly height: number }
  readonly axisTop: number
  /** The strip of findings between the axis and the lanes. Its height is 0 if there are none. */
  readonly strip: { readonly top: number; readonly height: number }
  readonly lanesTop: number
  /** The lanes in view. */
  readonly lanes: readonly LaneBox[]
}

const MARGIN = 8
const OVERVIEW = { top: 4, height: 28 }
const AXIS_HEIGHT = 18
export const LANES_TOP = OVERVIEW.top + OVERVIEW.height + AXIS_HEIGHT + 2
/** Height of the strip of findings. */
export const STRIP_HEIGHT = 22
const LANE_HEIGHTS: Readonly<Record<Shape, number>> = { ticks: 50, cycles: 40, area: 50 }
/** Height of the traffic above requests, which say the same in more detail. */
const ABOVE_REQUESTS: Readonly<Record<Shape, number>> = { ticks: 34, cycles: 30, area: 34 }
/** Height of a line of requests, and the room below the last one. */
export const REQUEST_ROW = 14
const BELOW_REQUESTS = 3
/** Height of the curve of delays. */
export const LATENCY_HEIGHT = 26
const BASES: Readonly<Record<Shape, number>> = { ticks: 18, cycles: 8, area: 8 }
/** Room for two lines of text and a distance to the next lane. */
const LOWEST_LANE = 32
/** The same for the traffic above requests. */
const LOWEST_ABOVE = 22
/** How much higher than usual lanes become at most. */
const MOST_GROWTH = 3
const NARROW = 800
const FOLD_WIDTH = 18
const NO_REQUESTS: LaneRequests = { rows: new Map(), folded: new Set() }
const UNBOUNDED: Room = {
  most: Number.POSITIVE_INFINITY,
  height: Number.POSITIVE_INFINITY,
  scroll: 0,
}

/** The lanes one below the other, as if not scrolled. They stay the same while only the scroll position or the traffic changes. */
export interface LaneStack {
  readonly left: number
  readonly lanesTop: number
  /** Height of the strip of findings. */
  readonly strip: number
  readonly lanes: readonly LaneBox[]
}

/** The layout for connections in their order. Only the lanes are scrolled. `strip` is the height of the strip of findings. */
export function layOut(
  width: number,
  connections: readonly LaneConnection[],
  room: Room = UNBOUNDED,
  requests: LaneRequests = NO_REQUESTS,
  strip = 0,
): Layout {
  return layOutStack(stackLanes(width, connections, room, requests, strip), width, room)
}

/** The part of a stack that is in view. The work does not grow with the number of lanes. */
export function layOutStack(
  { left, lanesTop, strip, lanes: all }: LaneStack,
  width: number,
  room: Room,
): Layout {
  const whole = bottomOf(all.at(-1), lanesTop) + MARGIN / 2
  const height = Math.min(whole, room.height)
  const first = lowerBound(0, all.length, (i) => bottomOf(all[i], 0) > lanesTop + room.scroll)
  const end = lowerBound(first, all.length, (i) => (all[i]?.top ?? 0) >= height + room.scroll)
  const lanes = all
    .slice(first, end)
    .map((lane) => ({ ...lane, top: lane.top - room.scroll, base: lane.base - room.scroll }))
  return {
    width,
    height,
    whole,
    left,
    plotWidth: Math.max(TICK, Math.floor((width - left - MARGIN) / TICK) * TICK),
    overview: OVERVIEW,
    axisTop: OVERVIEW.top + OVERVIEW.height + 2,
    strip: { top: LANES_TOP, height: strip },
    lanesTop,
    lanes,
  }
}

/** How far to scroll the lanes so that one of them is in view. Unchanged if it is. */
export function scrollTo(
  connection: number,
  { lanes, lanesTop }: LaneStack,
  { height, scroll }: Pick<Room, 'height' | 'scroll'>,
): number {
  const lane = lanes.find((each) => each.connection === connection || each.shared?.includes(connection))
  if (lane === undefined) return scroll
  const last = lane.top + lane.height - height
  return Math.max(0, last, Math.min(scroll, lane.top - lanesTop))
}

export function stackLanes(
  width: number,
  connections: readonly LaneConnection[],
  { most, grows = false }: Pick<Room, 'most' | 'grows'>,
  requests: LaneRequests = NO_REQUESTS,
  strip = 0,
): LaneStack {
  const left = width < NARROW ? 120 : 150
  const lanesTop = LANES_TOP + strip
  const { alone, together } = grouped(connections)
  const [first] = together
  const rows = first === undefined ? alone : [...alone, first]
  const plans = rows.map((row, i) => planOf(row, i < alone.length, requests))
  const below = plans.reduce((sum, plan) => sum + plan.below, 0)
  const usual = plans.reduce((sum, plan) => sum + plan.usual, 0)
  const share = Math.min(grows ? MOST_GROWTH : 1, (most - lanesTop - MARGIN / 2 - below) / usual)
  let top = lanesTop
  const lanes = rows.map((connection, i): LaneBox => {
    const { shape, usual, below, ...plan } = plans[i] as LanePlan
    const shared = i < alone.length ? undefined : together.map(({ id }) => id)
    const least = below > 0 ? LOWEST_ABOVE : LOWEST_LANE
    const traffic = shared === undefined ? Math.max(least, Math.floor(usual * share)) : LOWEST_LANE
    const scale = traffic / LANE_HEIGHTS[shape]
    const base = top + Math.round(BASES[shape] * scale)
    const height = traffic + below
    const box = { connection: connection.id, shape, left, top, height, base, scale, traffic, ...plan }
    top += height
    return shared === undefined ? box : { ...box, shared }
  })
  return { left, lanesTop, strip, lanes }
}

interface LanePlan {
  readonly shape: Shape
  readonly rows: number
  readonly latency: number
  readonly canFold: boolean
  /** Usual height of the traffic, and height of what is below it. */
  readonly usual: number
  readonly below: number
}

function planOf(
  connection: LaneConnection,
  isAlone: boolean,
  { rows, folded, latencies }: LaneRequests,
): LanePlan {
  const wanted = isAlone ? (rows.get(connection.id) ?? 0) : 0
  const hasLatency = isAlone && latencies?.has(connection.id) === true
  const isFolded = folded.has(connection.id)
  const shown = isFolded ? 0 : wanted
  const latency = hasLatency && !isFolded ? LATENCY_HEIGHT : 0
  const shape = isAlone ? shapeOf(connection) : 'ticks'
  return {
    shape,
    rows: shown,
    latency,
    canFold: wanted > 0 || hasLatency,
    usual: (shown > 0 ? ABOVE_REQUESTS : LANE_HEIGHTS)[shape],
    below: (shown === 0 ? 0 : shown * REQUEST_ROW + BELOW_REQUESTS) + latency,
  }
}

/** Connections that never opened share a lane if there are several. */
function grouped(connections: readonly LaneConnection[]) {
  const together = connections.filter(neverOpened)
  return together.length < 2
    ? { alone: connections, together: [] }
    : { alone: connections.filter((each) => !neverOpened(each)), together }
}

function neverOpened({ state, openedAt, messagesIn, messagesOut }: LaneConnection): boolean {
  return (
    (state === 'failed' || state === 'closed') && openedAt === undefined && messagesIn + messagesOut === 0
  )
}

function bottomOf(lane: LaneBox | undefined, lanesTop: number): number {
  return lane === undefined ? lanesTop : lane.top + lane.height
}

/** Whether two connections of the same place in the list have lanes of the same kind, whatever else has changed. */
export function hasSameLane(one: LaneConnection, other: LaneConnection): boolean {
  return one.id === other.id && one.transport === other.transport && neverOpened(one) === neverOpened(other)
}

function shapeOf({ transport }: LaneConnection): Shape {
  return traitsOf(transport)?.shape ?? 'ticks'
}

/** Horizontal position of a time. */
export function xOf(layout: Layout, span: Span, time: number): number {
  return layout.left + ((time - span.from) / (span.to - span.from)) * layout.plotWidth
}

/** A vertical line from the axis down through the lanes. */
export function fullHeight(
  { axisTop, height }: Layout,
  x: number,
): readonly (readonly [x: number, y: number])[] {
  return [
    [x, axisTop],
    [x, height],
  ]
}

/** The time at a horizontal position. */
export function timeAt(layout: Layout, span: Span, x: number): number {
  return span.from + ((x - layout.left) / layout.plotWidth) * (span.to - span.from)
}

/** Least width of the brush in pixels. */
const LEAST_BRUSH = 8

/** The brush: the position of the visible span in the overview. */
export function brushOf(
  layout: Layout,
  { from, to }: Span,
  whole: Span,
): { readonly left: number; readonly width: number } {
  const right = layout.left + layout.plotWidth
  const left = Math.min(Math.max(layout.left, xOf(layout, whole, from)), right - LEAST_BRUSH)
  return { left, width: Math.max(LEAST_BRUSH, Math.min(right, xOf(layout, whole, to)) - left) }
}

export type Hit =
  | { readonly area: 'overview'; readonly time: number }
  | { readonly area: 'axis' | 'findings'; readonly time: number }
  | { readonly area: 'lane'; readonly lane: LaneBox; readonly time: number }
  /** `isFold` if the point is on the mark that folds the requests of the lane. */
  | { readonly area: 'name'; readonly lane: LaneBox; readonly isFold: boolean }
  | undefined

/** The part of the timeline at a point. `whole` is the span of the session, which the overview shows. */
export function hit(layout: Layout, view: View, whole: Span, x: number, y: number): Hit {
  if (y < layout.overview.top + layout.overview.height + 2) {
    return { area: 'overview', time: Math.max(whole.from, timeAt(layout, whole, x)) }
  }
  if (y < layout.strip.top) return { area: 'axis', time: timeAt(layout, view, x) }
  if (y < layout.lanesTop) return { area: 'findings', time: timeAt(layout, view, x) }
  const lane = layout.lanes.find(({ top, height }) => y >= top && y < top + height)
  if (lane === undefined) return undefined
  if (x >= layout.left) return { area: 'lane', lane, time: timeAt(layout, view, x) }
  const { x: left, width } = foldOf(layout)
  return { area: 'name', lane, isFold: lane.canFold && x >= left && x < left + width }
}

/** Height of the throughput of a stream. */
const FULL_AREA = 30

/** The line that the traffic of a lane is on. */
export function floorOf({ shape, base, scale }: LaneBox): number {
  return shape === 'area' ? base + Math.round(FULL_AREA * scale) : base
}

/** The mark after the name of a lane that folds its requests. */
export function foldOf({ left }: Pick<Layout, 'left'>): { readonly x: number; readonly width: number } {
  return { x: left - FOLD_WIDTH - 2, width: FOLD_WIDTH }
}

/** Largest height of a tick: below the line for received traffic, above it for sent traffic. */
export const FULL_IN = 20
export const FULL_OUT = 15
/**
 * Height of a tick for a payload: the logarithm of its size between the lane's smallest and largest, so
 * that both small differences and outliers show. Never too small to see. Sizes less than a factor of
 * four apart are not spread over the full height.
 */
export function tickHeight(size: number, smallest: number, largest: number, full: number): number {
  const least = 0.25 * full
  if (size <= smallest || largest <= 0) return least
  const spread = Math.max(Math.log1p(largest) - Math.log1p(smallest), Math.log(4))
  const share = (Math.log1p(size) - Math.log1p(smallest)) / spread
  return least + (full - least) * Math.min(1, share)
}
