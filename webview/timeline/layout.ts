/** Where everything of the timeline stands, in CSS pixels, and what stands at a point. */
import type { ConnectionStatus } from '../../src/shared/status.ts'
import type { View } from './view.ts'

/** How a lane shows its traffic. */
export type Shape = 'ticks' | 'cycles' | 'area'

export interface LaneBox {
  readonly connection: number
  readonly shape: Shape
  readonly left: number
  readonly top: number
  readonly height: number
  /** The line that received traffic hangs from and sent traffic stands on. */
  readonly base: number
}

export interface Layout {
  readonly width: number
  readonly height: number
  /** Left edge and width of the time axis; left of it stand the lanes' names. */
  readonly left: number
  readonly plotWidth: number
  readonly overview: { readonly top: number; readonly height: number }
  readonly axisTop: number
  readonly lanesTop: number
  readonly lanes: readonly LaneBox[]
}

/** Pixels that are summed up into one tick; the plot is a whole number of them wide. */
export const TICK = 2

const MARGIN = 8
const OVERVIEW = { top: 4, height: 28 }
const AXIS_HEIGHT = 18
const LANES_TOP = OVERVIEW.top + OVERVIEW.height + AXIS_HEIGHT + 2
const TICK_LANE = 50
const CYCLE_LANE = 40
const NARROW = 800

/** The layout for connections in their order. Its height is what they need. */
export function layOut(width: number, connections: readonly ConnectionStatus[]): Layout {
  const left = width < NARROW ? 104 : 150
  let top = LANES_TOP
  const lanes = connections.map((connection): LaneBox => {
    const shape = shapeOf(connection)
    const height = shape === 'cycles' ? CYCLE_LANE : TICK_LANE
    const base = top + (shape === 'ticks' ? 18 : 8)
    top += height
    return { connection: connection.id, shape, left, top: top - height, height, base }
  })
  return {
    width,
    height: top + MARGIN / 2,
    left,
    plotWidth: Math.max(TICK, Math.floor((width - left - MARGIN) / TICK) * TICK),
    overview: OVERVIEW,
    axisTop: OVERVIEW.top + OVERVIEW.height + 2,
    lanesTop: LANES_TOP,
    lanes,
  }
}

function shapeOf(connection: ConnectionStatus): Shape {
  if (connection.transport === 'long-poll' || connection.transport === 'poll') return 'cycles'
  return connection.transport === 'http-stream' ? 'area' : 'ticks'
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
