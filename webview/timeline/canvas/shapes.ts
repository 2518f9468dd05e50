/** Shapes of a layer. Each leaves opacity and dashes of the context as they were: opaque and solid. */
import type { Canvas } from './canvas.ts'

type Rectangle = readonly [x: number, y: number, width: number, height: number]
type Points = readonly (readonly [x: number, y: number])[]

/** Fills a rectangle, with an opacity from 0 to 1. */
export function block(canvas: Canvas, color: string, [x, y, width, height]: Rectangle, opacity = 1): void {
  canvas.globalAlpha = opacity
  canvas.fillStyle = color
  canvas.fillRect(x, y, width, height)
  canvas.globalAlpha = 1
}

/** Outlines a rectangle inside its edges. */
export function frame(
  canvas: Canvas,
  color: string,
  [x, y, width, height]: Rectangle,
  dashes: number[] = [],
): void {
  canvas.strokeStyle = color
  canvas.lineWidth = 1
  canvas.setLineDash(dashes)
  canvas.strokeRect(x + 0.5, y + 0.5, Math.max(1, width - 1), height - 1)
  canvas.setLineDash([])
}

/** Draws a line through points. */
export function line(
  canvas: Canvas,
  color: string,
  width: number,
  points: Points,
  dashes: number[] = [],
): void {
  canvas.strokeStyle = color
  canvas.lineWidth = width
  canvas.setLineDash(dashes)
  trace(canvas, points)
  canvas.stroke()
  canvas.setLineDash([])
}

/** Begins a path through points. */
export function trace(canvas: Canvas, points: Points): void {
  canvas.beginPath()
  for (const [i, [x, y]] of points.entries())
    if (i === 0) canvas.moveTo(x, y)
    else canvas.lineTo(x, y)
}

/** Paints only inside a rectangle. */
export function clipped(canvas: Canvas, [x, y, width, height]: Rectangle, paint: () => void): void {
  canvas.save()
  canvas.beginPath()
  canvas.rect(x, y, width, height)
  canvas.clip()
  paint()
  canvas.restore()
}
