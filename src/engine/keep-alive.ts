/** Sends a message at an interval while a connection is open, over all its reconnects. */
import { REAL_TIMERS } from '../session/replay/timers.ts'
import { sentenceOf } from '../shared/failure.ts'
import { checkKeepAlive } from '../shared/protocol/rules.ts'
import type { KeepAliveStatus } from '../shared/status.ts'

export interface KeepAliveOptions {
  /** Shown to the user. */
  readonly shown: Pick<KeepAliveStatus, 'text' | 'isBinary' | 'isFromFile'>
  /** Milliseconds. */
  readonly interval: number
  /** The first message waits for the interval, too. Default: it is sent at once, if the connection is ready. */
  readonly waits?: boolean
  /** Whether the connection can send now. */
  readonly isReady: () => boolean
  /** Sends the message. What it throws is shown, and the next message is tried all the same. */
  readonly send: () => void
  /** Called on every change of status. */
  readonly changed: () => void
}

export class KeepAlive {
  readonly #options: KeepAliveOptions
  #sent = 0
  #problem: string | undefined
  #due: number
  #cancel: () => void = () => {}

  /** Throws a `Failure` `BAD_REPEAT`. */
  constructor(options: KeepAliveOptions) {
    checkKeepAlive(options.interval)
    this.#options = options
    this.#due = REAL_TIMERS.now()
    if (options.waits === true) this.#wait()
    else this.#run()
  }

  get status(): KeepAliveStatus {
    const { shown, interval } = this.#options
    return {
      ...shown,
      interval,
      sent: this.#sent,
      ...(this.#problem !== undefined && { problem: this.#problem }),
    }
  }

  stop(): void {
    this.#cancel()
  }

  #run(): void {
    const { isReady, changed } = this.#options
    if (isReady()) {
      this.#send()
      changed()
    }
    this.#wait()
  }

  #wait(): void {
    const { interval } = this.#options
    // Intervals that were missed, because the machine slept, are not made up for.
    this.#due = Math.max(this.#due + interval, REAL_TIMERS.now())
    this.#cancel = REAL_TIMERS.after(this.#due - REAL_TIMERS.now(), () => this.#run())
  }

  #send(): void {
    try {
      this.#options.send()
      this.#sent++
      this.#problem = undefined
    } catch (thrown) {
      this.#problem = sentenceOf(thrown)
    }
  }
}
