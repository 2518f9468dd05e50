/** Converts times of a program to the host's clock. */

/**
 * A program stamps its events by a monotonic clock with an origin of its own. An event arrives after it happened, so the least
 * difference of both clocks that was ever seen is the closest: it is too large by the time that the fastest event took.
 */
export class ProgramClock {
  #difference = Number.POSITIVE_INFINITY

  /**
   * The host's time of an event, in milliseconds.
   * @param timestamp The program's time, in seconds.
   * @param arrivedAt When the event arrived, on the host's clock.
   */
  hostTime(timestamp: number, arrivedAt: number): number {
    const time = timestamp * 1000
    this.#difference = Math.min(this.#difference, arrivedAt - time)
    return Math.max(0, time + this.#difference)
  }
}

/** Times that never go backwards, although those that they are made from may. */
export class OrderedTimes {
  #last = 0

  next(time: number): number {
    this.#last = Math.max(this.#last, time)
    return this.#last
  }
}
