/** Waits for recorded times. They are relative to one moment, so that delays do not add up. */
import { REAL_TIMERS, type Timers } from '../replay/timers.ts'

/** Number of waits that are already due before the thread is released. */
const RUN = 64

export class Pacer {
  readonly #speed: number
  readonly #timers: Timers
  readonly #signal: AbortSignal
  #session = 0
  #clock = 0
  #run = 0

  /** At `speed` 1 times are as recorded, at an infinite speed nothing waits. Waits reject with the signal's reason. */
  constructor(speed: number, signal: AbortSignal, timers: Timers = REAL_TIMERS) {
    this.#speed = speed
    this.#signal = signal
    this.#timers = timers
  }

  /** Sets the current session time, in ms. */
  setNow(time: number): void {
    this.#session = time
    this.#clock = this.#timers.now()
  }

  /** Settles at that session time. */
  async until(time: number): Promise<void> {
    this.#signal.throwIfAborted()
    const due = this.#clock + (time - this.#session) / this.#speed
    const wait = due - this.#timers.now()
    if (wait > 0) {
      // The delay of a timer is limited, so it may have to be set again.
      await this.#sleep(wait)
      if (this.#timers.now() < due) await this.until(time)
      return
    }
    this.#run++
    if (this.#run % RUN === 0) await this.#sleep(0)
  }

  #sleep(delay: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        cancel()
        reject(this.#signal.reason)
      }
      const cancel = this.#timers.after(delay, () => {
        this.#signal.removeEventListener('abort', onAbort)
        resolve()
      })
      this.#signal.addEventListener('abort', onAbort, { once: true })
    })
  }
}
