/** What the bar says of the part of the session that is shown. */
import type { PartStatistics, TimeRange } from '../../src/shared/protocol/filtering.ts'
import { formatBytes, formatRate } from '../format/count.ts'
import { formatDuration, formatTick } from '../format/time.ts'

/** `02:05.1 → 02:13.0`, with as many digits as tell the two apart. */
export function rangeText({ from, to }: TimeRange): string {
  const span = to - from
  const step = span >= 1000 ? 100 : span >= 10 ? 1 : 0.01
  return `${formatTick(from, step)} → ${formatTick(to, step)}`
}

/** `151 msg/s`, over the range or from the first event to the last; undefined where there is no duration. */
export function rateText(survey: PartStatistics, range: TimeRange | null, now: number): string | undefined {
  const from = range === null ? survey.from : Math.max(0, range.from)
  const to = range === null ? survey.to : Math.min(range.to, Math.max(now, survey.to))
  if (survey.count === 0 || to <= from) return undefined
  const seconds = (to - from) / 1000
  if (survey.messages === 0) return formatRate(survey.count / seconds)
  return formatRate(survey.messages / seconds).replace('/s', '\u00a0msg/s')
}

/** Bytes, rate and gaps, as parts of one line; the last one's percentiles apart. */
export function statsOf(survey: PartStatistics, range: TimeRange | null, now: number): readonly string[] {
  const { gaps } = survey
  const rate = rateText(survey, range, now)
  return [
    ...(survey.bytes > 0 ? [formatBytes(survey.bytes)] : []),
    ...(rate === undefined ? [] : [rate]),
    ...(gaps === null
      ? []
      : [
          `gap p50 ${formatDuration(gaps.p50)}`,
          `p95 ${formatDuration(gaps.p95)}`,
          `p99 ${formatDuration(gaps.p99)}`,
        ]),
  ]
}
