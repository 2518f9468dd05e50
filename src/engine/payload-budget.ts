/**
 * How much of the thread rules that read payloads may take while a session is captured: a share of the time, and always the
 * payloads of a calm session, because time passes on a busy machine without anything being read.
 */

/** Shares of the time: usually, and if more than `RATE` events come in a millisecond. */
const USUAL = 0.02
const FLOOD = 0.001
const RATE = 2
/** Payloads in a millisecond that are read in any case, unless events come in a flood, and those that are saved up. */
const CALM = 0.5
const MOST_CALM = 500
/** Larger payloads count as several, by their bytes. */
const CALM_SIZE = 4096
/** Milliseconds that are saved up at most, and that are there before payloads are read again. */
const MOST = 20

export class PayloadBudget {
  #left = MOST
  #calm = MOST_CALM
  #isSpent = false
  #at: number
  #count = 0

  /** `now` is a time of `performance.now()`. */
  constructor(now: number) {
    this.#at = now
  }

  /** Call with the number of events so far, at least a few times a second. */
  earn(count: number, now: number): void {
    const passed = Math.max(now - this.#at, 0)
    const rate = (count - this.#count) / Math.max(passed, 1)
    this.#at = now
    this.#count = count
    const isFlood = rate > RATE
    this.#calm = isFlood ? 0 : Math.min(MOST_CALM, this.#calm + passed * CALM)
    this.#left = Math.min(MOST, this.#left + passed * (isFlood ? FLOOD : USUAL))
    // Not as soon as there is a little: rules need events in a row.
    if (this.#left >= MOST) this.#isSpent = false
  }

  /** Whether payloads may be read now. */
  get isLeft(): boolean {
    return this.#calm > 0 || !this.#isSpent
  }

  /** Some payloads were read, of so many bytes together, in some milliseconds. */
  spend(payloads: number, bytes: number, ms: number): void {
    if (this.#calm > 0) {
      this.#calm -= Math.max(payloads, bytes / CALM_SIZE)
      return
    }
    this.#left -= ms
    if (this.#left <= 0) this.#isSpent = true
  }
}
