/** Keeps the recorded times: reckoned from one moment, so that no delay adds up. */
import { REAL_TIMERS, type Timers } from '../replay/timers.ts'

/** Waits in a row that may be none before others get their turn. */
const RUN = 64

export class Pacer {
  readonly #speed: number
  readonly #timers: Timers
  readonly #signal: AbortSignal
  #session = 0
  #clock = 0
  #run = 0

  /** `speed` 1 is as recorded, an infinite one does not wait. Waits reject with the signal's reason. */
  constructor(speed: number, signal: AbortSignal, timers: Timers = REAL_TIMERS) {
    this.#speed = speed
    this.#signal = signal
    this.#timers = timers
  }

  /** It is now this session time, in ms. */
  setNow(time: number): void {
    this.#session = time
    this.#clock = this.#timers.now()
  }

  /** Settles when that session time has come. */
  async until(time: number): Promise<void> {
    this.#signal.throwIfAborted()
    const due = this.#clock + (time - this.#session) / this.#speed
    const wait = due - this.#timers.now()
    if (wait > 0) {
      // A timer has its longest delay, beyond which it is set again.
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
