/** The names and colors that connections of a session have for the user, in the panel and in the rest of the window. */
import {
  type ConnectionLabel,
  colorOf,
  labelNames,
  MAX_CONNECTION_NAME,
} from '../../shared/connection-labels.ts'
import { connectionNames } from '../../shared/connection-names.ts'
import type { Reset } from '../../shared/protocol/notifications.ts'
import type { SessionStatus } from '../../shared/status.ts'
import { ofAddresses } from '../../shared/steady-list.ts'

/** Connections whose labels are kept: those that were labeled last. */
const MAX_LABELS = 500

/** The session whose connections have the labels. */
export interface LabeledSession {
  readonly status: SessionStatus | undefined
  on(name: 'reset', listener: (reset: Reset) => void): unknown
}

export class ConnectionLabels {
  readonly #session: LabeledSession
  #labels: ReadonlyMap<number, ConnectionLabel> = new Map()
  readonly #ownNames = ofAddresses((connections) => connectionNames(connections))
  readonly #listeners = new Set<(change: unknown) => void>()

  /** The labels are dropped if another session replaces this one, because its connections have the same numbers. */
  constructor(session: LabeledSession) {
    this.#session = session
    session.on('reset', ({ why }) => {
      if (why === 'replaced' && this.#labels.size > 0) this.#set(new Map())
    })
  }

  /** Calls `listener` when a name or a color was changed. */
  readonly onChange = (listener: (change: unknown) => void): { dispose(): void } => {
    this.#listeners.add(listener)
    return { dispose: () => void this.#listeners.delete(listener) }
  }

  /** What is not as connections are by themselves. */
  get all(): readonly ConnectionLabel[] {
    return [...this.#labels.values()]
  }

  /** The name of each connection of the session, also of those that were removed. */
  names(): ReadonlyMap<number, string> {
    const { connections = [], removed = [] } = this.#session.status ?? {}
    return labelNames(this.#ownNames(connections, removed), this.#labels)
  }

  /** Empty if the session does not have the connection. */
  nameOf(connection: number): string {
    return this.names().get(connection) ?? ''
  }

  /** From 1 to `COLORS`. */
  colorOf(connection: number): number {
    return colorOf(connection, this.#labels.get(connection))
  }

  /** Gives a connection a name, or with an empty one the name that it would have without the user. */
  rename(connection: number, name: string): void {
    const trimmed = name.trim().slice(0, MAX_CONNECTION_NAME)
    this.#change(connection, { name: trimmed === '' ? undefined : trimmed })
  }

  /** Gives a connection a color from 1 to `COLORS`. */
  paint(connection: number, color: number): void {
    this.#change(connection, { color })
  }

  /** What a connection is called unless the user names it, such as the name of its request. */
  suggest(connection: number, name: string): void {
    this.#change(connection, { suggested: name.trim().slice(0, MAX_CONNECTION_NAME) || undefined })
  }

  #change(
    connection: number,
    change: { readonly [K in 'name' | 'suggested' | 'color']?: ConnectionLabel[K] | undefined },
  ): void {
    const { name, suggested, color } = { ...this.#labels.get(connection), ...change }
    const label: ConnectionLabel = {
      connection,
      ...(name !== undefined && { name }),
      ...(suggested !== undefined && { suggested }),
      ...(color !== undefined && { color }),
    }
    const others = [...this.#labels].filter(([id]) => id !== connection)
    this.#set(new Map([...others, [connection, label] as const].slice(-MAX_LABELS)))
  }

  #set(labels: ReadonlyMap<number, ConnectionLabel>): void {
    this.#labels = labels
    for (const listener of this.#listeners) listener(undefined)
  }
}
