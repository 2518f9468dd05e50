/** The figures of packets of one name in words. */
import type { DecodedReport } from '../report.ts'
import { formatCount, preciseSpan } from '../text/quantities.ts'

/** Such as `request 5, ack 4; 4 of 5 answered, p50 40 ms, p95 60 ms, p99 60 ms`. */
export function decodedReportText({ kinds, requests, answered, latency }: DecodedReport): string {
  const counts = Object.entries(kinds)
    .map(([kind, count]) => `${kind} ${formatCount(count)}`)
    .join(', ')
  if (requests === 0) return counts
  const times =
    latency === null
      ? ''
      : `, p50 ${preciseSpan(latency.p50)}, p95 ${preciseSpan(latency.p95)}, p99 ${preciseSpan(latency.p99)}`
  const all =
    answered >= requests ? `all answered` : `${formatCount(answered)} of ${formatCount(requests)} answered`
  return `${counts}; ${all}${times}`
}
