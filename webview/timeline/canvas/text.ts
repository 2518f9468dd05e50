/** Text that fits a width. Keeps measured widths, because the same text is painted in every frame. */

import type { Canvas } from './canvas.ts'

const cuts = new Map<string, string>()
const widths = new Map<string, number>()
/** Cuts and widths kept at most. Then all are dropped. */
const MOST_CUTS = 2000
const MOST_WIDTHS = 10_000
/** Pixels that a character has at least. */
const NARROWEST = 2

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

/** As `ellipsize`, but keeps a number at the end, as of `ws chat (2)`, which tells names apart. */
export function ellipsizeName(canvas: Canvas, name: string, width: number): string {
  const [number = ''] = / \(\d+\)$/.exec(name) ?? []
  if (number === '' || fits(canvas, name, width)) return ellipsize(canvas, name, width)
  return ellipsize(canvas, name.slice(0, -number.length), width - canvas.measureText(number).width) + number
}

/** Whether the whole text fits. */
export function fits(canvas: Canvas, text: string, width: number): boolean {
  // Most texts that do not fit are much too long.
  return text.length * NARROWEST <= width && widthOf(canvas, text) <= width
}

function widthOf(canvas: Canvas, text: string): number {
  const key = `${canvas.font} ${text}`
  let width = widths.get(key)
  if (width === undefined) {
    if (widths.size >= MOST_WIDTHS) widths.clear()
    width = canvas.measureText(text).width
    widths.set(key, width)
  }
  return width
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
