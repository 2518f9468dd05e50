/** Polling and long polling: one request after another, each response on its own. */

import { setTimeout as delay } from 'node:timers/promises'
import { parseCursor } from '../shared/cursor.ts'
import { Failure } from '../shared/failure.ts'
import { type ConnectionSpec, DEFAULT_INTERVAL, DEFAULT_TIMEOUT } from '../shared/spec.ts'
import { MAX_TIMER_DELAY } from '../shared/timer-delay.ts'
import type { PollingTransport } from '../shared/transports.ts'
import { BaseTransport } from './base-transport.ts'
import { HttpAgent } from './http/agent.ts'
import type { HttpResponse } from './http/exchange.ts'
import { endedBy, isPermanent } from './http/failure-kinds.ts'
import { type CycleOptions, CycleRequests, receiveCycle, sendRequest } from './poll/cycle.ts'
import { fixedSchedule, longPollSchedule, type PollSchedule } from './poll/schedule.ts'
import { disconnected, emitClose, emitOpen, fail } from './report.ts'
import type { AttemptContext, Outcome } from './transport.ts'

/** How polling and long polling differ. */
interface PollTraits {
  readonly name: PollingTransport
  schedule(spec: ConnectionSpec): PollSchedule
  /**
   * Milliseconds within which a response head has to arrive, and then more of the body; undefined if the server may
   * hold them for any time.
   */
  timeout(spec: ConnectionSpec): number | undefined
  /** Whether a server may hold the body after it has sent the head. */
  readonly mayHoldBody: boolean
}

const LONG_POLL: PollTraits = {
  name: 'long-poll',
  schedule: (spec) => longPollSchedule(spec.interval),
  timeout: (spec) => spec.timeout,
  mayHoldBody: true,
}

const POLL: PollTraits = {
  name: 'poll',
  schedule: (spec) => fixedSchedule(spec.interval ?? DEFAULT_INTERVAL),
  timeout: (spec) => spec.timeout ?? DEFAULT_TIMEOUT,
  mayHoldBody: false,
}

class CyclingTransport extends BaseTransport {
  readonly #traits: PollTraits
  #open = false
  #unpause: () => void = () => {}

  constructor(traits: PollTraits) {
    super()
    this.#traits = traits
  }

  async run(context: AttemptContext): Promise<Outcome> {
    const { clock, signal } = context
    const agent = new HttpAgent(context.sessions)
    try {
      const { schedule, request, receive } = this.#cycles(context, agent)
      let last: Uint8Array | undefined
      for (;;) {
        signal.throwIfAborted()
        if (this.isPaused) await this.#untilResumed(signal)
        const started = clock.now()
        // While a request is held, only this function waits, and nothing keeps the previous response.
        const { took, payload } = await request().then(receive)
        const nothingNew =
          payload === undefined || (last !== undefined && Buffer.compare(last, payload) === 0)
        last = payload ?? last
        const wait = schedule({ started, ended: clock.now(), took, nothingNew })
        if (wait > 0) await delay(Math.min(wait, MAX_TIMER_DELAY), undefined, { signal })
      }
    } catch (error) {
      if (context.signal.aborted) return disconnected(context)
      if (!(error instanceof Failure)) throw error
      return this.#failed(context, error)
    } finally {
      agent.close()
    }
  }

  override resume(): void {
    super.resume()
    this.#unpause()
  }

  /** What each cycle consists of. */
  #cycles(context: AttemptContext, agent: HttpAgent) {
    const { spec } = context
    const timeout = this.#traits.timeout(spec)
    const requests = new CycleRequests(context, agent, timeout)
    const options: CycleOptions = {
      cursor: parseCursor(spec.cursor),
      opened: (response) => this.#opened(context, response),
      reading: (body) => this.reading(body),
      stallTimeout: timeout,
      mayHoldBody: this.#traits.mayHoldBody,
    }
    return {
      schedule: this.#traits.schedule(spec),
      request: () => sendRequest(context, requests),
      receive: (response: HttpResponse) => receiveCycle(context, options, response),
    }
  }

  /** Resolves when reading is not paused. Rejects when the signal aborts. */
  async #untilResumed(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#unpause = resolve
      signal.addEventListener('abort', this.#unpause, { once: true })
    })
    signal.removeEventListener('abort', this.#unpause)
    signal.throwIfAborted()
  }

  #opened(context: AttemptContext, response: HttpResponse): void {
    if (this.#open) return
    this.#open = true
    emitOpen(context, response, this.#traits.name)
  }

  #failed(context: AttemptContext, failure: Failure): Outcome {
    const time = context.clock.now()
    const outcome = fail(context, failure, isPermanent(failure) ? 'failed' : 'lost', time)
    if (this.#open) emitClose(context, endedBy(failure), time)
    return outcome
  }
}

/** Long polling: each request follows as soon as the server has answered the one before. */
export class LongPollTransport extends CyclingTransport {
  constructor() {
    super(LONG_POLL)
  }
}

/** Polling: one request every `interval` milliseconds. */
export class PollTransport extends CyclingTransport {
  constructor() {
    super(POLL)
  }
}
