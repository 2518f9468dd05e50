/** A time limit that also ends early. */
import { MAX_TIMER_DELAY } from '../shared/timer-delay.ts'

/** What an `AbortSignal` and a `Deadline` have in common. */
export interface StopSignal {
  readonly aborted: boolean
  readonly reason: unknown
  throwIfAborted(): void
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

type Listener = () => void

const NO_LISTENERS: readonly Listener[] = []

/**
 * Aborts when `abort` is called, when its signal aborts, or when its time is up. `AbortSignal.any` with the signal of a
 * timer does much the same, and takes 1.5 kB: much for each of a thousand connections that open at once.
 */
export class Deadline implements StopSignal {
  readonly #signal: StopSignal | undefined
  readonly #timer: NodeJS.Timeout
  #listeners = NO_LISTENERS
  #aborted = false
  #reason: unknown

  /** `late` makes the reason if `milliseconds` have passed. */
  constructor(signal: StopSignal | undefined, milliseconds: number, late: () => unknown) {
    this.#signal = signal
    this.#timer = setTimeout(() => this.abort(late()), Math.min(milliseconds, MAX_TIMER_DELAY))
    if (signal?.aborted === true) this.#onAbort()
    else signal?.addEventListener('abort', this.#onAbort)
  }

  get aborted(): boolean {
    return this.#aborted
  }

  get reason(): unknown {
    return this.#reason
  }

  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason
  }

  addEventListener(_type: 'abort', listener: Listener): void {
    this.#listeners = [...this.#listeners, listener]
  }

  removeEventListener(_type: 'abort', listener: Listener): void {
    const others = this.#listeners.filter((each) => each !== listener)
    this.#listeners = others.length === 0 ? NO_LISTENERS : others
  }

  /** Lets go of the timer and the signal. It aborts no more by itself. */
  clear(): void {
    clearTimeout(this.#timer)
    this.#signal?.removeEventListener('abort', this.#onAbort)
  }

  /** Aborts with a reason, unless it has aborted. Errors of listeners are uncaught, as those of an `AbortSignal`. */
  abort(reason: unknown): void {
    this.clear()
    if (this.#aborted) return
    this.#aborted = true
    this.#reason = reason
    const listeners = this.#listeners
    this.#listeners = NO_LISTENERS
    for (const listener of listeners) tell(listener)
  }

  readonly #onAbort = () => this.abort(this.#signal?.reason)
}

/** Calls a listener. Its error comes later, so that the other listeners are called, too. */
function tell(listener: Listener): void {
  try {
    listener()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
