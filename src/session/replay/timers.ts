/** The time by which something is played; a test gives its own. */
export interface Timers {
  /** Milliseconds, monotonic. */
  now(): number
  /** Calls back once after `delay` milliseconds; returns how to call it off. */
  after(delay: number, callback: () => void): () => void
}

/** The longest delay Node's timers take, in milliseconds. */
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
