/** The figures of a session, gathered event by event: a few tens of bytes are kept of each message. */
import type { PairingListener } from '../../decode/pairing.ts'
import type { DecodedEvent } from '../../shared/decoded.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { isOut } from '../../shared/event-columns.ts'
import { getOrMake } from '../../shared/maps.ts'
import type { SessionReport } from '../../shared/report.ts'
import type { ObjectMessage } from '../object-message.ts'
import type { EventTaker } from '../session-pass.ts'
import { ConnectionFigures } from './connection.ts'
import { DecodedFigures } from './decoded.ts'
import { DeliveryLatency } from './latency.ts'

/** What is counted of a connection. */
interface Counted {
  readonly figures: ConnectionFigures
  readonly delivery: DeliveryLatency
}

export class SessionFigures implements EventTaker {
  readonly #connections = new Map<number, Counted>()
  #latest: Counted | undefined
  readonly #decoded = new DecodedFigures()
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

  /** Takes the next event, a message of no known protocol that is a JSON object. */
  addObject(message: ObjectMessage): void {
    const { time, connection } = message
    this.#events++
    this.#duration = Math.max(this.#duration, time)
    const { figures, delivery } = this.#of(connection, time)
    figures.addMessage(message)
    if (delivery.readsMessages && !isOut(message.kind)) delivery.add(message.read())
    this.#decoded.addObject(connection, message.name)
  }

  #count(event: RealtimeEvent): void {
    this.#events++
    this.#duration = Math.max(this.#duration, event.time)
    if (event.type === 'mark') {
      this.#marks++
      return
    }
    const { figures, delivery } = this.#of(event.connection, event.time)
    figures.add(event)
    delivery.add(event)
  }

  #of(id: number, time: number): Counted {
    if (this.#latest?.figures.id === id) return this.#latest
    this.#latest = getOrMake(this.#connections, id, () => ({
      figures: new ConnectionFigures(id, time),
      delivery: new DeliveryLatency(this.#startedAt),
    }))
    return this.#latest
  }

  /** The figures so far. */
  report(): Omit<SessionReport, 'startedAt' | 'generator' | 'findings'> {
    const connections = [...this.#connections.values()]
    // All connections have buckets of the same width, so that their rates can be compared.
    const bucket = connections.reduce((widest, { figures }) => Math.max(widest, figures.bucket), 1)
    return {
      duration: this.#duration,
      events: this.#events,
      marks: this.#marks,
      connections: connections.map(({ figures, delivery }) => ({
        ...figures.report(bucket, this.#duration),
        decoded: this.#decoded.report(figures.id),
        answers: this.#decoded.answers(figures.id),
        delivery: delivery.report(),
      })),
    }
  }
}
