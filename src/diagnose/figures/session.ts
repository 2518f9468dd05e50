/** The figures of a session, gathered event by event: a few tens of bytes are kept of each message. */
import type { RealtimeEvent } from '../../shared/event.ts'
import type { SessionReport } from '../../shared/report.ts'
import { ConnectionTally } from './connection-report.ts'

export class SessionFigures {
  readonly #tallies = new Map<number, ConnectionTally>()
  #events = 0
  #marks = 0
  #duration = 0

  add(event: RealtimeEvent): void {
    this.#events++
    this.#duration = Math.max(this.#duration, event.time)
    if (event.type === 'mark') {
      this.#marks++
      return
    }
    let tally = this.#tallies.get(event.connection)
    if (tally === undefined) {
      tally = new ConnectionTally(event.connection, event.time)
      this.#tallies.set(event.connection, tally)
    }
    tally.add(event)
  }

  /** The figures so far. */
  report(): Omit<SessionReport, 'startedAt' | 'generator'> {
    const tallies = [...this.#tallies.values()]
    // All connections have buckets of the same width, so that their rates can be compared.
    const bucket = tallies.reduce((widest, tally) => Math.max(widest, tally.bucket), 1)
    return {
      duration: this.#duration,
      events: this.#events,
      marks: this.#marks,
      connections: tallies.map((tally) => tally.report(bucket)),
    }
  }
}
