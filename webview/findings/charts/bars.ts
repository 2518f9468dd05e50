/** Amounts side by side: a bar for each, with its label above it. */
import * as l10n from '@vscode/l10n'
import type { BarsChart } from '../../../src/shared/finding-chart.ts'
import { largest } from '../../../src/shared/numbers.ts'
import { formatCount } from '../../format/count.ts'
import { CHART_WIDTH, type ChartDrawing, type ChartText } from './drawing.ts'
import { clip, endAt, widthOf } from './labels.ts'
import { SIDE } from './plot.ts'
import { formatValue } from './scale.ts'
import { byTone, rectangle } from './shapes.ts'

const BAR = { step: 32, height: 9, most: 6 }

export function barsDrawing({ unit, bars }: BarsChart): ChartDrawing {
  const shown = bars.slice(0, BAR.most)
  const most = largest(
    bars.map(({ value }) => value),
    1e-9,
  )
  const width = CHART_WIDTH - 2 * SIDE
  const rows = shown.map(({ value, label, tone = 'plain' }, at) => {
    const box = {
      x: SIDE,
      y: 20 + at * BAR.step,
      width: Math.max(2, (value / most) * width),
      height: BAR.height,
    }
    const figure = formatValue(value, unit)
    const text = clip(label, width - widthOf(figure) - 12)
    return {
      tone,
      path: rectangle(box),
      texts: [
        { x: SIDE, y: box.y - 5, anchor: 'start', text, tone: 'plain' },
        endAt(SIDE + width, box.y - 5, figure),
      ] as const,
    }
  })
  const height = 12 + shown.length * BAR.step
  const left = bars.length - shown.length
  const text = l10n.t('and {0} more', formatCount(left))
  const more: ChartText[] =
    left === 0 ? [] : [{ x: SIDE, y: height + 8, anchor: 'start', text, tone: 'quiet' }]
  return {
    height: height + (left === 0 ? 0 : 14),
    grid: '',
    base: '',
    spans: [],
    shapes: byTone(rows),
    texts: [...rows.flatMap(({ texts }) => texts), ...more],
  }
}
