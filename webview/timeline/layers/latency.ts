/** Paints how long the messages of a connection took to arrive: a curve below its traffic, true to time. */
import type { LatencyBucket } from '../../../src/shared/protocol/latency.ts'
import { deliveryTexts } from '../../format/latency.ts'
import type { Canvas } from '../canvas/canvas.ts'
import type { Role, Scene } from '../canvas/scene.ts'
import { block } from '../canvas/shapes.ts'
import { fits } from '../canvas/text.ts'
import { type LaneBox, xOf } from '../layout/layout.ts'

/** Room above the highest point and below the floor, and least height of a point. */
const ABOVE = 2
const BELOW = 3
const LEAST = 1.5
/** Distance of the text from the edges, and of its baseline from the top. */
const TEXT = { left: 4, baseline: 9, height: 12 }

/** The area of the curve of a lane. */
export function latencyArea({ top, height, latency }: LaneBox) {
  const start = top + height - latency
  return { top: start + ABOVE, floor: start + latency - BELOW }
}

/** The longest delay in each column as a bar, and their median as a line over it. */
export function drawLatency(canvas: Canvas, scene: Scene, box: LaneBox, color: Role): void {
  const known = scene.latency(box.connection)
  if (known === undefined) return
  const { theme, layout, view } = scene
  const { top, floor } = latencyArea(box)
  block(canvas, theme.line, [layout.left, floor, layout.plotWidth, 1])
  const seen = known.buckets.filter(({ from, to }) => to > view.from && from < view.to)
  const most = seen.reduce((highest, { max }) => Math.max(highest, max), 0)
  const heightOf = (delay: number) => Math.max(LEAST, most === 0 ? 0 : (delay / most) * (floor - top))
  const columnOf = ({ from, to }: LatencyBucket) => {
    const left = Math.max(layout.left, Math.floor(xOf(layout, view, from)))
    const right = Math.min(layout.left + layout.plotWidth, Math.ceil(xOf(layout, view, to)))
    return { left, width: Math.max(1, right - left) }
  }
  for (const bucket of seen) {
    const { left, width } = columnOf(bucket)
    const height = heightOf(bucket.max)
    block(canvas, theme[color], [left, floor - height, width, height], 0.4)
  }
  for (const bucket of seen) {
    const { left, width } = columnOf(bucket)
    block(canvas, theme[color], [left, floor - heightOf(bucket.median), width, LEAST])
  }
  const text = deliveryTexts(known).find((each) => fits(canvas, each, layout.plotWidth / 2))
  if (text === undefined) return
  const width = canvas.measureText(text).width
  block(canvas, theme.bg, [layout.left, top - ABOVE, width + 2 * TEXT.left, TEXT.height], 0.7)
  canvas.fillStyle = theme.dim
  canvas.fillText(text, layout.left + TEXT.left, top - ABOVE + TEXT.baseline)
}
