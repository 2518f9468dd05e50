/** A connection with a host that records what the connection reports. */
import { type Clock, startClock } from '../../src/shared/clock.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import type { ConnectionState } from '../../src/shared/status.ts'
import { Connection } from '../../src/transport/connection.ts'
import { closeServers } from './loopback.ts'

/** Starts connections. After each test of the suite, they are disconnected and the servers end. Call it in `describe`. */
export function connectionStarter(): (spec: ConnectionSpec, clock?: Clock) => RecordedConnection {
  const open: RecordedConnection[] = []
  afterEach(async () => {
    await Promise.all(open.splice(0).map(({ connection }) => connection.disconnect()))
    closeServers()
  })
  return (spec, clock) => {
    const recorded = new RecordedConnection(spec, clock)
    open.push(recorded)
    recorded.connection.start()
    return recorded
  }
}

type EventOf<T extends RealtimeEvent['type']> = RealtimeEvent & { readonly type: T }

export class RecordedConnection {
  readonly events: RealtimeEvent[] = []
  readonly states: ConnectionState[] = []
  readonly connection: Connection
  readonly #watchers = new Set<() => void>()

  constructor(spec: ConnectionSpec, clock: Clock = startClock()) {
    this.connection = new Connection(1, spec, {
      clock,
      // Connect directly to loopback, whatever proxy the environment names.
      network: () => ({ noProxy: '*' }),
      append: (event) => {
        this.events.push('payload' in event ? { ...event, payload: event.payload.slice() } : event)
        this.#notify()
      },
      changed: () => {
        this.states.push(this.connection.status().state)
        this.#notify()
      },
      random: () => 0,
    })
  }

  get types(): string[] {
    return this.events.map((event) => event.type)
  }

  /** Events of one type, in order. */
  of<T extends RealtimeEvent['type']>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type)
  }

  /** Resolves when there are `count` events of the type. */
  until(type: RealtimeEvent['type'], count = 1): Promise<void> {
    return this.#when(() => this.of(type).length >= count)
  }

  untilState(state: ConnectionState): Promise<void> {
    return this.#when(() => this.connection.status().state === state)
  }

  /** The payloads of inbound messages, as text. */
  texts(): string[] {
    return this.of('message')
      .filter((event) => event.direction === 'in')
      .map((event) => Buffer.from(event.payload).toString())
  }

  async #when(holds: () => boolean): Promise<void> {
    if (holds()) return
    await new Promise<void>((resolve) => {
      const watch = () => {
        if (!holds()) return
        this.#watchers.delete(watch)
        resolve()
      }
      this.#watchers.add(watch)
    })
  }

  #notify(): void {
    for (const watch of this.#watchers) watch()
  }
}
