/** The texts of charts: where they fit. */
import type { ChartTone } from '../../../src/shared/finding-chart.ts'
import { CHART_WIDTH, type ChartText } from './drawing.ts'

/** Width of a letter of a label, as far as it has to be known. */
const LETTER = 6.2
/** Distance of two labels of a line at least. Letters may be wider than `LETTER`. */
const LABEL_GAP = 10

export const widthOf = (text: string) => text.length * LETTER

/** A text around a place, moved so that it leaves neither the box nor what is right of `left`. */
export function textAt(x: number, y: number, text: string, tone: ChartTone, left = 0): ChartText {
  const half = widthOf(text) / 2
  if (x - half < left) return { x: left, y, anchor: 'start', text, tone }
  if (x + half > CHART_WIDTH) return { x: CHART_WIDTH, y, anchor: 'end', text, tone }
  return { x, y, anchor: 'middle', text, tone }
}

export function endAt(x: number, y: number, text: string): ChartText {
  return { x, y, anchor: 'end', text, tone: 'quiet' }
}

/** The texts of a line of which none overlaps one before it. A second line above takes what does not fit. */
export function apart(texts: readonly ChartText[]): ChartText[] {
  const ends = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  return texts
    .toSorted((one, other) => startOf(one) - startOf(other))
    .flatMap((text) => {
      const line = ends.findIndex((end) => startOf(text) >= end + LABEL_GAP)
      if (line < 0) return []
      ends[line] = startOf(text) + widthOf(text.text)
      return [{ ...text, y: text.y - line * 13 }]
    })
}

function startOf({ x, anchor, text }: ChartText): number {
  return x - { start: 0, middle: 0.5, end: 1 }[anchor] * widthOf(text)
}

export function clip(text: string, width: number): string {
  const most = Math.max(1, Math.floor(width / LETTER))
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}
