/** The plot of a chart: its axis of values or times, and hatched spans of time. */
import type { ChartSpan } from '../../../src/shared/finding-chart.ts'
import { formatTick, stepFor, ticks } from '../../../src/shared/ticks.ts'
import { CHART_WIDTH } from './drawing.ts'
import { apart, textAt } from './labels.ts'
import { rangeOf, type Scale } from './scale.ts'
import { round } from './shapes.ts'

export const HEIGHT = 124
/** Room for one line of labels above the plot and for two, and for what is below and beside it. */
const TOP = 22
export const TWO_LINES = 34
export const BOTTOM = 18
export const SIDE = 10

export interface Plot {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export const PLOT: Plot = { left: SIDE, right: CHART_WIDTH - SIDE, top: TOP, bottom: HEIGHT - BOTTOM }

export const within = ({ left, right }: Plot, at: number) => left + at * (right - left)

/** A horizontal axis with labels and lines, for a plot. */
export function acrossAxis(plot: Plot, scale: Scale) {
  const places = scale.ticks.map(({ at, label }) => ({ x: within(plot, at), label }))
  return {
    grid: places.map(({ x }) => `M${round(x)} ${plot.top}V${plot.bottom}`).join(''),
    base: `M${plot.left} ${plot.bottom}H${plot.right}`,
    texts: places.map(({ x, label }) => textAt(x, plot.bottom + 14, label, 'quiet')),
  }
}

export function timeScale(times: readonly number[], spans: readonly ChartSpan[], plot: Plot): Scale {
  const all = [...times, ...spans.flatMap(({ from, to }) => [from, to])]
  const [least, most] = rangeOf(all) ?? [0, 1000]
  const padding = (most - least) * 0.03 || 500
  const [from, to] = [Math.max(0, least - padding), most + padding]
  const step = stepFor(to - from, plot.right - plot.left, 64)
  const place = (time: number) => (time - from) / (to - from)
  return {
    place,
    ticks: ticks(from, to, step).map((time) => ({ at: place(time), label: formatTick(time, step) })),
  }
}

/** The labels of several spans may need a second line. */
export function topFor({ length }: readonly ChartSpan[]): number {
  return length > 1 ? TWO_LINES : TOP
}

export function spansOf(plot: Plot, scale: Scale, spans: readonly ChartSpan[]) {
  const boxes = spans.map(({ from, to, label }) => {
    const x = within(plot, scale.place(from))
    const width = Math.max(2, within(plot, scale.place(to)) - x)
    return { box: { x, y: plot.top, width, height: plot.bottom - plot.top }, label, middle: x + width / 2 }
  })
  return {
    spans: boxes.map(({ box }) => box),
    texts: apart(boxes.map(({ middle, label }) => textAt(middle, plot.top - 7, label, 'plain', plot.left))),
  }
}
