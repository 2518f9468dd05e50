/** The clock of a session that can be cleared: its time starts anew then, while the engine's clock runs on. */
import { type Clock, startClock } from '../shared/clock.ts'
import type { ConnectionStatus } from '../shared/status.ts'

export class SessionClock implements Clock {
  /** The engine's: connections stamp by it, whatever session their events will be of. */
  readonly engine = startClock()
  #zero = 0

  get startedAt(): Date {
    return new Date(this.engine.startedAt.getTime() + this.#zero)
  }

  now(): number {
    return this.engine.now() - this.#zero
  }

  /** A session starts now. */
  restart(): void {
    this.#zero = this.engine.now()
  }

  /** A time of the session by the engine's clock. */
  engineTime(time: number): number {
    return time + this.#zero
  }

  /** What was stamped by the engine's clock, by the session's; what was before the session is at its start. */
  dated<T extends { readonly time: number }>(stamped: T): T {
    return { ...stamped, time: Math.max(0, stamped.time - this.#zero) }
  }

  /** A connection's status by the session's clock; times before the session are negative. */
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
