/** Takes what proxies and debuggers see of other programs as connections of the session. */
import type { SeenControl, SeenExchange, SeenSocket, SeenStart, TrafficHost } from '../../shared/traffic.ts'
import type { TransportName } from '../../shared/transports.ts'
import type { Hub } from '../hub.ts'
import { ObservedExchange } from './observed-exchange.ts'
import { Reopening } from './reopening.ts'
import { asksForEvents } from './resources.ts'
import type { SeenConnection } from './seen-connection.ts'
import { StreamRecorder } from './stream-recorder.ts'
import { Undecided } from './undecided.ts'

export class SeenConnections implements TrafficHost {
  readonly #hub: Hub
  readonly #reopening = new Reopening()

  constructor(hub: Hub) {
    this.#hub = hub
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
      connection === undefined
        ? new Undecided(exchange, {
            clock: this.clock,
            open: (transport) => this.#open(start, transport, exchange.control),
          })
        : new StreamRecorder(connection, exchange)
    return exchange
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
    const connection = this.#hub.adopt({ start, transport, control })
    this.#reopening.remember(connection, start, transport === 'websocket' ? 'websocket' : 'http')
    return connection
  }
}
