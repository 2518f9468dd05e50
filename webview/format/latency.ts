/** How long messages took to arrive, and how far the clocks are apart, in words. */
import * as l10n from '@vscode/l10n'
import type { LatencyBucket } from '../../src/shared/protocol/latency.ts'
import { clockDifference } from '../../src/shared/report/delivery-text.ts'
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

/** Whose clock is ahead, that of the sender or ours, as far as it can be known. */
export function clocksText(delivery: DeliveryReport): string {
  const { least, estimate } = clockDifference(delivery)
  if (estimate === undefined)
    return least === undefined
      ? l10n.t('how far the clocks are apart is unknown')
      : l10n.t('the sender’s clock is ahead by at least {0}', formatLatency(least))
  const about = formatLatency(Math.abs(estimate))
  const roundTrip = formatLatency(delivery.roundTrip ?? 0)
  if (least !== undefined)
    return l10n.t(
      'the sender’s clock is ahead by at least {0}, and about {1} ahead, by half the shortest round trip of {2}',
      formatLatency(least),
      about,
      roundTrip,
    )
  return estimate < 0
    ? l10n.t(
        'the sender’s clock is about {0} behind, by half the shortest round trip of {1}',
        about,
        roundTrip,
      )
    : l10n.t(
        'the sender’s clock is about {0} ahead, by half the shortest round trip of {1}',
        about,
        roundTrip,
      )
}
