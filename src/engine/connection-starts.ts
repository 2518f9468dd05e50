/** The first `connect` and the latest `open` of each connection, which are needed even if the events are gone. */
import type { ConnectEvent, OpenEvent, RealtimeEvent } from '../shared/event.ts'
import { Failure } from '../shared/failure.ts'

export interface ConnectionStart {
  readonly connect?: ConnectEvent
  readonly open?: OpenEvent
}

export class ConnectionStarts {
  readonly #starts = new Map<number, ConnectionStart>()

  /** Takes note of an event if it is one of the two. */
  note(event: RealtimeEvent): void {
    if (event.type === 'open')
      this.#starts.set(event.connection, { ...this.of(event.connection), open: event })
    else if (event.type === 'connect' && event.attempt === 0)
      this.#starts.set(event.connection, { ...this.of(event.connection), connect: event })
  }

  /** How the connection started, as far as it is known. */
  of(connection: number): ConnectionStart {
    return this.#starts.get(connection) ?? {}
  }

  /** How the connection started, as events in their order. */
  eventsOf(connection: number): readonly RealtimeEvent[] {
    const { connect, open } = this.of(connection)
    return [connect, open].filter((event) => event !== undefined)
  }

  /** The first `connect` of the connection. Throws a `Failure` `NO_CONNECTION`. */
  connectOf(connection: number): ConnectEvent {
    const { connect } = this.of(connection)
    if (connect !== undefined) return connect
    throw new Failure(
      'NO_CONNECTION',
      `The session does not have the event that opened connection ${connection}; choose another connection.`,
    )
  }

  /** The numbers of the connections that are known. */
  connections(): Iterable<number> {
    return this.#starts.keys()
  }

  /** Takes back how a connection started, which was forgotten. */
  remember(connection: number, start: ConnectionStart): void {
    this.#starts.set(connection, start)
  }

  forget(connection: number): void {
    this.#starts.delete(connection)
  }
}
