/** Milliseconds over which is counted. */
const SPAN = 1000
/** Milliseconds that have room at first, a power of two. */
const FEW = 8

/** The milliseconds in which something was counted, oldest first, in a ring. */
interface Ring {
  readonly times: Float64Array
  readonly counts: Uint32Array
}

/** Counts over the last second, by the millisecond. It has no timer, and takes memory only while there is something to count. */
export class RateMeter {
  #ring: Ring | undefined
  #first = 0
  #length = 0
  #sum = 0
  #newest = 0

  /** Adds `more` to the count at `now`, in milliseconds of a monotonic clock. */
  count(now: number, more = 1): void {
    this.#advance(now)
    this.#sum += more
    const { times, counts } = this.#roomy()
    const last = (this.#first + this.#length - 1) & (times.length - 1)
    if (this.#length > 0 && times[last] === this.#newest) {
      counts[last] = (counts[last] ?? 0) + more
      return
    }
    const at = (this.#first + this.#length++) & (times.length - 1)
    times[at] = this.#newest
    counts[at] = more
  }

  /** The count in the second before `now`. The oldest millisecond counts in proportion to its share of that second. */
  perSecond(now: number): number {
    this.#advance(now)
    const { times, counts } = this.#ring ?? {}
    const isOldest = this.#length > 0 && times?.[this.#first] === this.#newest - SPAN
    const oldest = isOldest ? (counts?.[this.#first] ?? 0) : 0
    return Math.round(this.#sum - oldest * Math.min(1, Math.max(0, now - this.#newest)))
  }

  /** Lets go of what is more than a second older than `now`. */
  #advance(now: number): void {
    this.#newest = Math.max(Math.floor(now), this.#newest)
    if (this.#ring === undefined) return
    const { times, counts } = this.#ring
    while (this.#length > 0 && (times[this.#first] ?? 0) < this.#newest - SPAN) {
      this.#sum -= counts[this.#first] ?? 0
      this.#first = (this.#first + 1) & (times.length - 1)
      this.#length--
    }
    if (this.#length === 0) this.#ring = undefined
  }

  /** The ring, with room for another millisecond. */
  #roomy(): Ring {
    const ring = this.#ring
    if (ring !== undefined && this.#length < ring.times.length) return ring
    const size = Math.max(FEW, 2 * this.#length)
    const larger = { times: new Float64Array(size), counts: new Uint32Array(size) }
    for (let index = 0; index < this.#length; index++) {
      const from = (this.#first + index) & (this.#length - 1)
      larger.times[index] = ring?.times[from] ?? 0
      larger.counts[index] = ring?.counts[from] ?? 0
    }
    this.#first = 0
    this.#ring = larger
    return larger
  }
}
