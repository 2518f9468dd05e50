/** Reads a response body, and ends it with a failure if nothing of it arrives for too long. */

import type { Failure } from '../../shared/failure.ts'
import { MAX_TIMER_DELAY } from '../../shared/timer-delay.ts'
import type { BodyReader, HttpResponse } from './exchange.ts'
import { stalled } from './failures.ts'

/** Time during which reading is paused does not count. */
export class TimedBody {
  readonly #response: HttpResponse
  readonly #limit: number | undefined
  #timer: NodeJS.Timeout | undefined
  #stalled: Failure | undefined
  #paused = false
  #reading = false

  /** `limit`: milliseconds within which bytes have to arrive; undefined for no limit. */
  constructor(response: HttpResponse, limit: number | undefined) {
    this.#response = response
    this.#limit = limit !== undefined && limit <= MAX_TIMER_DELAY ? limit : undefined
  }

  /** Like `HttpResponse.read`. A body that stalls ends with the failure `TIMEOUT`. Call once. */
  read(reader: BodyReader): void {
    if (this.#limit === undefined) this.#response.read(reader)
    else this.#readTimed(reader)
  }

  #readTimed(reader: BodyReader): void {
    this.#reading = true
    this.#watch()
    this.#response.read({
      data: (bytes, time) => {
        this.#watch()
        reader.data(bytes, time)
      },
      ended: (end) => {
        this.allowSilence()
        const stalled = end.complete ? undefined : this.#stalled
        reader.ended(stalled === undefined ? end : { ...end, complete: false, failure: stalled })
      },
    })
  }

  /** Removes the limit. */
  allowSilence(): void {
    this.#reading = false
    this.#unwatch()
  }

  pause(): void {
    this.#paused = true
    this.#unwatch()
    this.#response.pause()
  }

  resume(): void {
    this.#paused = false
    this.#watch()
    this.#response.resume()
  }

  #watch(): void {
    if (!this.#reading || this.#paused || this.#limit === undefined) return
    const limit = this.#limit
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#stall(limit), limit)
    else this.#timer.refresh()
  }

  #unwatch(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #stall(limit: number): void {
    this.#stalled = stalled(this.#response.url, limit)
    this.#response.abort()
  }
}
