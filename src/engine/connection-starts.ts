/** How each connection began and last opened: what a session needs to know of it though all else is cleared. */
import type { ConnectEvent, OpenEvent, RealtimeEvent } from '../shared/event.ts'

export class ConnectionStarts {
  readonly #connects = new Map<number, ConnectEvent>()
  readonly #opens = new Map<number, OpenEvent>()

  note(event: RealtimeEvent): void {
    if (event.type === 'connect' && event.attempt === 0) this.#connects.set(event.connection, event)
    else if (event.type === 'open') this.#opens.set(event.connection, event)
  }

  /** The connection's first `connect` and latest `open`, where it had one. */
  of(connection: number): RealtimeEvent[] {
    const events = [this.#connects.get(connection), this.#opens.get(connection)]
    return events.filter((event) => event !== undefined)
  }

  /** The connection's first `connect`. */
  beginningOf(connection: number): ConnectEvent | undefined {
    return this.#connects.get(connection)
  }

  forget(connection: number): void {
    this.#connects.delete(connection)
    this.#opens.delete(connection)
  }
}
