/** Summaries of numbers: exact percentiles, histograms, rates over time. */

import { growingFloats } from '../../shared/growing.ts'
import type { Distribution, SizeRange } from '../../shared/report.ts'

/** Rounds milliseconds to the microsecond, the precision of times; sums and differences have rounding errors below. */
export function toMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000
}

/** Durations in milliseconds. All values are kept, eight bytes each, so that percentiles are exact. */
export class Sample {
  /** Created with the first value, since most samples of thousands of connections stay empty. */
  #values: ReturnType<typeof growingFloats> | undefined

  get count(): number {
    return this.#values?.length ?? 0
  }

  add(value: number): void {
    this.#values ??= growingFloats()
    this.#values.push(toMicroseconds(value))
  }

  /** By the nearest-rank method, so that each is one of the values. Undefined if there are none. */
  percentiles(): Distribution | undefined {
    if (this.#values === undefined) return undefined
    const sorted = this.#values.view().slice().sort()
    const at = (share: number) => sorted[Math.max(Math.ceil(share * sorted.length) - 1, 0)] ?? 0
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1) ?? 0 }
  }
}

/** A histogram of sizes by powers of two: 0, 1, 2 to 3, 4 to 7, … */
export class SizeHistogram {
  readonly #counts: number[] = []

  add(size: number): void {
    const range = size === 0 ? 0 : Math.floor(Math.log2(size)) + 1
    while (this.#counts.length <= range) this.#counts.push(0)
    this.#counts[range] = (this.#counts[range] ?? 0) + 1
  }

  /** From the first range with a size to the last. */
  ranges(): SizeRange[] {
    const ranges = this.#counts.map((count, range) => ({
      from: range === 0 ? 0 : 2 ** (range - 1),
      to: range === 0 ? 0 : 2 ** range - 1,
      count,
    }))
    const first = ranges.findIndex(({ count }) => count > 0)
    return first < 0 ? [] : ranges.slice(first)
  }
}

/** Buckets of a rate at most; if there are more, pairs of buckets are merged. */
const MAX_BUCKETS = 120

/** Counts in buckets of equal duration, from the start of the session. */
export class RateSeries {
  /** Milliseconds of a bucket, a power of two. */
  width = 1
  /** The counts from bucket `#first` on; those before are 0. */
  #counts: number[] = []
  #first = 0

  add(time: number, amount = 1): void {
    let bucket = Math.floor(time / this.width)
    while (bucket >= MAX_BUCKETS) {
      this.#merge()
      bucket = Math.floor(time / this.width)
    }
    if (this.#counts.length === 0) this.#first = bucket
    while (this.#first > bucket) {
      this.#counts.unshift(0)
      this.#first--
    }
    const at = bucket - this.#first
    while (this.#counts.length <= at) this.#counts.push(0)
    this.#counts[at] = (this.#counts[at] ?? 0) + amount
  }

  /** The counts in buckets of at least `width` milliseconds, a power of two. */
  counts(width: number): number[] {
    while (this.width < width) this.#merge()
    return this.#counts.length === 0 ? [] : [...Array<number>(this.#first).fill(0), ...this.#counts]
  }

  #merge(): void {
    this.width *= 2
    if (this.#counts.length === 0) return
    const merged: number[] = []
    // If the first bucket has an odd number, it is the second of its pair.
    for (let at = -(this.#first % 2); at < this.#counts.length; at += 2)
      merged.push((this.#counts[at] ?? 0) + (this.#counts[at + 1] ?? 0))
    this.#counts = merged
    this.#first = Math.floor(this.#first / 2)
  }
}
