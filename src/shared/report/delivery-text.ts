/** What is known of the clocks of sender and receiver, in words. */
import type { DeliveryReport } from '../report.ts'
import { preciseSpan } from '../text/quantities.ts'

/** Times in messages and that of the start of a session are those of clocks that count milliseconds: each may be off by one. */
const RESOLUTION = 2

/** Whose clock is ahead, as far as it can be known. `fastest` is the difference of the clocks plus one way. */
export function clocksText({ fastest, roundTrip }: DeliveryReport): string {
  const least = -fastest - RESOLUTION
  const proven = least > 0 ? `the sender’s clock is ahead by at least ${preciseSpan(least)}` : undefined
  if (roundTrip === null) return proven ?? 'how far the clocks are apart is unknown'
  const ahead = roundTrip / 2 - fastest
  const side = ahead < 0 ? 'behind' : 'ahead'
  const estimate = `about ${preciseSpan(Math.abs(ahead))} ${side}, by half the shortest round trip of ${preciseSpan(roundTrip)}`
  return proven === undefined ? `the sender’s clock is ${estimate}` : `${proven}, and ${estimate}`
}
