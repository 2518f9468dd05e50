/** Live connections, one clock, one sink: what the editor's engine and the terminal have in common. */
import type { Clock } from '../shared/clock.ts'
import type { EventSink, RealtimeEvent } from '../shared/event.ts'
import { Failure } from '../shared/failure.ts'
import { appendBatch, type BatchSink } from '../shared/message-batch.ts'
import type { ConnectionSpec, NetworkSettings } from '../shared/spec.ts'
import { Connection } from '../transport/connection.ts'

/** For the listener of `uncaughtException` in every process or thread that has a hub. */
export { handleUncaught } from '../transport/containment.ts'

export interface HubOptions {
  readonly clock: Clock
  readonly sink: EventSink | BatchSink
  readonly network: NetworkSettings
  /** Called whenever a connection's status may differ from before; cheap, and often. */
  readonly changed?: (connection: Connection) => void
}

export class Hub {
  readonly clock: Clock
  network: NetworkSettings
  readonly #sink: EventSink | BatchSink
  readonly #changed: (connection: Connection) => void
  readonly #connections = new Map<number, Connection>()
  #nextId = 1
  #stalled = false

  constructor(options: HubOptions) {
    this.clock = options.clock
    this.network = options.network
    this.#sink = options.sink
    this.#changed = options.changed ?? (() => {})
  }

  /** Starts a connection; its id counts from 1 within the session. Throws a `Failure` for an unusable spec. */
  connect(spec: ConnectionSpec): Connection {
    const connection = new Connection(this.#nextId, spec, {
      clock: this.clock,
      network: () => this.network,
      append: (event) => this.append(event),
      appendBatch: (id, batch) => this.#appended(appendBatch(this.#sink, id, batch)),
      changed: this.#changed,
    })
    this.#nextId++
    this.#connections.set(connection.id, connection)
    if (this.#stalled) connection.pause()
    connection.start()
    return connection
  }

  /** The connection of that id. Throws `NO_CONNECTION`. */
  get(id: number): Connection {
    const connection = this.#connections.get(id)
    if (connection === undefined)
      throw new Failure('NO_CONNECTION', `There is no connection ${id}; connect first.`)
    return connection
  }

  connections(): readonly Connection[] {
    return [...this.#connections.values()]
  }

  /** Forgets a connection that has ended. */
  forget(id: number): void {
    this.#connections.delete(id)
  }

  /** Ends every connection; settles when all have closed. */
  async disconnectAll(): Promise<void> {
    await Promise.all(this.connections().map((connection) => connection.disconnect()))
  }

  /** Takes an event into the sink; when the sink is full, every connection stops reading until it is not. */
  append(event: RealtimeEvent): void {
    this.#appended(this.#sink.append(event))
  }

  #appended(hasRoom: boolean): void {
    if (hasRoom || this.#stalled) return
    this.#stalled = true
    for (const connection of this.#connections.values()) connection.pause()
    this.#sink.onWritable(() => {
      this.#stalled = false
      for (const connection of this.#connections.values()) connection.resume()
    })
  }
}
