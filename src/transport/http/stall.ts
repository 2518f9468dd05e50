/** A response body that is given up if nothing of it arrives for too long. */
import { Failure } from '../../shared/failure.ts'
import { maskUrl } from '../../shared/secrets.ts'
import { MAX_TIMER_DELAY } from '../reconnect.ts'
import type { BodyEnd, BodySink, HttpResponse } from './exchange.ts'

/** Reads a body once; time during which reading is paused does not count. */
export class ImpatientBody {
  readonly #response: HttpResponse
  readonly #limit: number | undefined
  #timer: NodeJS.Timeout | undefined
  #stalled: Failure | undefined
  #paused = false
  #reading = false

  /** `limit`: milliseconds in which something has to arrive; undefined waits for ever. */
  constructor(response: HttpResponse, limit: number | undefined) {
    this.#response = response
    this.#limit = limit !== undefined && limit <= MAX_TIMER_DELAY ? limit : undefined
  }

  /** As `HttpResponse.read`; a body that stalls ends with the failure `TIMEOUT`. */
  async read(sink: BodySink): Promise<BodyEnd> {
    this.#reading = true
    this.#watch()
    const end = await this.#response.read({
      data: (bytes, time) => {
        this.#watch()
        sink.data(bytes, time)
      },
    })
    this.allowSilence()
    return end.complete || this.#stalled === undefined ? end : { ...end, failure: this.#stalled }
  }

  /** From here on it may be silent for any time. */
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
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#giveUp(limit), limit)
    else this.#timer.refresh()
  }

  #unwatch(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #giveUp(limit: number): void {
    this.#stalled = new Failure(
      'TIMEOUT',
      `Nothing more of the answer from ${maskUrl(this.#response.url)} came within ${limit} ms; what came before is kept. Check the server, or allow more time.`,
    )
    this.#response.abort()
  }
}
