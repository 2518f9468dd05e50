/** Positions of the parts of the timeline in CSS pixels, and the part at a point. */
import type { ConnectionStatus } from '../../../src/shared/status.ts'
import { type TransportTraits, traitsOf } from '../../../src/shared/transports.ts'
import { TICK } from '../../state/timeline/densities.ts'
import type { View } from '../../state/timeline/view.ts'

/** How a lane shows its traffic. */
export type Shape = TransportTraits['shape']

export interface LaneBox {
  readonly connection: number
  readonly shape: Shape
  readonly left: number
  readonly top: number
  readonly height: number
  /** The line between sent traffic above and received traffic below. */
  readonly base: number
  /** Scale of the heights in the lane. 1 if the lane has its usual height. */
  readonly scale: number
}

/** The room for lanes in pixels. */
export interface Room {
  /** Height above which lanes become lower, as long as they can be read. Beyond that they are scrolled. */
  readonly most: number
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
  readonly lanesTop: number
  /** The lanes in view. */
  readonly lanes: readonly LaneBox[]
}

const MARGIN = 8
const OVERVIEW = { top: 4, height: 28 }
const AXIS_HEIGHT = 18
const LANES_TOP = OVERVIEW.top + OVERVIEW.height + AXIS_HEIGHT + 2
const LANE_HEIGHTS: Readonly<Record<Shape, number>> = { ticks: 50, cycles: 40, area: 50 }
const BASES: Readonly<Record<Shape, number>> = { ticks: 18, cycles: 8, area: 8 }
/** Room for two lines of text and a distance to the next lane. */
const LOWEST_LANE = 32
const NARROW = 800
const UNBOUNDED: Room = {
  most: Number.POSITIVE_INFINITY,
  height: Number.POSITIVE_INFINITY,
  scroll: 0,
}

/** The layout for connections in their order. Only the lanes are scrolled. */
export function layOut(
  width: number,
  connections: readonly ConnectionStatus[],
  room: Room = UNBOUNDED,
): Layout {
  const left = width < NARROW ? 104 : 150
  const stack = stackOf(connections, left, room.most)
  const whole = bottomOf(stack) + MARGIN / 2
  const height = Math.min(whole, room.height)
  const lanes = stack
    .map((lane) => ({ ...lane, top: lane.top - room.scroll, base: lane.base - room.scroll }))
    .filter(({ top, height: lane }) => top < height && top + lane > LANES_TOP)
  return {
    width,
    height,
    whole,
    left,
    plotWidth: Math.max(TICK, Math.floor((width - left - MARGIN) / TICK) * TICK),
    overview: OVERVIEW,
    axisTop: OVERVIEW.top + OVERVIEW.height + 2,
    lanesTop: LANES_TOP,
    lanes,
  }
}

/** How far to scroll the lanes so that one of them is in view. Unchanged if it is. */
export function scrollTo(
  connection: number,
  connections: readonly ConnectionStatus[],
  { most, height, scroll }: Room,
): number {
  const lane = stackOf(connections, 0, most).find((each) => each.connection === connection)
  if (lane === undefined) return scroll
  const last = lane.top + lane.height - height
  return Math.max(0, last, Math.min(scroll, lane.top - LANES_TOP))
}

/** All lanes one below the other, as if not scrolled. */
function stackOf(connections: readonly ConnectionStatus[], left: number, most: number): LaneBox[] {
  const shapes = connections.map(shapeOf)
  const usual = shapes.reduce((sum, shape) => sum + LANE_HEIGHTS[shape], 0)
  const share = Math.min(1, (most - LANES_TOP - MARGIN / 2) / usual)
  let top = LANES_TOP
  return connections.map((connection, i): LaneBox => {
    const shape = shapes[i] ?? 'ticks'
    const height = Math.max(LOWEST_LANE, Math.floor(LANE_HEIGHTS[shape] * share))
    const scale = height / LANE_HEIGHTS[shape]
    const base = top + Math.round(BASES[shape] * scale)
    top += height
    return { connection: connection.id, shape, left, top: top - height, height, base, scale }
  })
}

function bottomOf(stack: readonly LaneBox[]): number {
  const last = stack.at(-1)
  return last === undefined ? LANES_TOP : last.top + last.height
}

function shapeOf({ transport }: ConnectionStatus): Shape {
  return traitsOf(transport)?.shape ?? 'ticks'
}

/** Horizontal position of a time. */
export function xOf(
  layout: Layout,
  span: { readonly from: number; readonly to: number },
  time: number,
): number {
  return layout.left + ((time - span.from) / (span.to - span.from)) * layout.plotWidth
}

/** The time at a horizontal position. */
export function timeAt(
  layout: Layout,
  span: { readonly from: number; readonly to: number },
  x: number,
): number {
  return span.from + ((x - layout.left) / layout.plotWidth) * (span.to - span.from)
}

/** Least width of the brush in pixels. */
const LEAST_BRUSH = 8

/** The brush: the position of the visible span in the overview. */
export function brushOf(
  layout: Layout,
  { from, to }: { readonly from: number; readonly to: number },
  whole: number,
): { readonly left: number; readonly width: number } {
  const span = { from: 0, to: whole }
  const right = layout.left + layout.plotWidth
  const left = Math.min(Math.max(layout.left, xOf(layout, span, from)), right - LEAST_BRUSH)
  return { left, width: Math.max(LEAST_BRUSH, Math.min(right, xOf(layout, span, to)) - left) }
}

export type Hit =
  | { readonly area: 'overview'; readonly time: number }
  | { readonly area: 'axis'; readonly time: number }
  | { readonly area: 'lane'; readonly lane: LaneBox; readonly time: number }
  | { readonly area: 'name'; readonly lane: LaneBox }
  | undefined

/** The part of the timeline at a point. `whole` is the span of the session, which the overview shows. */
export function hit(layout: Layout, view: View, whole: number, x: number, y: number): Hit {
  if (y < layout.overview.top + layout.overview.height + 2) {
    return { area: 'overview', time: Math.max(0, timeAt(layout, { from: 0, to: whole }, x)) }
  }
  if (y < layout.lanesTop) return { area: 'axis', time: timeAt(layout, view, x) }
  const lane = layout.lanes.find(({ top, height }) => y >= top && y < top + height)
  if (lane === undefined) return undefined
  return x < layout.left ? { area: 'name', lane } : { area: 'lane', lane, time: timeAt(layout, view, x) }
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
