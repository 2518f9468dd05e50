/** Milliseconds over which is counted. */
const SPAN = 1000
/** Milliseconds that have room at first, a power of two. */
const FEW = 8

/** Counts over the last second, by the millisecond. It has no timer, and takes memory only while there is something to count. */
export class RateMeter {
  /** The milliseconds in which something was counted, oldest first, in a ring: each is followed by its count. */
  #ring: Float64Array | undefined
  #first = 0
  #length = 0
  #sum = 0
  #newest = 0

  /** Adds `more` to the count at `now`, in milliseconds of a monotonic clock. */
  count(now: number, more = 1): void {
    this.#advance(now)
    this.#sum += more
    const ring = this.#roomy()
    const end = this.#first + 2 * this.#length
    const last = (end - 2) & (ring.length - 1)
    if (this.#length > 0 && ring[last] === this.#newest) {
      ring[last + 1] = (ring[last + 1] ?? 0) + more
      return
    }
    const at = end & (ring.length - 1)
    ring[at] = this.#newest
    ring[at + 1] = more
    this.#length++
  }

  /** The count in the second before `now`. The oldest millisecond counts in proportion to its share of that second. */
  perSecond(now: number): number {
    this.#advance(now)
    const isOldest = this.#length > 0 && this.#ring?.[this.#first] === this.#newest - SPAN
    const oldest = isOldest ? (this.#ring?.[this.#first + 1] ?? 0) : 0
    return Math.round(this.#sum - oldest * Math.min(1, Math.max(0, now - this.#newest)))
  }

  /** Lets go of what is more than a second older than `now`. */
  #advance(now: number): void {
    this.#newest = Math.max(Math.floor(now), this.#newest)
    const ring = this.#ring
    if (ring === undefined) return
    while (this.#length > 0 && (ring[this.#first] ?? 0) < this.#newest - SPAN) {
      this.#sum -= ring[this.#first + 1] ?? 0
      this.#first = (this.#first + 2) & (ring.length - 1)
      this.#length--
    }
    if (this.#length === 0) this.#ring = undefined
  }

  /** The ring, with room for another millisecond. */
  #roomy(): Float64Array {
    const ring = this.#ring
    if (ring !== undefined && 2 * this.#length < ring.length) return ring
    const larger = new Float64Array(Math.max(2 * FEW, 4 * this.#length))
    for (let index = 0; index < 2 * this.#length; index++)
      larger[index] = ring?.[(this.#first + index) & (ring.length - 1)] ?? 0
    this.#first = 0
    this.#ring = larger
    return larger
  }
}
