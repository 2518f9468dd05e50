/** What happened when: a cell for each point. */
import type { TimesChart } from '../../../src/shared/finding-chart.ts'
import type { ChartDrawing } from './drawing.ts'
import { acrossAxis, BOTTOM, PLOT, spansOf, timeScale, topFor, within } from './plot.ts'
import { byTone, rectangle } from './shapes.ts'

/** Least, largest and relative width of a cell, and its height. */
const CELL = { least: 2, most: 11, share: 0.7, height: 22 }

export function timesDrawing({ points, spans = [] }: TimesChart): ChartDrawing {
  const plot = { ...PLOT, top: topFor(spans), bottom: 76 }
  const times = points.map(({ time }) => time)
  const across = timeScale(times, spans, plot)
  const axis = acrossAxis(plot, across)
  const hatched = spansOf(plot, across, spans)
  const places = times.map((time) => within(plot, across.place(time)))
  const width = cellWidth(places)
  const y = (plot.top + plot.bottom) / 2 - CELL.height / 2
  const cells = points.map(({ tone = 'plain' }, at) => ({
    tone,
    path: rectangle({ x: (places[at] ?? 0) - width / 2, y, width, height: CELL.height }),
  }))
  return {
    ...axis,
    height: 76 + BOTTOM,
    ...hatched,
    shapes: byTone(cells),
    texts: [...axis.texts, ...hatched.texts],
  }
}

function cellWidth(places: readonly number[]): number {
  const sorted = places.toSorted((one, other) => one - other)
  const gaps = sorted.slice(1).map((place, at) => place - (sorted[at] ?? 0))
  const middle = gaps.toSorted((one, other) => one - other)[Math.floor(gaps.length / 2)] ?? CELL.most
  return Math.min(CELL.most, Math.max(CELL.least, middle * CELL.share))
}
