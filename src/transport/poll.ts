/** Polling and long polling: one request after another, each response on its own. */
import { parseCursor } from '../shared/cursor.ts'
import { Failure } from '../shared/failure.ts'
import { type ConnectionSpec, DEFAULT_INTERVAL, DEFAULT_TIMEOUT } from '../shared/spec.ts'
import type { PollingTransport } from '../shared/transports.ts'
import { BaseTransport } from './base-transport.ts'
import { HttpAgent } from './http/agent.ts'
import type { HttpResponse } from './http/exchange.ts'
import { endedBy, isPermanent } from './http/failure-kinds.ts'
import { Cycles } from './poll/cycles.ts'
import { CycleRequests } from './poll/requests.ts'
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
    const agent = new HttpAgent(context.sessions)
    try {
      return await new Promise<never>((_resolve, reject) => this.#cycles(context, agent, reject).begin())
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

  #cycles(context: AttemptContext, agent: HttpAgent, ended: (error: unknown) => void): Cycles {
    const { spec, signal } = context
    const timeout = this.#traits.timeout(spec)
    return new Cycles(context, {
      requests: new CycleRequests(context, agent, timeout),
      schedule: this.#traits.schedule(spec),
      cursor: parseCursor(spec.cursor),
      opened: (response) => this.#opened(context, response),
      reading: (body) => this.reading(body),
      stallTimeout: timeout,
      mayHoldBody: this.#traits.mayHoldBody,
      untilResumed: () => (this.isPaused ? this.#untilResumed(signal) : undefined),
      ended,
    })
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
