/** Delays over time in bounded memory: of every message at first, then of every second, every fourth, and so on. */
import type { LatencyBucket } from '../../shared/protocol/latency.ts'

/** Delays that are kept. */
const MAX_KEPT = 16_384

export class LatencySeries {
  /** Session times in ms, in order, and the delay at each. */
  #times: number[] = []
  #delays: number[] = []
  #every = 1
  /** All messages so far, and the smallest delay of all. */
  count = 0
  least = Number.POSITIVE_INFINITY

  /** `delay` is the arrival minus the time in the message: it contains the difference of the clocks. */
  add(time: number, delay: number): void {
    this.least = Math.min(this.least, delay)
    if (this.count++ % this.#every !== 0) return
    this.#times.push(time)
    this.#delays.push(delay)
    if (this.#times.length < MAX_KEPT) return
    this.#every *= 2
    const isKept = (_: number, at: number) => at % 2 === 0
    this.#times = this.#times.filter(isKept)
    this.#delays = this.#delays.filter(isKept)
  }

  /** The delays that are kept, above the smallest. */
  delays(): number[] {
    return this.#delays.map((delay) => delay - this.least)
  }

  /** Those from one session time to another, in buckets of a duration in ms. Empty buckets are left out. */
  between(from: number, to: number, duration: number): LatencyBucket[] {
    const buckets: LatencyBucket[] = []
    // Buckets stay where they are if the span moves.
    const numberOf = (time: number) => Math.floor(time / duration)
    for (let at = this.#firstAt(from); at < this.#times.length && (this.#times[at] ?? 0) < to; ) {
      const number = numberOf(this.#times[at] ?? 0)
      const own: number[] = []
      do own.push((this.#delays[at++] ?? 0) - this.least)
      while (at < this.#times.length && numberOf(this.#times[at] ?? 0) === number)
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

  /** Index of the first one at or after a time. */
  #firstAt(time: number): number {
    let [low, high] = [0, this.#times.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#times[middle] ?? 0) < time) low = middle + 1
      else high = middle
    }
    return low
  }
}
