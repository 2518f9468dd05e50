/** What is expected of the connections of a live session. */
import type { Decoder } from '../../decode/decoder.ts'
import { REAL_TIMERS } from '../../session/replay/timers.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import type { ExpectationStatus } from '../../shared/expectation.ts'
import type { MessageBatch } from '../../shared/message-batch.ts'
import type { LiveConnection } from '../../transport/live-connection.ts'
import { Expectations } from './expectations.ts'

export interface LiveExpectationsHost {
  decoders(): readonly Decoder[]
  /** The events by which a connection started. */
  started(id: number): readonly RealtimeEvent[]
  /** When the session started on the engine's clock, which a clear changes. */
  readonly clock: { readonly zero: number }
  changed(): void
}

/** All times are those of the engine's clock, except in a status. */
export class LiveExpectations {
  readonly #host: LiveExpectationsHost
  /** By connection. */
  readonly #expectations = new Map<number, Expectations>()

  constructor(host: LiveExpectationsHost) {
    this.#host = host
  }

  /**
   * Makes what is needed to judge a connection that is opened next. Resolves to a function that takes its number. Rejects
   * with a `Failure` `BAD_EXPECTATION`.
   */
  async prepare(texts: readonly string[]): Promise<(id: number) => void> {
    if (texts.length === 0) return () => {}
    const { decoders, started, changed } = this.#host
    const expectations = await Expectations.prepare(texts, {
      decoders: decoders(),
      timers: REAL_TIMERS,
      changed,
    })
    return (id) => {
      for (const event of started(id)) expectations.appended(event)
      this.#expectations.set(id, expectations)
    }
  }

  /** Whether a connection has a status here. */
  has(id: number): boolean {
    return this.#expectations.has(id)
  }

  /** What the status of a connection says of what was expected of it. */
  status(id: number): readonly ExpectationStatus[] | undefined {
    const { zero } = this.#host.clock
    return this.#expectations.get(id)?.status.map(({ time, ranOutAt, insteadAt, ...rest }) => ({
      ...rest,
      ...(time !== undefined && { time: time - zero }),
      ...(ranOutAt !== undefined && { ranOutAt: ranOutAt - zero }),
      ...(insteadAt !== undefined && { insteadAt: { ...insteadAt, time: insteadAt.time - zero } }),
    }))
  }

  /** Call if the state of a connection may have changed. */
  update(connection: LiveConnection): void {
    const expectations = this.#expectations.get(connection.id)
    if (expectations === undefined) return
    const { state } = connection.status()
    if (state !== 'closed' && state !== 'failed') return
    void expectations.ended().then(() => this.#host.changed())
  }

  appended(event: RealtimeEvent): void {
    if (this.#expectations.size > 0 && 'connection' in event)
      this.#expectations.get(event.connection)?.appended(event)
  }

  /** As `appended`, for the messages of a batch. */
  appendedBatch(connection: number, batch: MessageBatch): void {
    this.#expectations.get(connection)?.appendedBatch(connection, batch)
  }

  forget(id: number): void {
    this.#expectations.get(id)?.stop()
    this.#expectations.delete(id)
  }

  stopAll(): void {
    for (const id of [...this.#expectations.keys()]) this.forget(id)
  }
}
