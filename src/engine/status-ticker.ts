/** Sends the status of a session a few times a second while it changes, and once more afterwards. */
import type { SessionStatus } from '../shared/status.ts'

/** Milliseconds between two statuses. */
const PERIOD = 200

export class StatusTicker {
  readonly #read: () => SessionStatus
  readonly #tell: (status: SessionStatus) => void
  #timer: NodeJS.Timeout | undefined

  constructor(read: () => SessionStatus, tell: (status: SessionStatus) => void) {
    this.#read = read
    this.#tell = tell
  }

  /** Call when something may have changed. */
  touch(): void {
    this.#timer ??= setTimeout(() => this.#tick(), PERIOD)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #tick(): void {
    const status = this.#read()
    this.#tell(status)
    // A rate falls to zero without an event that would call `touch`.
    const isMoving = status.connections.some((connection) => connection.rate > 0)
    this.#timer = isMoving ? setTimeout(() => this.#tick(), PERIOD) : undefined
  }
}
