/** The clock of a session. It restarts when the session is cleared, while the clock of the engine runs on. */
import { type Clock, startClock } from '../shared/clock.ts'
import type { ConnectionStatus } from '../shared/status.ts'

export class SessionClock implements Clock {
  /** The clock of the engine, by which connections stamp their events. */
  readonly engine = startClock()
  #zero = 0
  #restarts = 0

  get startedAt(): Date {
    return new Date(this.engine.startedAt.getTime() + this.#zero)
  }

  now(): number {
    return this.engine.now() - this.#zero
  }

  /** When the session started, on the engine's clock. */
  get zero(): number {
    return this.#zero
  }

  /** Starts a session now, or goes on with one that started at a time of the engine's clock. */
  restart(zero = this.engine.now()): void {
    this.#zero = zero
    this.#restarts++
  }

  /** How often it was restarted. */
  get restarts(): number {
    return this.#restarts
  }

  /** Converts a session time to the engine's clock. */
  engineTime(time: number): number {
    return time + this.#zero
  }

  /** Converts a time of the engine's clock to session time, at least 0. */
  sessionTime(time: number): number {
    return Math.max(0, time - this.#zero)
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
