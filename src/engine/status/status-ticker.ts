/** Tells the status of a session a few times a second while it changes, and once more afterwards. */

/** Milliseconds between two statuses. */
const PERIOD = 200

export class StatusTicker {
  readonly #tell: () => boolean
  #timer: NodeJS.Timeout | undefined

  /** `tell` returns whether the status goes on to change without a call of `touch`. */
  constructor(tell: () => boolean) {
    this.#tell = tell
  }

  /** Call when something may have changed. */
  touch(): void {
    this.#timer ??= setTimeout(this.#tick, PERIOD)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** Not a method: a function that is made in `touch` would take memory for each message. */
  readonly #tick = (): void => {
    this.#timer = undefined
    if (this.#tell()) this.touch()
  }
}
