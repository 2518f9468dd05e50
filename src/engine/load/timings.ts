/** Milliseconds that something took, in memory that does not grow: a histogram with three significant digits. */
import { createHistogram } from 'node:perf_hooks'
import type { Distribution } from '../../shared/report.ts'

/** Microseconds in a millisecond. */
const SCALE = 1000
/** The longest time that is measured, in microseconds: an hour. Longer ones count as this one. */
const LONGEST = 3_600_000_000
const DIGITS = 3

export class Timings {
  readonly #histogram = createHistogram({ lowest: 1, highest: LONGEST, figures: DIGITS })

  /** Adds a time in ms. */
  add(ms: number): void {
    this.#histogram.record(Math.min(Math.max(Math.round(ms * SCALE), 1), LONGEST))
  }

  get count(): number {
    return this.#histogram.count
  }

  /** In ms; null if there are no times. */
  report(): Distribution | null {
    if (this.count === 0) return null
    const at = (percentile: number) => this.#histogram.percentile(percentile) / SCALE
    return { p50: at(50), p95: at(95), p99: at(99), max: this.#histogram.max / SCALE }
  }
}
