/** The clock of a session. It restarts when the session is cleared, while the clock of the engine runs on. */
import { type Clock, startClock } from '../shared/clock.ts'
import type { ConnectionStatus } from '../shared/status.ts'

export class SessionClock implements Clock {
  /** The clock of the engine, by which connections stamp their events. */
  readonly engine = startClock()
  #zero = 0

  get startedAt(): Date {
    return new Date(this.engine.startedAt.getTime() + this.#zero)
  }

  now(): number {
    return this.engine.now() - this.#zero
  }

  /** Starts a session now. */
  restart(): void {
    this.#zero = this.engine.now()
  }

  /** Converts a session time to the engine's clock. */
  engineTime(time: number): number {
    return time + this.#zero
  }

  /** Converts a stamp of the engine's clock to session time, at least 0. */
  dated<T extends { readonly time: number }>(stamped: T): T {
    return { ...stamped, time: Math.max(0, stamped.time - this.#zero) }
  }

  /** Converts the times of a status to session time; those before the session are negative. */
  datedStatus(status: ConnectionStatus): ConnectionStatus {
    const zero = this.#zero
    const { since, openedAt, heldSince, retry } = status
    return {
      ...status,
      since: since - zero,
      openedAt: openedAt === undefined ? undefined : openedAt - zero,
      heldSince: heldSince === undefined ? undefined : heldSince - zero,
      retry: retry && { ...retry, at: retry.at - zero },
    }
  }
}
