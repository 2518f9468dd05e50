/** The marks of charts as paths. */
import type { ChartTone } from '../../../src/shared/finding-chart.ts'
import type { ChartBox, ChartShape } from './drawing.ts'

/** Radius of a dot. */
export const DOT = 3.2

/** How each tone is painted. What is wrong is hollow, so that it stands out without its color, too. */
const LOOKS: Readonly<Record<ChartTone, ChartShape['look']>> = {
  plain: 'filled',
  quiet: 'filled',
  wrong: 'outlined',
}

const TONES = ['quiet', 'plain', 'wrong'] as const satisfies readonly ChartTone[]

/** One path for each tone, what is wrong on top. */
export function byTone(marks: readonly { readonly tone: ChartTone; readonly path: string }[]): ChartShape[] {
  return TONES.flatMap((tone) => {
    const path = marks.flatMap((mark) => (mark.tone === tone ? [mark.path] : [])).join('')
    return path === '' ? [] : [{ path, tone, look: LOOKS[tone] }]
  })
}

export function dot(x: number, y: number): string {
  const across = `${2 * DOT} 0`
  return `M${round(x - DOT)} ${round(y)}a${DOT} ${DOT} 0 1 0 ${across}a${DOT} ${DOT} 0 1 0 -${across}`
}

export function rectangle({ x, y, width, height }: ChartBox): string {
  return `M${round(x)} ${round(y)}h${round(width)}v${height}h${round(-width)}z`
}

export function round(value: number): number {
  return Math.round(value * 10) / 10
}
