/** Long-polling and plain polling: request after request, each answer a fact of its own. */
import { setTimeout as delay } from 'node:timers/promises'
import { parseCursor } from '../shared/cursor.ts'
import { Failure } from '../shared/failure.ts'
import {
  type ConnectionSpec,
  DEFAULT_INTERVAL,
  DEFAULT_TIMEOUT,
  type OutboundMessage,
} from '../shared/spec.ts'
import type { PollingTransport } from '../shared/transports.ts'
import { HttpAgent } from './http/agent.ts'
import type { HttpResponse } from './http/exchange.ts'
import { endedBy, isPermanent } from './http/failures.ts'
import type { ImpatientBody } from './http/stall.ts'
import { type Answer, CycleRequests, runCycle } from './poll/cycle.ts'
import { eagerPace, type Pace, steadyPace } from './poll/schedule.ts'
import { MAX_TIMER_DELAY } from './reconnect.ts'
import { disconnected, emitClose, emitOpen, fail } from './report.ts'
import type { AttemptContext, Outcome, Transport } from './transport.ts'

/** How the two kinds of polling differ. */
interface Manner {
  readonly name: PollingTransport
  pace(spec: ConnectionSpec): Pace
  /**
   * Milliseconds until a response head is there, and in which more of its body has to come; undefined for as long as
   * the server holds it.
   */
  timeout(spec: ConnectionSpec): number | undefined
  /** Whether a server may hold the body after the head. */
  readonly mayHoldBody: boolean
}

const LONG_POLL: Manner = {
  name: 'long-poll',
  pace: (spec) => eagerPace(spec.interval),
  timeout: (spec) => spec.timeout,
  mayHoldBody: true,
}

const POLL: Manner = {
  name: 'poll',
  pace: (spec) => steadyPace(spec.interval ?? DEFAULT_INTERVAL),
  timeout: (spec) => spec.timeout ?? DEFAULT_TIMEOUT,
  mayHoldBody: false,
}

class CyclingTransport implements Transport {
  readonly #manner: Manner
  readonly #agent = new HttpAgent()
  #open = false
  #paused = false
  #unpause: () => void = () => {}
  #body: ImpatientBody | undefined

  constructor(manner: Manner) {
    this.#manner = manner
  }

  async run(context: AttemptContext): Promise<Outcome> {
    try {
      return await this.#cycles(context)
    } catch (error) {
      if (context.signal.aborted) return disconnected(context)
      if (!(error instanceof Failure)) throw error
      return this.#failed(context, error)
    } finally {
      this.#agent.close()
    }
  }

  send(_message: OutboundMessage): void {
    throw new Failure('CANNOT_SEND', `${this.#manner.name} only receives; connect by WebSocket to send.`)
  }

  pause(): void {
    this.#paused = true
    this.#body?.pause()
  }

  resume(): void {
    this.#paused = false
    this.#body?.resume()
    this.#unpause()
  }

  async #cycles(context: AttemptContext): Promise<never> {
    const { spec, clock, signal } = context
    const cursor = parseCursor(spec.cursor)
    const pace = this.#manner.pace(spec)
    const timeout = this.#manner.timeout(spec)
    const options = {
      cursor,
      requests: new CycleRequests(context, this.#agent, timeout),
      opened: (response: HttpResponse) => this.#opened(context, response),
      reading: (body: ImpatientBody | undefined) => this.#reading(body),
      stallTimeout: timeout,
      mayHoldBody: this.#manner.mayHoldBody,
    }
    let last: Uint8Array | undefined
    for (;;) {
      await this.#ready(signal)
      const started = clock.now()
      const { took, payload }: Answer = await runCycle(context, options)
      const nothingNew = payload === undefined || (last !== undefined && Buffer.compare(last, payload) === 0)
      last = payload ?? last
      const wait = pace({ started, ended: clock.now(), took, nothingNew })
      if (wait > 0) await delay(Math.min(wait, MAX_TIMER_DELAY), undefined, { signal })
    }
  }

  /** Settles once reading is not paused; rejects when disconnected. */
  async #ready(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (!this.#paused) return
    await new Promise<void>((resolve) => {
      this.#unpause = resolve
      signal.addEventListener('abort', this.#unpause, { once: true })
    })
    signal.removeEventListener('abort', this.#unpause)
    signal.throwIfAborted()
  }

  #reading(body: ImpatientBody | undefined): void {
    this.#body = body
    if (this.#paused) body?.pause()
  }

  #opened(context: AttemptContext, response: HttpResponse): void {
    if (this.#open) return
    this.#open = true
    emitOpen(context, response, this.#manner.name)
  }

  #failed(context: AttemptContext, failure: Failure): Outcome {
    const time = context.clock.now()
    const outcome = fail(context, failure, isPermanent(failure) ? 'failed' : 'lost', time)
    if (this.#open) emitClose(context, endedBy(failure), time)
    return outcome
  }
}

/** Long-polling: the next request goes out as soon as the server has answered the last. */
export class LongPollTransport extends CyclingTransport {
  constructor() {
    super(LONG_POLL)
  }
}

/** Plain polling: one request every `interval` milliseconds. */
export class PollTransport extends CyclingTransport {
  constructor() {
    super(POLL)
  }
}
