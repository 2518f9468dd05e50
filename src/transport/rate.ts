const BUCKET_MS = 100
const BUCKETS = 10

/** Counts over the last second, in a ring of buckets: constant memory, no timer. */
export class RateMeter {
  readonly #counts = new Uint32Array(BUCKETS)
  #newest = 0

  /** Counts `more` at `now`, in milliseconds of a monotonic clock. */
  count(now: number, more = 1): void {
    const slot = this.#advance(now)
    this.#counts[slot] = (this.#counts[slot] ?? 0) + more
  }

  /** How many were counted in the second before `now`. */
  perSecond(now: number): number {
    this.#advance(now)
    return this.#counts.reduce((sum, count) => sum + count, 0)
  }

  /** Empties the buckets that have passed since the newest one; returns the slot of `now`. */
  #advance(now: number): number {
    const bucket = Math.floor(now / BUCKET_MS)
    const passed = Math.min(bucket - this.#newest, BUCKETS)
    for (let i = 0; i < passed; i++) this.#counts[(bucket - i) % BUCKETS] = 0
    this.#newest = Math.max(bucket, this.#newest)
    return this.#newest % BUCKETS
  }
}
