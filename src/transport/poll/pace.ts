/** When the next request goes out. */

/** An answer whose end comes within this many milliseconds was not held; CouchDB's begin at once, and are held then. */
const AT_ONCE = 100
const FIRST_PAUSE = 100
const LONGEST_PAUSE = 10_000

export interface Answered {
  /** When the cycle began and ended, on the session's clock. */
  readonly started: number
  readonly ended: number
  /** Milliseconds from the request to the end of the answer. */
  readonly took: number
  /** The answer said nothing that the one before had not said. */
  readonly nothingNew: boolean
}

/** Milliseconds to wait after an answer. */
export type Pace = (answered: Answered) => number

/**
 * One request every `interval` milliseconds, or as fast as answers come where they take longer. What timers are late
 * by does not add up.
 */
export function steadyPace(interval: number): Pace {
  /** When the cycle was to begin. */
  let due: number | undefined
  return ({ started, ended }) => {
    const from = due !== undefined && started - due < interval ? due : started
    due = Math.max(from + interval, ended)
    return due - ended
  }
}

/**
 * The next request at once, as long-polling means it. A server that answers at once although it has nothing
 * new is spared: `pause` milliseconds the first time (default 100), twice as long each further time, up to 10 s.
 */
export function eagerPace(pause: number = FIRST_PAUSE): Pace {
  let next = pause
  return ({ took, nothingNew }) => {
    if (!nothingNew || took >= AT_ONCE) {
      next = pause
      return 0
    }
    const wait = next
    next = Math.max(pause, Math.min(next * 2, LONGEST_PAUSE))
    return wait
  }
}
