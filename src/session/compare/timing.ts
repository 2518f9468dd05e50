/** Decides which messages came later or earlier than in the other recording. */

export const ON_TIME = 0
export const LATE = 1
export const EARLY = 2

/** Times of a pair of messages, in milliseconds since the open of their attempts. */
export interface PairTimes {
  readonly before: number
  readonly after: number
}

/**
 * Judges pairs in order. The lag of a pair is the time by which it is later than in the first recording, relative to
 * the open of the attempt. A pair is late or early if the lag exceeds the tolerance and has changed by more than the
 * tolerance since the last such pair: a stall is reported once, not again for every later message.
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
