/** One attempt of a connection: runs a transport once and reports what came of it. */
import type { Socket } from 'node:net'
import type { TransportEvent } from '../shared/event.ts'
import { Failure, sentenceOf } from '../shared/failure.ts'
import type { MessageBatch } from '../shared/message-batch.ts'
import { loadSites } from './browser/page.ts'
import { runContained, runUncontained } from './containment.ts'
import { isPermanent } from './http/failure-kinds.ts'
import { disconnected, fail } from './report.ts'
import { untilAborted } from './request-hook.ts'
import type { AttemptContext, DisconnectRequest, Outcome, Transport } from './transport.ts'

/** The outcome of an attempt, and facts that decide whether another one follows. */
export interface AttemptReport {
  readonly outcome: Outcome
  /** Session time of the `open` event; undefined if the attempt did not open. */
  readonly openedAt: number | undefined
  /** The peer sent something after the attempt opened. */
  readonly received: boolean
  /** The attempt failed or was cut off; the peer did not end it. */
  readonly broken: boolean
}

export interface AttemptHost extends Omit<AttemptContext, 'signal' | 'connected'> {
  /** Called if a callback of the transport throws. No events follow. `openedAt` is as in the report. */
  crashed(reason: string, openedAt: number | undefined): void
}

/** RFC 6455 section 7.4.1: an unexpected condition. */
const INTERNAL_ERROR = 1011

export class Attempt {
  readonly #transport: Transport
  readonly #host: AttemptHost
  readonly #control = new AbortController()
  #socket: Socket | undefined
  #openedAt: number | undefined
  #received = false
  #broken = false
  #crashed = false
  /** Replaces the outcome of the transport. */
  #ending: Outcome | undefined
  #end: (outcome: Outcome) => void = () => {}

  constructor(transport: Transport, host: AttemptHost) {
    this.#transport = transport
    this.#host = host
  }

  /** The socket that was opened last; undefined if it is closed. */
  get socket(): Socket | undefined {
    return this.#socket?.destroyed === false ? this.#socket : undefined
  }

  /** Runs the attempt to its end. Call once. Never rejects. */
  run(): Promise<AttemptReport> {
    return new Promise<Outcome>((resolve) => {
      this.#end = resolve
      this.#contained(() => {
        try {
          this.#runTransport(this.#context()).then(resolve, (thrown) => this.#crash(thrown))
        } catch (thrown) {
          this.#crash(thrown)
        }
      })
    }).then((outcome) => ({
      outcome: this.#ending ?? outcome,
      openedAt: this.#openedAt,
      received: this.#received,
      broken: this.#broken,
    }))
  }

  /** Adds no promise of its own unless something has to be prepared: a thousand attempts may be open. */
  #runTransport(context: AttemptContext): Promise<Outcome> {
    const { hook, spec } = context
    const isReady = spec.asBrowser !== true && hook?.begin === undefined
    return isReady ? this.#transport.run(context) : this.#prepareAndRun(context)
  }

  async #prepareAndRun(context: AttemptContext): Promise<Outcome> {
    const { hook, signal, spec } = context
    if (spec.asBrowser === true) await loadSites()
    try {
      if (hook?.begin !== undefined) await untilAborted(hook.begin(signal), signal)
    } catch (thrown) {
      if (signal.aborted) return disconnected(context)
      if (!(thrown instanceof Failure)) throw thrown
      return fail(context, thrown, isPermanent(thrown) ? 'failed' : 'lost')
    }
    return await this.#transport.run(context)
  }

  /** Ends the attempt. If there is an `outcome`, something failed, and it replaces that of the transport. */
  abort(request: DisconnectRequest, outcome?: Outcome): void {
    this.#ending ??= outcome
    this.#broken ||= outcome !== undefined
    this.#contained(() => this.#control.abort(request))
  }

  /** Calls a method of the transport. */
  use(call: (transport: Transport) => void): void {
    this.#contained(() => call(this.#transport))
  }

  /** Runs a function so that whatever its callbacks throw ends this attempt, and nothing else. */
  #contained<T>(run: () => T): T {
    return runContained((thrown) => this.#crash(thrown), run)
  }

  #crash(thrown: unknown): void {
    // Only the first error is reported; others follow from tearing the connection down.
    if (this.#crashed) return
    this.#crashed = true
    const reason = sentenceOf(thrown)
    this.#end({ end: 'failed', reason })
    this.#control.abort({ code: INTERNAL_ERROR } satisfies DisconnectRequest)
    try {
      runUncontained((openedAt) => this.#host.crashed(reason, openedAt), this.#openedAt)
    } catch {
      // The host's event sink is what threw, so the outcome alone reports the error.
    }
  }

  #context(): AttemptContext {
    const { crashed: _crashed, emit: _emit, emitBatch, ...context } = this.#host
    return {
      ...context,
      signal: this.#control.signal,
      connected: (socket) => {
        this.#socket = socket
      },
      emit: (event) => this.#emit(event),
      ...(emitBatch && { emitBatch: (batch) => this.#emitBatch(batch, emitBatch) }),
    }
  }

  #emitBatch(batch: MessageBatch, emitBatch: (batch: MessageBatch) => void): void {
    if (this.#crashed) return
    this.#received = true
    runUncontained(emitBatch, batch)
  }

  /** A `close` says which rule closed the connection. */
  #withRule(event: TransportEvent): TransportEvent {
    const { reason: request }: { readonly reason?: DisconnectRequest } = this.#control.signal
    const isOurs = event.type === 'close' && event.by === 'client'
    return isOurs && request?.rule !== undefined ? { ...event, rule: request.rule } : event
  }

  #emit(event: TransportEvent): void {
    if (this.#crashed) return
    if (event.type === 'open') this.#openedAt ??= event.time
    // If a peer ends its stream inside a record, it has still ended the stream. If a body is cut short, `close` says so.
    else if (event.type === 'error') this.#broken ||= event.code !== 'TRUNCATED'
    else if (event.type === 'close') this.#broken ||= event.by === 'network'
    else if (this.#openedAt !== undefined)
      this.#received ||= event.type !== 'request' && !('direction' in event && event.direction === 'out')
    runUncontained(this.#host.emit, this.#withRule(event))
  }
}
