/** Tracks the clients of a recorded poll. */
import type { Socket } from 'node:net'

/** A client, as far as it can be distinguished from others. */
export interface PollClient {
  /** Index of the connection recorded at the URL that the client gets. */
  readonly connection: number
  /** Number of the client's next cycle. */
  next: number
}

/** Number of remembered clients without a connection. The oldest are forgotten first. */
const MAX_AWAY = 1000

/**
 * A client is recognized by the connection that it keeps alive, or, if it opens a new connection for each request, by
 * its cursor.
 */
export class PollClients {
  readonly #connections: number
  #count = 0
  readonly #byConnection = new WeakMap<Socket, PollClient>()
  #away: PollClient[] = []

  /** `connections` is how many were recorded at the URL. New clients get them in turn. */
  constructor(connections: number) {
    this.#connections = connections
  }

  /** The client of this connection, else a client without a connection that `fits`, else a new client. */
  of(connection: Socket, fits: (client: PollClient) => boolean): PollClient {
    const known = this.#byConnection.get(connection)
    if (known !== undefined) return known
    const at = this.#away.findIndex(fits)
    const [back] = at < 0 ? [] : this.#away.splice(at, 1)
    const client = back ?? { connection: this.#count++ % this.#connections, next: 0 }
    this.#byConnection.set(connection, client)
    connection.once('close', () => this.#leave(client))
    return client
  }

  #leave(client: PollClient): void {
    this.#away.push(client)
    if (this.#away.length > MAX_AWAY) this.#away.shift()
  }
}
