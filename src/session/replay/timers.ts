/** A clock with timers, which tests replace. */
import { MAX_TIMER_DELAY } from '../../shared/timer-delay.ts'

export interface Timers {
  /** Milliseconds, monotonic. */
  now(): number
  /** Calls back after `delay` milliseconds. Returns a function that cancels it. */
  after(delay: number, callback: () => void): () => void
}

export const REAL_TIMERS: Timers = {
  now: () => performance.now(),
  after(delay, callback) {
    if (delay <= 0) {
      const immediate = setImmediate(callback)
      return () => clearImmediate(immediate)
    }
    const timer = setTimeout(callback, Math.min(delay, MAX_TIMER_DELAY))
    return () => clearTimeout(timer)
  },
}
