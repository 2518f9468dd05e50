/** Counts the errors of connections that the user has not seen. Does not import `vscode`. */
import type { Reset } from '../../shared/protocol/notifications.ts'
import type { ConnectionStatus } from '../../shared/status.ts'

/** The session whose connections have the errors. */
export interface ErringSession {
  readonly connections: readonly ConnectionStatus[]
  on(name: 'reset', listener: (reset: Reset) => void): unknown
}

export class UnreadErrors {
  readonly #session: ErringSession
  /** Errors that the user has seen, by connection. */
  readonly #seen = new Map<number, number>()
  readonly #listeners = new Set<() => void>()

  constructor(session: ErringSession) {
    this.#session = session
    session.on('reset', ({ why }) => {
      // The connections of another session have the same numbers.
      if (why === 'replaced') this.#seen.clear()
    })
  }

  /** Calls `listener` when the user has seen errors. */
  readonly onSeen = (listener: () => void): { dispose(): void } => {
    this.#listeners.add(listener)
    return { dispose: () => void this.#listeners.delete(listener) }
  }

  /** Those of one connection. */
  of({ id, errors = 0 }: ConnectionStatus): number {
    return Math.max(0, errors - (this.#seen.get(id) ?? 0))
  }

  /** Those of all connections. */
  get total(): number {
    return this.#session.connections.reduce((sum, connection) => sum + this.of(connection), 0)
  }

  /** The user has seen the errors of a connection, or of all of them. */
  see(id?: number): void {
    for (const { id: each, errors = 0 } of this.#session.connections)
      if (id === undefined || each === id) this.#seen.set(each, errors)
    for (const listener of this.#listeners) listener()
  }
}
