/** The cycles of an attempt, one after another. */
import { setTimeout as delay } from 'node:timers/promises'
import { MAX_TIMER_DELAY } from '../../shared/timer-delay.ts'
import type { HttpResponse } from '../http/exchange.ts'
import type { ResponseReceiver } from '../http/request.ts'
import type { AttemptContext } from '../transport.ts'
import { type CycleOptions, type CycleReceiver, type CycleResult, receiveCycle } from './cycle.ts'
import { type CycleRequests, sendRequest } from './requests.ts'
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
export class Cycles implements ResponseReceiver, CycleReceiver {
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

  /** Begins a cycle, unless reading is paused: then it begins later. Call once. */
  begin(): void {
    const { signal, clock } = this.#context
    const { untilResumed, requests } = this.#options
    try {
      signal.throwIfAborted()
      const paused = untilResumed()
      if (paused !== undefined) {
        this.#beginAfter(paused)
        return
      }
      this.#started = clock.now()
      sendRequest(this.#context, requests, this)
    } catch (error) {
      this.failed(error)
    }
  }

  #beginAfter(wait: Promise<void>): void {
    wait.then(
      () => this.begin(),
      (error) => this.failed(error),
    )
  }

  responded(response: HttpResponse): void {
    try {
      receiveCycle(this.#context, this.#options, response, this)
    } catch (error) {
      this.failed(error)
    }
  }

  received({ took, payload }: CycleResult): void {
    const { clock, signal } = this.#context
    const last = this.#last
    const nothingNew = payload === undefined || (last !== undefined && Buffer.compare(last, payload) === 0)
    this.#last = payload ?? last
    const cycle = { started: this.#started, ended: clock.now(), took, nothingNew }
    const wait = this.#options.schedule(cycle)
    if (wait > 0) this.#beginAfter(delay(Math.min(wait, MAX_TIMER_DELAY), undefined, { signal }))
    else this.begin()
  }

  failed(error: unknown): void {
    this.#options.ended(error)
  }
}
