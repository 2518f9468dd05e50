/** Records the requests of another program to one address as the cycles of a poll. */

import { Failure, sentenceOf } from '../../shared/failure.ts'
import type { PollingTransport } from '../../shared/transports.ts'
import { endedBy } from '../../transport/http/failure-kinds.ts'
import { type CycleOptions, receiveCycle } from '../../transport/poll/cycle.ts'
import { emitClose, emitError, emitOpen } from '../../transport/report.ts'
import type { AttemptContext } from '../../transport/transport.ts'
import { CUT_OFF } from './observed-exchange.ts'
import type { PollCycle } from './poll-cycle.ts'
import { recordFailure, recordingContext } from './recording-context.ts'
import type { SeenConnection } from './seen-connection.ts'

/** A poll has ended if no request follows for this many times its longest pause, and for at least so many milliseconds. */
const MISSED_PAUSES = 5
const MIN_SILENCE = 10_000

export class PollRecorder {
  readonly connection: SeenConnection
  readonly #transport: PollingTransport
  #current: PollCycle | undefined
  #isOpen = false
  /** The cycles so far have been recorded. */
  #recorded: Promise<void> = Promise.resolve()
  /** How many of them have not been recorded yet. */
  #unrecorded = 0
  #lastEnd: number | undefined
  #longestPause = 0
  #silence: NodeJS.Timeout | undefined

  /** The connection has begun with the first of these cycles. */
  constructor(connection: SeenConnection, transport: PollingTransport, cycles: readonly PollCycle[]) {
    this.connection = connection
    this.#transport = transport
    for (const cycle of cycles) this.add(cycle)
  }

  /** Whether the latest cycle has not ended. */
  get isBusy(): boolean {
    return this.#current !== undefined && this.#current.ended === undefined
  }

  /** The next request. */
  add(cycle: PollCycle): void {
    clearTimeout(this.#silence)
    const { started, exchange } = cycle
    if (this.#lastEnd !== undefined)
      this.#longestPause = Math.max(this.#longestPause, started - this.#lastEnd)
    this.#current = cycle
    exchange.connection = this.connection
    this.connection.setControl(exchange.control)
    this.#unrecorded++
    this.#recorded = this.#recorded.then(async () => {
      await this.#record(cycle)
      this.#unrecorded--
    })
    if (cycle.ended !== undefined) this.ended(cycle)
  }

  /** A cycle has ended. */
  ended(cycle: PollCycle): void {
    this.#lastEnd = cycle.ended
    if (cycle !== this.#current) return
    this.connection.setControl({})
    clearTimeout(this.#silence)
    const silence = Math.max(MIN_SILENCE, MISSED_PAUSES * this.#longestPause)
    this.#silence = setTimeout(() => this.stop(`no request for ${Math.round(silence / 1000)} s`), silence)
    this.#silence.unref()
  }

  /** There will be no more requests. What has arrived is recorded before. */
  stop(reason: string): void {
    clearTimeout(this.#silence)
    const time = this.connection.clock.now()
    const close = () => this.connection.emit({ type: 'close', time, reason })
    if (this.#unrecorded === 0) close()
    else this.#recorded = this.#recorded.then(close)
  }

  async #record(cycle: PollCycle): Promise<void> {
    const { connection } = this
    const { exchange, started } = cycle
    if (connection.ending !== undefined) {
      connection.beginAgain(exchange.start, exchange.control)
      this.#isOpen = false
    }
    const { url, headers = {}, body } = exchange.start
    const isChanged = body !== undefined && body !== connection.spec.body
    connection.emit({ type: 'request', time: started, url, headers, ...(isChanged && { body }) })
    const response = await cycle.response
    if (response === undefined && exchange.cutOff !== undefined)
      recordFailure(connection, exchange, exchange.cutOff)
    if (response === undefined) return
    const context = recordingContext(connection, exchange)
    try {
      await new Promise<unknown>((received, failed) =>
        receiveCycle(context, this.#options(context), response, { received, failed }),
      )
    } catch (thrown) {
      const failure = thrown instanceof Failure ? thrown : new Failure('INTERNAL', sentenceOf(thrown))
      emitError(context, failure, exchange.time)
      if (this.#isOpen || failure.code === CUT_OFF) emitClose(context, endedBy(failure), exchange.time)
      connection.finish({ end: 'lost', reason: failure.message }, exchange.time)
    }
  }

  #options(context: AttemptContext): CycleOptions {
    return {
      cursor: { kind: 'none' },
      opened: (response) => {
        if (!this.#isOpen) emitOpen(context, response, this.#transport)
        this.#isOpen = true
      },
      reading: () => {},
      stallTimeout: undefined,
      mayHoldBody: this.#transport === 'long-poll',
    }
  }
}
