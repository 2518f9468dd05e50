/** When the next request goes out. */

/** An answer whose end comes within this many milliseconds was not held; CouchDB's begin at once, and are held then. */
const AT_ONCE = 100
const FIRST_PAUSE = 100
/** Answers in a row that come at once and bring news, after which they are paced. */
const BURST = 10
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
 * The next request at once after an answer that the server held, as long-polling means it. Answers that come at once
 * are paced. Those that bring news follow each other after `interval` milliseconds from request to request (if it is
 * not given: 100, and the first few at once, since news pile up at a server between two requests). After those that
 * bring nothing there is a pause of that length the first time, and twice as long each further time, up to 10 s.
 */
export function eagerPace(interval?: number): Pace {
  const pause = interval ?? FIRST_PAUSE
  const burst = interval === undefined ? BURST : 0
  let next = pause
  let left = burst
  return ({ took, nothingNew }) => {
    const isHeld = took >= AT_ONCE
    if (isHeld || nothingNew) left = burst
    if (isHeld || !nothingNew) next = pause
    if (isHeld) return 0
    if (!nothingNew) return left-- > 0 ? 0 : Math.max(0, pause - took)
    const wait = next
    next = Math.max(pause, Math.min(next * 2, LONGEST_PAUSE))
    return wait
  }
}
