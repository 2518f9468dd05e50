/** Connections that speak a protocol, and what they send. */
import { Hub, type HubOptions } from '../../src/engine/hub.ts'
import { startClock } from '../../src/shared/clock.ts'
import type { ErrorEvent, MessageEvent, RealtimeEvent } from '../../src/shared/event.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import type { Connection } from '../../src/transport/connection.ts'
import type { LiveConnection } from '../../src/transport/live-connection.ts'

export class SpokenSession {
  readonly events: RealtimeEvent[] = []
  readonly hub: Hub
  readonly #waiting = new Set<() => void>()

  constructor(options: Partial<HubOptions> = {}) {
    this.hub = new Hub({
      clock: startClock(),
      network: { noProxy: '*' },
      ...options,
      sink: {
        append: (event) => {
          this.events.push('payload' in event ? { ...event, payload: Uint8Array.from(event.payload) } : event)
          this.#look()
          return true
        },
        onWritable: () => {},
      },
      changed: () => this.#look(),
    })
  }

  connect(spec: ConnectionSpec): Connection {
    return this.hub.connect({ reconnect: 'never', ...spec })
  }

  /** Resolves once the condition holds, which is checked after each event and each change. */
  async until(condition: () => boolean): Promise<void> {
    if (condition()) return
    await new Promise<void>((resolve) => {
      const look = () => {
        if (!condition()) return
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
    })
  }

  /** Resolves once the handshake is complete. Throws if the connection ends before. */
  async untilReady(connection: LiveConnection): Promise<void> {
    const hasEnded = () => ['closed', 'failed', 'waiting'].includes(connection.status().state)
    await this.until(() => connection.status().speaking?.ready === true || hasEnded())
    if (hasEnded()) throw new Error(this.errors(connection.id).join(' ') || 'it ended')
  }

  messages(connection: number): readonly MessageEvent[] {
    return this.events.filter(
      (event): event is MessageEvent => event.type === 'message' && event.connection === connection,
    )
  }

  /** What the protocol sent. */
  automatic(connection: number): readonly RealtimeEvent[] {
    return this.events.filter(
      (event) =>
        (event.type === 'message' || event.type === 'request') &&
        event.connection === connection &&
        event.automatic === 'protocol',
    )
  }

  errors(connection: number): readonly string[] {
    return this.events
      .filter((event): event is ErrorEvent => event.type === 'error' && event.connection === connection)
      .map(({ message }) => message)
  }

  #look(): void {
    for (const look of [...this.#waiting]) look()
  }
}

export function textOf({ payload }: Pick<MessageEvent, 'payload'>): string {
  return Buffer.from(payload).toString()
}
