/** How long messages took to arrive, in words. */
import * as l10n from '@vscode/l10n'
import type { LatencyBucket } from '../../src/shared/protocol/latency.ts'
import type { DeliveryReport } from '../../src/shared/report.ts'
import { formatLatency } from './time.ts'

const PERCENTILES = l10n.t('delivery p50 {0}, p95 {1}, p99 {2}')
const SHORT = l10n.t('p50 {0}, p99 {1}')

/** Texts of which the first one is the longest. */
export function deliveryTexts({ latency: { p50, p95, p99 } }: DeliveryReport): readonly string[] {
  const [median, most, rare] = [formatLatency(p50), formatLatency(p95), formatLatency(p99)]
  return [
    PERCENTILES.replace('{0}', median).replace('{1}', most).replace('{2}', rare),
    SHORT.replace('{0}', median).replace('{1}', rare),
  ]
}

/** The delays of the messages at one point. */
export function bucketText({ min, median, max }: LatencyBucket): string {
  if (min === max) return l10n.t('arrived {0} later than the fastest', formatLatency(max))
  return l10n.t(
    'arrived {0} to {1} later than the fastest, median {2}',
    formatLatency(min),
    formatLatency(max),
    formatLatency(median),
  )
}
