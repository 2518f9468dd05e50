/** Statistics of the part of the session that the list shows, in words. */
import * as l10n from '@vscode/l10n'
import type { PartStatistics, TimeRange } from '../../src/shared/protocol/filtering.ts'
import { formatBytes, formatRate } from '../format/count.ts'
import { formatDuration, formatTick } from '../format/time.ts'

/** `02:05.1 → 02:13.0`, with as many digits as the span needs. */
export function rangeText({ from, to }: TimeRange): string {
  const span = to - from
  const step = span >= 1000 ? 100 : span >= 10 ? 1 : 0.01
  return `${formatTick(from, step)} → ${formatTick(to, step)}`
}

/** `151 msg/s`, over the range or from the first event to the last. Undefined if there is no duration. */
export function rateText(
  statistics: PartStatistics,
  range: TimeRange | null,
  now: number,
): string | undefined {
  const from = range === null ? statistics.from : Math.max(0, range.from)
  const to = range === null ? statistics.to : Math.min(range.to, Math.max(now, statistics.to))
  if (statistics.count === 0 || to <= from) return undefined
  const seconds = (to - from) / 1000
  if (statistics.messages === 0) return formatRate(statistics.count / seconds)
  return l10n.t('{0} msg/s', formatRate(statistics.messages / seconds).replace('/s', ''))
}

/** Bytes, rate and percentiles of the gaps, as parts of one line. */
export function statisticsTexts(
  statistics: PartStatistics,
  range: TimeRange | null,
  now: number,
): readonly string[] {
  const { gaps } = statistics
  const rate = rateText(statistics, range, now)
  return [
    ...(statistics.bytes > 0 ? [formatBytes(statistics.bytes)] : []),
    ...(rate === undefined ? [] : [rate]),
    ...(gaps === null
      ? []
      : [
          l10n.t('gap p50 {0}', formatDuration(gaps.p50)),
          `p95 ${formatDuration(gaps.p95)}`,
          `p99 ${formatDuration(gaps.p99)}`,
        ]),
  ]
}
