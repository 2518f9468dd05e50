/** Values on an axis, without time: a dot for each, dots at the same place above each other. */
import type { ValuesChart } from '../../../src/shared/finding-chart.ts'
import { largest } from '../../../src/shared/numbers.ts'
import type { ChartDrawing } from './drawing.ts'
import { apart, textAt } from './labels.ts'
import { acrossAxis, HEIGHT, PLOT, type Plot, TWO_LINES, within } from './plot.ts'
import { formatValue, linearScale, logScale, rangeOf } from './scale.ts'
import { byTone, DOT, dot, round } from './shapes.ts'

/** Values with a label beside their dot at most. */
const MOST_NAMED = 2
const DOT_STEP = 2 * DOT + 1.4

/** How far values are apart, as a factor, so that a logarithmic axis tells them apart better. */
const LEAST_LOG = { ms: 5, other: 100 }

export function valuesDrawing({ unit, points, marks = [] }: ValuesChart): ChartDrawing {
  const plot = { ...PLOT, top: TWO_LINES }
  const values = [...points, ...marks].map(({ value }) => value)
  const [least, most] = rangeOf(values) ?? [0, 1]
  const isLog = most / Math.max(least, Number.MIN_VALUE) > (unit === 'ms' ? LEAST_LOG.ms : LEAST_LOG.other)
  const across = isLog ? logScale(values, unit) : linearScale(values, unit, 5)
  const axis = acrossAxis(plot, across)
  const xs = points.map(({ value }) => within(plot, across.place(value)))
  const ys = stacked(xs, plot)
  const dots = points.map(({ tone = 'plain' }, at) => ({ tone, path: dot(xs[at] ?? 0, ys[at] ?? 0) }))
  const named = points.flatMap(({ value, tone }, at) => (tone === 'wrong' ? [{ value, at }] : []))
  const lines = marks.map(({ value, label }) => ({ x: within(plot, across.place(value)), label }))
  return {
    ...axis,
    height: HEIGHT,
    spans: [],
    shapes: [
      ...byTone(dots),
      {
        path: lines.map(({ x }) => `M${round(x)} ${plot.top}V${plot.bottom}`).join(''),
        tone: 'plain',
        look: 'dashed',
      },
    ],
    texts: [
      ...axis.texts,
      ...apart(lines.map(({ x, label }) => textAt(x, plot.top - 6, label, 'plain'))),
      ...(named.length > MOST_NAMED
        ? []
        : named.map(({ value, at }) =>
            textAt(xs[at] ?? 0, (ys[at] ?? 0) - 9, formatValue(value, unit), 'wrong'),
          )),
    ],
  }
}

/** Dots at the same place are above each other. */
function stacked(xs: readonly number[], plot: Plot): number[] {
  const columns = xs.map((x) => Math.floor(x / DOT_STEP))
  const counts = new Map<number, number>()
  const levels = columns.map((column) => {
    const level = counts.get(column) ?? 0
    counts.set(column, level + 1)
    return level
  })
  const highest = largest([...counts.values()], 1)
  const step = Math.min(DOT_STEP, (plot.bottom - plot.top - 2 * DOT) / highest)
  return levels.map((level) => plot.bottom - DOT - 2 - level * step)
}
