/** Delays over time in bounded memory. */
import { lowerBound } from '../../shared/numbers.ts'
import type { LatencyBucket } from '../../shared/protocol/latency.ts'
import { PairSample } from './pair-sample.ts'

export class LatencySeries {
  /** Session times in ms, in order, and the delay at each. */
  readonly #sample = new PairSample()
  /** The smallest delay of all messages. */
  least = Number.POSITIVE_INFINITY

  /** `delay` is the arrival minus the time in the message: it contains the difference of the clocks. */
  add(time: number, delay: number): void {
    this.least = Math.min(this.least, delay)
    this.#sample.add(time, delay)
  }

  /** All messages so far. */
  get count(): number {
    return this.#sample.count
  }

  /** The delays that are kept, above the smallest. */
  delays(): number[] {
    return Array.from(this.#sample.pairs(), ([, delay]) => delay - this.least)
  }

  /** Those from one session time to another, in buckets of a duration in ms. Empty buckets are left out. */
  between(from: number, to: number, duration: number): LatencyBucket[] {
    const sample = this.#sample
    const buckets: LatencyBucket[] = []
    // Buckets stay where they are if the span moves.
    const numberOf = (at: number) => Math.floor(sample.first(at) / duration)
    const firstFrom = (time: number) => lowerBound(0, sample.kept, (at) => sample.first(at) >= time)
    const end = firstFrom(to)
    for (let at = firstFrom(from); at < end; ) {
      const number = numberOf(at)
      const own: number[] = []
      do own.push(sample.second(at++) - this.least)
      while (at < sample.kept && numberOf(at) === number)
      own.sort((a, b) => a - b)
      buckets.push({
        from: number * duration,
        to: (number + 1) * duration,
        min: own[0] ?? 0,
        median: own[(own.length - 1) >> 1] ?? 0,
        max: own.at(-1) ?? 0,
      })
    }
    return buckets
  }
}
