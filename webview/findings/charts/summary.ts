/** The charts of findings in words, for screen readers. */
import * as l10n from '@vscode/l10n'
import type { ChartSpan, FindingChart } from '../../../src/shared/finding-chart.ts'
import { formatCount } from '../../format/count.ts'
import { formatSessionTime } from '../../format/time.ts'
import { formatValue, rangeOf } from './scale.ts'

/** Spans, marks and bars that are named. */
const MOST_NAMED = 6

export function chartSummary(chart: FindingChart): string {
  switch (chart.kind) {
    case 'times':
      return joined([
        l10n.t('Times: {0}', betweenTimes(chart.points.map(({ time }) => time))),
        pointsOf(chart.points),
        ...spansOf(chart.spans),
      ])
    case 'series':
      return joined([
        l10n.t('{0}, {1}', chart.label, betweenTimes(chart.points.map(({ time }) => time))),
        between(
          chart.points.map(({ value }) => value),
          chart.unit,
        ),
        pointsOf(chart.points),
        ...spansOf(chart.spans),
      ])
    case 'values':
      return joined([
        between(
          chart.points.map(({ value }) => value),
          chart.unit,
        ),
        pointsOf(chart.points),
        ...(chart.marks ?? []).slice(0, MOST_NAMED).map(({ label }) => label),
      ])
    case 'bars':
      return joined(
        chart.bars
          .slice(0, MOST_NAMED)
          .map(({ label, value }) => `${label}: ${formatValue(value, chart.unit)}`),
      )
  }
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('; ')
}

function pointsOf(points: readonly { readonly tone?: string }[]): string {
  const wrong = points.filter(({ tone }) => tone === 'wrong').length
  return wrong === 0
    ? l10n.t('{0} points', formatCount(points.length))
    : l10n.t('{0} of {1} points stand out', formatCount(wrong), formatCount(points.length))
}

function spansOf(spans: readonly ChartSpan[] = []): string[] {
  return spans
    .slice(0, MOST_NAMED)
    .map(({ from, to, label }) =>
      l10n.t('{0} from {1} to {2}', label, formatSessionTime(from), formatSessionTime(to)),
    )
}

function betweenTimes(times: readonly number[]): string {
  const range = rangeOf(times)
  return range === undefined
    ? ''
    : l10n.t('{0} to {1}', formatSessionTime(range[0]), formatSessionTime(range[1]))
}

function between(values: readonly number[], unit: 'ms' | 'bytes' | 'count'): string {
  const range = rangeOf(values)
  return range === undefined
    ? ''
    : l10n.t('{0} to {1}', formatValue(range[0], unit), formatValue(range[1], unit))
}
