/** The geometry of the charts of findings. */
import type { FindingChart } from '../../../src/shared/finding-chart.ts'
import { barsDrawing } from './bars.ts'
import type { ChartDrawing } from './drawing.ts'
import { seriesDrawing } from './series.ts'
import { timesDrawing } from './times.ts'
import { valuesDrawing } from './values.ts'

export function drawingOf(chart: FindingChart): ChartDrawing {
  switch (chart.kind) {
    case 'times':
      return timesDrawing(chart)
    case 'series':
      return seriesDrawing(chart)
    case 'values':
      return valuesDrawing(chart)
    case 'bars':
      return barsDrawing(chart)
  }
}
