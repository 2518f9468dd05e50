/** One attempt of a transport, run like a connection runs it, and the events that it emits. */
import { startClock } from '../../src/shared/clock.ts'
import type { TransportEvent } from '../../src/shared/event.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import {
  type AttemptContext,
  type DisconnectRequest,
  newResumeState,
  type Outcome,
  type ResumeState,
  type Transport,
} from '../../src/transport/transport.ts'

type EventOf<T extends TransportEvent['type']> = TransportEvent & { readonly type: T }

/** Messages that `emitBatch` gets are not among the events. */
export type AttemptOptions = Pick<AttemptContext, 'connected' | 'emitBatch' | 'hook'>

export class Attempt {
  readonly events: TransportEvent[] = []
  readonly outcome: Promise<Outcome>
  readonly transport: Transport
  readonly #control = new AbortController()
  readonly #watchers = new Set<() => void>()

  constructor(
    transport: Transport,
    spec: ConnectionSpec,
    resume: ResumeState = newResumeState(),
    more: AttemptOptions = {},
  ) {
    this.transport = transport
    this.outcome = transport.run({
      spec,
      // Connect directly to loopback, whatever proxy the environment names.
      network: { noProxy: '*' },
      clock: startClock(),
      signal: this.#control.signal,
      resume,
      ...more,
      emit: (event) => {
        this.events.push('payload' in event ? { ...event, payload: event.payload.slice() } : event)
        for (const watch of this.#watchers) watch()
      },
    })
  }

  disconnect(request: DisconnectRequest = {}): Promise<Outcome> {
    this.#control.abort(request)
    return this.outcome
  }

  /** Events of one type, in order. */
  of<T extends TransportEvent['type']>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type)
  }

  /** Resolves when there are `count` events of the type. */
  async until(type: TransportEvent['type'], count = 1): Promise<void> {
    if (this.of(type).length >= count) return
    await new Promise<void>((resolve) => {
      const watch = () => {
        if (this.of(type).length < count) return
        this.#watchers.delete(watch)
        resolve()
      }
      this.#watchers.add(watch)
    })
  }

  /** Acts while the next event of the type is emitted, before the transport goes on. */
  during(type: TransportEvent['type'], act: () => void): void {
    const watch = () => {
      if (this.events.at(-1)?.type !== type) return
      this.#watchers.delete(watch)
      act()
    }
    this.#watchers.add(watch)
  }

  /** The payloads of the messages in one direction, as text. */
  texts(direction: 'in' | 'out' = 'in'): string[] {
    return this.of('message')
      .filter((event) => event.direction === direction)
      .map((event) => Buffer.from(event.payload).toString())
  }
}
