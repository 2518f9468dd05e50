/** The figures of a session, gathered event by event: a few tens of bytes are kept of each message. */
import type { PairingListener } from '../../decode/pairing.ts'
import type { DecodedEvent } from '../../shared/decoded.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { getOrMake } from '../../shared/maps.ts'
import type { SessionReport } from '../../shared/report.ts'
import type { EventTaker } from '../session-pass.ts'
import { ConnectionFigures } from './connection.ts'
import { DecodedFigures } from './decoded.ts'
import { DeliveryLatency } from './latency.ts'

export class SessionFigures implements EventTaker {
  readonly #connections = new Map<number, ConnectionFigures>()
  readonly #decoded = new DecodedFigures()
  readonly #deliveries = new Map<number, DeliveryLatency>()
  readonly #startedAt: number
  #events = 0
  #marks = 0
  #duration = 0

  /** `startedAt` is session time 0 in epoch milliseconds. */
  constructor(startedAt: number) {
    this.#startedAt = startedAt
  }

  readonly readsPlainJson = true

  get listener(): PairingListener {
    return this.#decoded
  }

  /** Takes the next event with the packets that end in it. */
  add(event: RealtimeEvent, packets: readonly DecodedEvent[]): void {
    this.#count(event)
    this.#decoded.add(event, packets)
  }

  #count(event: RealtimeEvent): void {
    this.#events++
    this.#duration = Math.max(this.#duration, event.time)
    if (event.type === 'mark') {
      this.#marks++
      return
    }
    let figures = this.#connections.get(event.connection)
    if (figures === undefined) {
      figures = new ConnectionFigures(event.connection, event.time)
      this.#connections.set(event.connection, figures)
    }
    figures.add(event)
    getOrMake(this.#deliveries, event.connection, () => new DeliveryLatency(this.#startedAt)).add(event)
  }

  /** The figures so far. */
  report(): Omit<SessionReport, 'startedAt' | 'generator' | 'findings'> {
    const connections = [...this.#connections.values()]
    // All connections have buckets of the same width, so that their rates can be compared.
    const bucket = connections.reduce((widest, figures) => Math.max(widest, figures.bucket), 1)
    return {
      duration: this.#duration,
      events: this.#events,
      marks: this.#marks,
      connections: connections.map((figures) => ({
        ...figures.report(bucket, this.#duration),
        decoded: this.#decoded.report(figures.id),
        answers: this.#decoded.answers(figures.id),
        delivery: this.#deliveries.get(figures.id)?.report() ?? null,
      })),
    }
  }
}
