/** A clock with timers, which tests replace. */
export interface Timers {
  /** Milliseconds, monotonic. */
  now(): number
  /** Calls back after `delay` milliseconds. Returns a function that cancels it. */
  after(delay: number, callback: () => void): () => void
}

/** The longest delay of Node's timers, in milliseconds. */
const MAX_DELAY = 2 ** 31 - 1

export const REAL_TIMERS: Timers = {
  now: () => performance.now(),
  after(delay, callback) {
    if (delay <= 0) {
      const immediate = setImmediate(callback)
      return () => clearImmediate(immediate)
    }
    const timer = setTimeout(callback, Math.min(delay, MAX_DELAY))
    return () => clearTimeout(timer)
  },
}
