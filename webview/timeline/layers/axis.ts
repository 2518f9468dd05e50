/** Paints the time axis and its grid. */
import { formatTick, stepFor, ticks } from '../../../src/shared/ticks.ts'
import type { Canvas } from '../canvas/canvas.ts'
import type { Scene } from '../canvas/scene.ts'
import { xOf } from '../layout/layout.ts'

export function drawAxis(canvas: Canvas, { layout, view, theme }: Scene): void {
  const step = stepFor(view.to - view.from, layout.plotWidth, 84)
  canvas.lineWidth = 1
  canvas.strokeStyle = theme.line
  canvas.fillStyle = theme.dim
  canvas.beginPath()
  for (const time of ticks(view.from, view.to, step)) {
    const x = Math.round(xOf(layout, view, time)) + 0.5
    canvas.moveTo(x, layout.axisTop)
    canvas.lineTo(x, layout.height)
    const label = formatTick(time, step)
    if (x + canvas.measureText(label).width + 4 < layout.width)
      canvas.fillText(label, x + 3, layout.axisTop + 12)
  }
  canvas.stroke()
}
