/** Takes what proxies and debuggers see of other programs as connections of the session. */
import type { SeenControl, SeenExchange, SeenSocket, SeenStart, TrafficHost } from '../../shared/traffic.ts'
import type { TransportName } from '../../shared/transports.ts'
import type { Hub } from '../hub.ts'
import type { SeenConnection } from './seen-connection.ts'

/** Milliseconds after which a program that opens the same URL does not reconnect, but begins anew. */
const LONGEST_WAIT = 120_000
/** Connections that a program may open again, at most. The oldest are forgotten. */
const MAX_REMEMBERED = 1000

export class SeenConnections implements TrafficHost {
  readonly #hub: Hub
  /** The last connection of each program to each URL. */
  readonly #last = new Map<string, SeenConnection>()

  constructor(hub: Hub) {
    this.#hub = hub
  }

  get clock() {
    return this.#hub.clock
  }

  webSocket(start: SeenStart, control: SeenControl = {}): SeenSocket {
    return this.#begin(start, 'websocket', control)
  }

  exchange(_start: SeenStart, _control: SeenControl = {}): SeenExchange {
    throw new Error('not yet')
  }

  mark(text: string, time = this.clock.now()): void {
    this.#hub.append({ type: 'mark', time, text })
  }

  /** The connection that `start` opens: the one that it opens again, or a new one. */
  #begin(start: SeenStart, transport: TransportName, control: SeenControl): SeenConnection {
    const key = JSON.stringify([
      start.source,
      start.through,
      start.program,
      transport,
      start.method,
      start.url,
    ])
    const last = this.#last.get(key)
    this.#last.delete(key)
    if (last !== undefined && isOpenedAgain(last, start)) {
      last.beginAgain(start, control)
      this.#remember(key, last)
      return last
    }
    const connection = this.#hub.adopt({ start, transport, control })
    this.#remember(key, connection)
    return connection
  }

  #remember(key: string, connection: SeenConnection): void {
    this.#last.set(key, connection)
    const [oldest] = this.#last.keys()
    if (this.#last.size > MAX_REMEMBERED && oldest !== undefined) this.#last.delete(oldest)
  }
}

/**
 * Whether a program that opens a URL reconnects: its last connection there ended, but the program did not end it, and not long ago.
 */
function isOpenedAgain({ ending }: SeenConnection, { time }: SeenStart): boolean {
  return ending !== undefined && ending.by !== 'client' && time - ending.time <= LONGEST_WAIT
}
