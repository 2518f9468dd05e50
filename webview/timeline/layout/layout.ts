/** Where everything of the timeline stands, in CSS pixels, and what stands at a point. */
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
  /** The line that received traffic hangs from and sent traffic stands on. */
  readonly base: number
  /** How high what is in it is drawn; 1 where the lane has its usual height. */
  readonly scale: number
}

/** The room that lanes have, in pixels. */
export interface Room {
  /** Height past which lanes are made lower, as far as they can be read; then they are scrolled. */
  readonly most: number
  /** Height that is shown. */
  readonly height: number
  /** How far the lanes are scrolled. */
  readonly scroll: number
}

export interface Layout {
  readonly width: number
  /** What is shown. */
  readonly height: number
  /** What all lanes need. */
  readonly whole: number
  /** Left edge and width of the time axis; left of it stand the lanes' names. */
  readonly left: number
  readonly plotWidth: number
  readonly overview: { readonly top: number; readonly height: number }
  readonly axisTop: number
  readonly lanesTop: number
  /** Those in view. */
  readonly lanes: readonly LaneBox[]
}

const MARGIN = 8
const OVERVIEW = { top: 4, height: 28 }
const AXIS_HEIGHT = 18
const LANES_TOP = OVERVIEW.top + OVERVIEW.height + AXIS_HEIGHT + 2
const LANE_HEIGHTS: Readonly<Record<Shape, number>> = { ticks: 50, cycles: 40, area: 50 }
const BASES: Readonly<Record<Shape, number>> = { ticks: 18, cycles: 8, area: 8 }
/** Two lines of text, apart from the next lane's. */
const LOWEST_LANE = 32
const NARROW = 800
const UNBOUNDED: Room = {
  most: Number.POSITIVE_INFINITY,
  height: Number.POSITIVE_INFINITY,
  scroll: 0,
}

/** The layout for connections in their order. What is above the lanes stays where it is when they are scrolled. */
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

/** How far the lanes are to be scrolled, so that one of them is in view; as far as they are where it is. */
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

/** All lanes one below the other, unscrolled. */
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

/** Pixels that the stretch in view has in the overview at least. */
const LEAST_BRUSH = 8

/** Where the stretch in view stands in the overview. */
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

/** What stands at a point; `whole` is the session's span, which the overview shows. */
export function hit(layout: Layout, view: View, whole: number, x: number, y: number): Hit {
  if (y < layout.overview.top + layout.overview.height + 2) {
    return { area: 'overview', time: Math.max(0, timeAt(layout, { from: 0, to: whole }, x)) }
  }
  if (y < layout.lanesTop) return { area: 'axis', time: timeAt(layout, view, x) }
  const lane = layout.lanes.find(({ top, height }) => y >= top && y < top + height)
  if (lane === undefined) return undefined
  return x < layout.left ? { area: 'name', lane } : { area: 'lane', lane, time: timeAt(layout, view, x) }
}

/** Height a tick has at most: below the line for what came, above it for what was sent. */
export const FULL_IN = 20
export const FULL_OUT = 15
/**
 * Height of a tick for a payload: by the logarithm of its size between the lane's smallest and largest, so
 * that both small differences and outliers show; never less than can be seen. Sizes less than a factor of
 * four apart are not spread over the full height.
 */
export function tickHeight(size: number, smallest: number, largest: number, full: number): number {
  const least = 0.25 * full
  if (size <= smallest || largest <= 0) return least
  const spread = Math.max(Math.log1p(largest) - Math.log1p(smallest), Math.log(4))
  const share = (Math.log1p(size) - Math.log1p(smallest)) / spread
  return least + (full - least) * Math.min(1, share)
}
