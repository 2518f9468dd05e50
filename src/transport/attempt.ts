/** One attempt of a connection: a transport that is run once, and what came of it. */
import type { TransportEvent } from '../shared/event.ts'
import { sentenceOf } from '../shared/failure.ts'
import type { MessageBatch } from '../shared/message-batch.ts'
import { ownedBy, unowned } from './containment.ts'
import type { AttemptContext, DisconnectRequest, Outcome, Transport } from './transport.ts'

/** What an attempt came to, beyond its outcome. */
export interface AttemptReport {
  readonly outcome: Outcome
  /** Session time of its `open`. */
  readonly openedAt: number | undefined
  /** Something came in: the peer does more than accept and hang up. */
  readonly received: boolean
  /** The attempt failed or broke, rather than being ended by its peer. */
  readonly broken: boolean
}

export interface AttemptHost extends Omit<AttemptContext, 'signal'> {
  /** Nothing more comes of the attempt, because something in it threw; `openedAt` as in the report. */
  broke(reason: string, openedAt: number | undefined): void
}

/** RFC 6455 section 7.4.1: an unexpected condition. */
const INTERNAL_ERROR = 1011

export class Attempt {
  readonly #transport: Transport
  readonly #host: AttemptHost
  readonly #control = new AbortController()
  #openedAt: number | undefined
  #received = false
  #broken = false
  /** Something in it threw. */
  #isOver = false
  #end: (outcome: Outcome) => void = () => {}

  constructor(transport: Transport, host: AttemptHost) {
    this.#transport = transport
    this.#host = host
  }

  /** Runs it to its end; call once. Never rejects. */
  async run(): Promise<AttemptReport> {
    const outcome = await new Promise<Outcome>((resolve) => {
      this.#end = resolve
      void this.#within(async () => {
        try {
          resolve(await this.#transport.run(this.#context()))
        } catch (thrown) {
          this.#break(thrown)
        }
      })
    })
    return { outcome, openedAt: this.#openedAt, received: this.#received, broken: this.#broken }
  }

  abort(request: DisconnectRequest): void {
    this.#within(() => this.#control.abort(request))
  }

  /** Calls the transport from outside. */
  use(call: (transport: Transport) => void): void {
    this.#within(() => call(this.#transport))
  }

  /** Whatever throws in a callback of the transport breaks this attempt, and nothing else. */
  #within<T>(run: () => T): T {
    return ownedBy((thrown) => this.#break(thrown), run)
  }

  #break(thrown: unknown): void {
    // Once is told; the rest is what follows from it while the connection is torn down.
    if (this.#isOver) return
    this.#isOver = true
    const reason = sentenceOf(thrown)
    this.#end({ end: 'failed', reason })
    this.#control.abort({ code: INTERNAL_ERROR } satisfies DisconnectRequest)
    try {
      unowned(() => this.#host.broke(reason, this.#openedAt))
    } catch {
      // What takes the events is what threw: the outcome says so to whoever runs the connection.
    }
  }

  #context(): AttemptContext {
    const { broke: _broke, emit: _emit, emitBatch, ...context } = this.#host
    return {
      ...context,
      signal: this.#control.signal,
      emit: (event) => this.#take(event),
      ...(emitBatch && { emitBatch: (batch) => this.#takeBatch(batch, emitBatch) }),
    }
  }

  #takeBatch(batch: MessageBatch, emitBatch: (batch: MessageBatch) => void): void {
    if (this.#isOver) return
    this.#received = true
    unowned(() => emitBatch(batch))
  }

  #take(event: TransportEvent): void {
    if (this.#isOver) return
    if (event.type === 'open') this.#openedAt ??= event.time
    // A peer that ends its stream inside a record has ended it; of a body cut short, the close says so.
    else if (event.type === 'error') this.#broken ||= event.code !== 'TRUNCATED'
    else if (event.type === 'close') this.#broken ||= event.by === 'network'
    else if (this.#openedAt !== undefined)
      this.#received ||= event.type !== 'request' && !('direction' in event && event.direction === 'out')
    unowned(() => this.#host.emit(event))
  }
}
