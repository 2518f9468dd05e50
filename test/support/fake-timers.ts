/** A clock that stands still until the test moves it. */
import type { Timers } from '../../src/session/replay/timers.ts'

export class FakeTimers implements Timers {
  #now = 0
  #waiting: { readonly at: number; readonly callback: () => void }[] = []

  now(): number {
    return this.#now
  }

  after(delay: number, callback: () => void): () => void {
    const entry = { at: this.#now + Math.max(delay, 0), callback }
    this.#waiting.push(entry)
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== entry)
    }
  }

  /** Number of timers that are set. */
  get pending(): number {
    return this.#waiting.length
  }

  /** Moves the clock forward and calls timers that are due. A callback may move the clock too, to take time. */
  advance(milliseconds: number): void {
    const until = this.#now + milliseconds
    for (;;) {
      const next = this.#waiting.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.#waiting = this.#waiting.filter((other) => other !== next)
      this.#now = Math.max(this.#now, next.at)
      next.callback()
    }
    this.#now = Math.max(this.#now, until)
  }

  /** Simulates a busy thread: time passes, and timers are not called. */
  block(milliseconds: number): void {
    this.#now += milliseconds
  }
}
