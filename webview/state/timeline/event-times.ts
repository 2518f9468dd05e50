/** The times of some events of a lane, in order. There may be many, so they are not objects. */
import { lowerBound } from '../../../src/shared/numbers.ts'

export class EventTimes {
  readonly #times: number[] = []
  readonly #events: number[] = []

  get length(): number {
    return this.#times.length
  }

  push(time: number, event: number): void {
    this.#times.push(time)
    this.#events.push(event)
  }

  /** Session time in milliseconds of the event at a position. */
  time(position: number): number {
    return this.#times[position] ?? 0
  }

  /** Number of the event at a position. */
  event(position: number): number {
    return this.#events[position] ?? -1
  }

  /** Position of the first event at or after a time. */
  firstAt(time: number): number {
    return lowerBound(0, this.#times.length, (position) => (this.#times[position] ?? 0) >= time)
  }

  /**
   * Visits the times in [from, to]. Of times closer together than `apart`, visits only the first: of a million times,
   * only as many as the eye can separate.
   */
  each(from: number, to: number, apart: number, visit: (time: number) => void): void {
    for (let at = this.firstAt(from); at < this.length; ) {
      const time = this.time(at)
      if (time > to) return
      visit(time)
      at = Math.max(at + 1, this.firstAt(time + apart))
    }
  }

  /** The event closest to a time, at most `reach` away. */
  nearest(time: number, reach: number): number | undefined {
    let best: number | undefined
    for (let at = this.firstAt(time - reach); at < this.length && this.time(at) <= time + reach; at++) {
      if (best === undefined || Math.abs(this.time(at) - time) < Math.abs(this.time(best) - time)) best = at
    }
    return best === undefined ? undefined : this.event(best)
  }
}
