/** When the next request of a poll is sent. */

/**
 * A response that is complete within this many milliseconds was not held. CouchDB sends the head at once and then holds
 * the body.
 */
const AT_ONCE = 100
const FIRST_PAUSE = 100
/** How many responses in a row may come at once and bring something new before requests are delayed. */
const BURST = 10
const LONGEST_PAUSE = 10_000

export interface CompletedCycle {
  /** Session times of the cycle's beginning and end. */
  readonly started: number
  readonly ended: number
  /** Milliseconds from the request to the end of the response. */
  readonly took: number
  /** The response is empty or the same as the one before. */
  readonly nothingNew: boolean
}

/** Milliseconds to wait after a cycle. */
export type PollSchedule = (cycle: CompletedCycle) => number

/**
 * One request every `interval` milliseconds, or as fast as responses arrive if they take longer. The lateness of timers
 * does not add up.
 */
export function fixedSchedule(interval: number): PollSchedule {
  /** When the cycle was due to begin. */
  let due: number | undefined
  return ({ started, ended }) => {
    const from = due !== undefined && started - due < interval ? due : started
    due = Math.max(from + interval, ended)
    return due - ended
  }
}

/**
 * The next request at once after a response that the server held, as in long polling. After a response that comes at
 * once, requests are delayed:
 * - If it brings something new, the next request follows `interval` milliseconds after it was sent. If `interval` is
 *   not set, that is 100, and the first few follow at once, because several messages may have been waiting.
 * - If it brings nothing new, there is a pause of that length the first time, and twice as long each further time, up
 *   to 10 s.
 */
export function longPollSchedule(interval?: number): PollSchedule {
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
