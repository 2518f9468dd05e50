/** Paints what marks a time or a range: the selected range, the pointer, and the position of a replay. */
import { formatTick } from '../../format/time.ts'
import type { Canvas } from '../canvas/canvas.ts'
import type { Scene } from '../canvas/scene.ts'
import { block, frame, line, trace } from '../canvas/shapes.ts'
import { fullHeight, xOf } from '../layout/layout.ts'

export function drawRange(canvas: Canvas, { layout, view, range, theme }: Scene): void {
  if (range === undefined) return
  const left = Math.max(layout.left, xOf(layout, view, range.from))
  const right = Math.min(layout.left + layout.plotWidth, xOf(layout, view, range.to))
  if (right <= left) return
  const lanes = [left, layout.lanesTop, right - left, layout.height - layout.lanesTop] as const
  block(canvas, theme.accent, lanes, 0.14)
  frame(canvas, theme.accent, lanes)
}

/** The time under the pointer: a line through the lanes, and the time on the axis. */
export function drawCursor(canvas: Canvas, { layout, view, cursor, theme }: Scene): void {
  if (cursor === undefined || cursor < view.from || cursor > view.to) return
  const x = Math.round(xOf(layout, view, cursor)) + 0.5
  line(canvas, theme.dim, 1, fullHeight(layout, x))
  const label = formatTick(cursor, (view.to - view.from) / layout.plotWidth)
  const width = canvas.measureText(label).width + 8
  const left = Math.min(Math.max(layout.left, x - width / 2), layout.left + layout.plotWidth - width)
  block(canvas, theme.fg, [left, layout.axisTop + 1, width, 15])
  canvas.fillStyle = theme.bg
  canvas.fillText(label, left + 4, layout.axisTop + 12)
}

/** The position of a replay: a line through the lanes, with a handle on the axis. */
export function drawPlayhead(canvas: Canvas, { layout, view, playhead, theme }: Scene): void {
  if (playhead === undefined || playhead < view.from || playhead > view.to) return
  const x = Math.round(xOf(layout, view, playhead))
  block(canvas, theme.fg, [x - 1, layout.axisTop, 2, layout.height - layout.axisTop])
  trace(canvas, [
    [x - 6, layout.axisTop],
    [x + 6, layout.axisTop],
    [x, layout.axisTop + 9],
  ])
  canvas.fill()
}
