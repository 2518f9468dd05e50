/** Converts times of a program to the host's clock. */

/** How fast two clocks may drift apart: a share of the time that passes. Quartz stays well below it. */
const MAX_DRIFT = 1e-4

/**
 * A program stamps its events by a monotonic clock with an origin of its own. An event arrives after it happened, so the least
 * difference of both clocks that was seen is the closest: it is too large by the time that the fastest event took. What was seen
 * before counts for less with time, as the clocks may have drifted apart since.
 */
export class ProgramClock {
  #difference = Number.POSITIVE_INFINITY
  /** When an event arrived last, on the host's clock. */
  #arrivedAt = 0
  /** The latest time of the program, and what it was on the host's clock. */
  #latest = { time: Number.NEGATIVE_INFINITY, hostTime: 0 }

  /**
   * The host's time of an event, in milliseconds. A later time of the program is never an earlier one of the host.
   * @param timestamp The program's time, in seconds.
   * @param arrivedAt When the event arrived, on the host's clock.
   */
  hostTime(timestamp: number, arrivedAt: number): number {
    const time = timestamp * 1000
    const drift = MAX_DRIFT * Math.max(0, arrivedAt - this.#arrivedAt)
    this.#arrivedAt = arrivedAt
    this.#difference = Math.min(this.#difference + drift, arrivedAt - time)
    const hostTime = Math.max(0, time + this.#difference)
    if (time < this.#latest.time) return hostTime
    this.#latest = { time, hostTime: Math.max(hostTime, this.#latest.hostTime) }
    return this.#latest.hostTime
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
