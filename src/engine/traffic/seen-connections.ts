/** Takes what proxies and debuggers see of other programs as connections of the session. */
import type { SeenControl, SeenExchange, SeenSocket, SeenStart, TrafficHost } from '../../shared/traffic.ts'
import type { TransportName } from '../../shared/transports.ts'
import type { Hub } from '../hub.ts'
import { type ExchangeReader, ObservedExchange } from './observed-exchange.ts'
import { Polls } from './polls.ts'
import { Reopening } from './reopening.ts'
import { asksForEvents } from './resources.ts'
import type { SeenConnection } from './seen-connection.ts'
import { StreamRecorder } from './stream-recorder.ts'
import { Undecided } from './undecided.ts'

export class SeenConnections implements TrafficHost {
  readonly #hub: Hub
  readonly #reopening: Reopening
  readonly #polls: Polls
  readonly maxMessageSize: number | undefined

  /** Messages of more than `maxMessageSize` bytes are not recorded. */
  constructor(hub: Hub, maxMessageSize?: number) {
    this.#hub = hub
    this.maxMessageSize = maxMessageSize
    const isListed = ({ id }: SeenConnection) => hub.has(id)
    this.#reopening = new Reopening(isListed)
    this.#polls = new Polls(
      (transport, { start, control }) => hub.adopt({ start, transport, control, maxMessageSize }),
      isListed,
    )
  }

  get clock() {
    return this.#hub.clock
  }

  webSocket(start: SeenStart, control: SeenControl = {}): SeenSocket {
    return this.#reopen(start, 'websocket', control) ?? this.#open(start, 'websocket', control)
  }

  exchange(start: SeenStart, control: SeenControl = {}): SeenExchange {
    const exchange = new ObservedExchange(start, control)
    const connection =
      this.#reopen(start, 'http', exchange.control) ??
      (asksForEvents(start) ? this.#open(start, 'sse', exchange.control) : undefined)
    exchange.reader =
      connection === undefined ? this.#readerOf(exchange) : new StreamRecorder(connection, exchange)
    return exchange
  }

  /** A source has ended. What it saw repeatedly does not go on; `reason` says so. */
  sourceEnded(through: number, reason: string): void {
    this.#polls.sourceEnded(through, reason)
  }

  /** What reads an exchange that is not known to be a stream. */
  #readerOf(exchange: ObservedExchange): ExchangeReader {
    const { cycle, isKnown = false } = this.#polls.take(exchange) ?? {}
    if (isKnown && cycle !== undefined) return cycle
    return new Undecided(exchange, cycle, {
      clock: this.clock,
      open: (transport) => this.#open(exchange.start, transport, exchange.control),
      dismiss: () => this.#polls.dismiss(exchange),
      mark: (text) => this.mark(text, exchange.time),
    })
  }

  mark(text: string, time = this.clock.now()): void {
    this.#hub.append({ type: 'mark', time, text })
  }

  /** Begins another attempt of the connection that a program opens again; undefined if it opens a new one. */
  #reopen(start: SeenStart, kind: 'websocket' | 'http', control: SeenControl): SeenConnection | undefined {
    const connection = this.#reopening.find(start, kind)
    if (connection === undefined) return undefined
    connection.beginAgain(start, control)
    this.#reopening.remember(connection, start, kind)
    return connection
  }

  #open(start: SeenStart, transport: TransportName, control: SeenControl): SeenConnection {
    const { maxMessageSize } = this
    const connection = this.#hub.adopt({ start, transport, control, maxMessageSize })
    this.#reopening.remember(connection, start, transport === 'websocket' ? 'websocket' : 'http')
    return connection
  }
}
