/** The figures of a session, gathered event by event: a few tens of bytes are kept of each message. */
import type { RealtimeEvent } from '../../shared/event.ts'
import type { SessionReport } from '../../shared/report.ts'
import { ConnectionFigures } from './connection.ts'
import { DecodedFigures, type DecodingChoices } from './decoded.ts'

export class SessionFigures {
  readonly #connections = new Map<number, ConnectionFigures>()
  readonly #decoded: DecodedFigures
  #events = 0
  #marks = 0
  #duration = 0

  constructor(choices?: DecodingChoices) {
    this.#decoded = new DecodedFigures(choices)
  }

  /** Takes the next event. Returns a promise if a decoder has to be loaded before the event after it. */
  add(event: RealtimeEvent): Promise<void> | undefined {
    this.#count(event)
    return this.#decoded.add(event)
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
  }

  /** The figures so far. */
  report(): Omit<SessionReport, 'startedAt' | 'generator'> {
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
      })),
    }
  }
}
