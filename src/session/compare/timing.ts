/** Which messages came later or earlier than in the other recording. */

export const ON_TIME = 0
export const LATE = 1
export const EARLY = 2

/** Times of a pair of messages, each in milliseconds since its attempt was opened. */
export interface PairTimes {
  readonly before: number
  readonly after: number
}

/**
 * Judges pairs in their order. A pair's lag is how much later than in the first recording it came, counted
 * from the open of the attempt. It is off where the lag is beyond the tolerance and has moved by more than the
 * tolerance since the last pair that was off: one stall is told once, not again for all that follows it.
 */
export class TimingJudge {
  readonly #tolerance: number
  #reference = 0

  constructor(tolerance: number) {
    this.#tolerance = tolerance
  }

  judge({ before, after }: PairTimes): typeof ON_TIME | typeof LATE | typeof EARLY {
    const lag = after - before
    if (Math.abs(lag) <= this.#tolerance) {
      this.#reference = 0
      return ON_TIME
    }
    const change = lag - this.#reference
    if (Math.abs(change) <= this.#tolerance) return ON_TIME
    this.#reference = lag
    return change > 0 ? LATE : EARLY
  }
}
