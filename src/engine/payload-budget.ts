/** How much of the thread rules that read payloads may take while a session is captured. */

/** Shares of the time: usually, and if more than `RATE` events come in a millisecond. */
const USUAL = 0.02
const FLOOD = 0.001
const RATE = 2
/** Milliseconds that are saved up at most, and that are there before payloads are read again. */
const MOST = 20

export class PayloadBudget {
  #left = MOST
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
    this.#left = Math.min(MOST, this.#left + passed * (rate > RATE ? FLOOD : USUAL))
    // Not as soon as there is a little: rules need events in a row.
    if (this.#left >= MOST) this.#isSpent = false
  }

  /** Whether payloads may be read now. */
  get isLeft(): boolean {
    return !this.#isSpent
  }

  /** Payloads were read for some milliseconds. */
  spend(ms: number): void {
    this.#left -= ms
    if (this.#left <= 0) this.#isSpent = true
  }
}
