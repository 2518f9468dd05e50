/** What is known of the clocks of sender and receiver: in numbers, and in English words. */
import type { DeliveryReport } from '../report.ts'
import { preciseSpan } from '../text/quantities.ts'

/** Times in messages and that of the start of a session are those of clocks that count milliseconds: each may be off by one. */
const RESOLUTION = 2

/** How far the sender's clock is ahead of the receiver's, in milliseconds. */
export interface ClockDifference {
  /** It is ahead by at least that. Undefined if it may also be behind. */
  readonly least: number | undefined
  /** By half the shortest round trip. Negative if it is behind, undefined without a round trip. */
  readonly estimate: number | undefined
}

/** How far the clocks are apart, as far as it can be known. `fastest` is the difference of the clocks plus one way. */
export function clockDifference({ fastest, roundTrip }: DeliveryReport): ClockDifference {
  const least = -fastest - RESOLUTION
  return {
    least: least > 0 ? least : undefined,
    estimate: roundTrip === null ? undefined : roundTrip / 2 - fastest,
  }
}

/** Whose clock is ahead, in a sentence. */
export function clocksText(delivery: DeliveryReport): string {
  const { least, estimate } = clockDifference(delivery)
  const proven =
    least === undefined ? undefined : `the sender’s clock is ahead by at least ${preciseSpan(least)}`
  if (estimate === undefined) return proven ?? 'how far the clocks are apart is unknown'
  const side = estimate < 0 ? 'behind' : 'ahead'
  const about = `about ${preciseSpan(Math.abs(estimate))} ${side}, by half the shortest round trip of ${preciseSpan(delivery.roundTrip ?? 0)}`
  return proven === undefined ? `the sender’s clock is ${about}` : `${proven}, and ${about}`
}
