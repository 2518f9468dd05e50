/** Text that fits a width. Keeps measured widths, because the same text is painted in every frame. */

import type { Canvas } from './canvas.ts'

const cuts = new Map<string, string>()
/** Widths kept at most. Then all are dropped. */
const MOST_CUTS = 2000

/** The text, shortened to a width with an ellipsis if it does not fit. */
export function ellipsize(canvas: Canvas, text: string, width: number): string {
  const room = Math.floor(width)
  const key = `${room} ${canvas.font} ${text}`
  let cut = cuts.get(key)
  if (cut === undefined) {
    if (cuts.size >= MOST_CUTS) cuts.clear()
    cut = cutTo(canvas, text, room)
    cuts.set(key, cut)
  }
  return cut
}

/** Whether the whole text fits. */
export function fits(canvas: Canvas, text: string, width: number): boolean {
  return ellipsize(canvas, text, width) === text
}

/** The first text that fits. If none does, the last one, shortened. */
export function fitting(canvas: Canvas, texts: readonly string[], width: number): string {
  const whole = texts.find((text) => fits(canvas, text, width))
  return whole ?? ellipsize(canvas, texts.at(-1) ?? '', width)
}

function cutTo(canvas: Canvas, text: string, width: number): string {
  if (canvas.measureText(text).width <= width) return text
  let length = Math.min(text.length, Math.floor(Math.max(0, width) / 3))
  while (length > 0 && canvas.measureText(`${text.slice(0, length)}…`).width > width) length--
  return length === 0 ? '' : `${text.slice(0, length)}…`
}
