/** Values over session time: a dot for each. */
import type { SeriesChart } from '../../../src/shared/finding-chart.ts'
import type { ChartDrawing } from './drawing.ts'
import { endAt } from './labels.ts'
import { acrossAxis, HEIGHT, PLOT, spansOf, timeScale, topFor, within } from './plot.ts'
import { linearScale } from './scale.ts'
import { byTone, dot, round } from './shapes.ts'

/** Room for the labels of the vertical axis. */
const LABELS = 52

export function seriesDrawing({ label, unit, points, spans = [] }: SeriesChart): ChartDrawing {
  const plot = { ...PLOT, left: LABELS, top: topFor(spans) }
  const across = timeScale(
    points.map(({ time }) => time),
    spans,
    plot,
  )
  const up = linearScale(
    points.map(({ value }) => value),
    unit,
    3,
  )
  const yOf = (at: number) => plot.bottom - at * (plot.bottom - plot.top)
  const axis = acrossAxis(plot, across)
  const hatched = spansOf(plot, across, spans)
  const dots = points.map(({ time, value, tone = 'plain' }) => ({
    tone,
    path: dot(within(plot, across.place(time)), yOf(up.place(value))),
  }))
  return {
    height: HEIGHT,
    grid: axis.grid + up.ticks.map(({ at }) => `M${plot.left} ${round(yOf(at))}H${plot.right}`).join(''),
    base: axis.base,
    spans: hatched.spans,
    shapes: byTone(dots),
    texts: [
      ...axis.texts,
      ...hatched.texts,
      ...up.ticks.map((each) => endAt(plot.left - 6, yOf(each.at) + 4, each.label)),
      { x: 0, y: 11, anchor: 'start', text: label, tone: 'quiet' },
    ],
  }
}
