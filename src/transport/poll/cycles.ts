/** The cycles of an attempt, one after another. */
import { setTimeout as delay } from 'node:timers/promises'
import { MAX_TIMER_DELAY } from '../../shared/timer-delay.ts'
import type { HttpResponse } from '../http/exchange.ts'
import type { ResponseReceiver } from '../http/request.ts'
import type { AttemptContext } from '../transport.ts'
import { type CycleOptions, type CycleRequests, receiveCycle, sendRequest } from './cycle.ts'
import type { PollSchedule } from './schedule.ts'

export interface CyclesOptions extends CycleOptions {
  readonly requests: CycleRequests
  readonly schedule: PollSchedule
  /** Resolves when a request may be sent; undefined if that is now. */
  untilResumed(): Promise<void> | undefined
  /** Called with what ends the attempt: a `Failure`, or any error if the signal is aborted. */
  ended(error: unknown): void
}

/** While a request is held, no promise waits for it: V8 would copy each of a thousand in its young generation. */
export class Cycles implements ResponseReceiver {
  readonly #context: AttemptContext
  readonly #options: CyclesOptions
  /** When the current cycle began. */
  #started = 0
  /** The latest message. */
  #last: Uint8Array | undefined

  constructor(context: AttemptContext, options: CyclesOptions) {
    this.#context = context
    this.#options = options
  }

  /** Sends the first request. Call once. */
  start(): void {
    const paused = this.#options.untilResumed()
    if (paused === undefined) this.#next()
    else
      paused.then(
        () => this.#next(),
        (error) => this.failed(error),
      )
  }

  #next(): void {
    const { signal, clock } = this.#context
    signal.throwIfAborted()
    this.#started = clock.now()
    sendRequest(this.#context, this.#options.requests, this)
  }

  responded(response: HttpResponse): void {
    void this.#receive(response)
  }

  failed(error: unknown): void {
    this.#options.ended(error)
  }

  /** Receives a response, waits if it has to, and sends the next request. Never rejects. */
  async #receive(response: HttpResponse): Promise<void> {
    const { clock, signal } = this.#context
    const { schedule, untilResumed } = this.#options
    try {
      const { took, payload } = await receiveCycle(this.#context, this.#options, response)
      const nothingNew =
        payload === undefined || (this.#last !== undefined && Buffer.compare(this.#last, payload) === 0)
      this.#last = payload ?? this.#last
      const wait = schedule({ started: this.#started, ended: clock.now(), took, nothingNew })
      if (wait > 0) await delay(Math.min(wait, MAX_TIMER_DELAY), undefined, { signal })
      const paused = untilResumed()
      if (paused !== undefined) await paused
      this.#next()
    } catch (error) {
      this.failed(error)
    }
  }
}
