/** How far each client of a recorded poll has come. */
import type { Socket } from 'node:net'

/** One client, as far as it can be told from others. */
export interface PollClient {
  /** Which of the connections recorded at the URL it gets. */
  readonly connection: number
  /** Number of the cycle whose turn it is. */
  next: number
}

/** Clients without a connection that may come again; beyond that the oldest are forgotten. */
const MAX_AWAY = 1000

/**
 * A client is known by the connection it keeps alive; one that opens a new connection for each request, by
 * what it resumes from.
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

  /** The client that asks over this connection; a new one where none that is away `fits`. */
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
