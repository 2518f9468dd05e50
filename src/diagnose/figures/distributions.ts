/** Summaries of numbers: exact percentiles, histograms, rates over time. */

import { growingFloats } from '../../shared/growing.ts'
import { toMicroseconds } from '../../shared/numbers.ts'
import { percentilesOf } from '../../shared/percentiles.ts'
import type { Distribution, GapRange, SizeRange } from '../../shared/report.ts'

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

  /** Undefined if there are none. */
  percentiles(): Distribution | undefined {
    return this.#values && percentilesOf(this.#values.view())
  }
}

/** Numbers up to which `Math.clz32`, which is faster than a logarithm, tells their bits. */
const MOST_BITS = 2 ** 32

/** Number of the range of a value: 0 below 1, 1 for 1, 2 from 2 on, 3 from 4 on. */
function rangeOf(value: number): number {
  if (value < 1) return 0
  return value < MOST_BITS ? 32 - Math.clz32(value) : Math.floor(Math.log2(value)) + 1
}

/** Counts values by powers of two. */
class Histogram {
  readonly #counts: number[] = []

  add(value: number): void {
    const range = rangeOf(value)
    while (this.#counts.length <= range) this.#counts.push(0)
    this.#counts[range] = (this.#counts[range] ?? 0) + 1
  }

  /** The counts of values in [from, to), from the first range with a value to the last. */
  protected counts(): { readonly from: number; readonly to: number; readonly count: number }[] {
    const ranges = this.#counts.map((count, range) => ({
      from: range === 0 ? 0 : 2 ** (range - 1),
      to: 2 ** range,
      count,
    }))
    const first = ranges.findIndex(({ count }) => count > 0)
    return first < 0 ? [] : ranges.slice(first)
  }
}

/** A histogram of sizes: 0, 1, 2 to 3, 4 to 7, … */
export class SizeHistogram extends Histogram {
  ranges(): SizeRange[] {
    return this.counts().map(({ from, to, count }) => ({ from, to: to - 1, count }))
  }
}

/** A histogram of durations: below 1 ms, 1 to 2 ms, 2 to 4 ms, … */
export class GapHistogram extends Histogram {
  ranges(): GapRange[] {
    return this.counts()
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
