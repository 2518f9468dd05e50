/** One-millisecond buckets. One more than a second has, because a second seldom starts and ends on a bucket's edge. */
const BUCKETS = 1001

/** Counts over the last second, in a ring of buckets: constant memory, no timer. */
export class RateMeter {
  readonly #counts = new Uint32Array(BUCKETS)
  #newest = 0

  /** Adds `more` to the count at `now`, in milliseconds of a monotonic clock. */
  count(now: number, more = 1): void {
    const slot = this.#advance(now)
    this.#counts[slot] = (this.#counts[slot] ?? 0) + more
  }

  /** The count in the second before `now`. The oldest bucket counts in proportion to its share of that second. */
  perSecond(now: number): number {
    const slot = this.#advance(now)
    const oldest = this.#counts[(slot + 1) % BUCKETS] ?? 0
    const sum = this.#counts.reduce((total, count) => total + count, 0)
    return Math.round(sum - oldest * Math.min(1, Math.max(0, now - this.#newest)))
  }

  /** Empties the buckets between the newest one and `now`; returns the slot of `now`. */
  #advance(now: number): number {
    const bucket = Math.floor(now)
    const passed = Math.min(bucket - this.#newest, BUCKETS)
    for (let i = 0; i < passed; i++) this.#counts[(bucket - i) % BUCKETS] = 0
    this.#newest = Math.max(bucket, this.#newest)
    return this.#newest % BUCKETS
  }
}
