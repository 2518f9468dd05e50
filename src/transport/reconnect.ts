/** When to try again: an immutable backoff that all transports share. */
import { type ConnectionSpec, DEFAULT_MAX_ATTEMPTS, type ReconnectPolicy } from '../shared/spec.ts'
import type { Outcome } from './transport.ts'

const FIRST_DELAY = 500
const FACTOR = 2
const LONGEST_DELAY = 30_000
/** The longest delay that Node's timers support; they fire at once for a longer one. */
export const MAX_TIMER_DELAY = 2 ** 31 - 1

/**
 * How delays are randomized, so that clients that lost the same server do not all return at the same time.
 * `full`: between 0 and the delay. `equal`: between half of the delay and all of it.
 */
export type Jitter = 'none' | 'equal' | 'full'

export interface BackoffOptions {
  /** Attempts in a row before giving up. Default 10. */
  readonly maxAttempts?: number | undefined
  /** Default `equal`. Fixed delays are never randomized. */
  readonly jitter?: Jitter
  /** Uniform in [0, 1). Default `Math.random`. */
  readonly random?: (() => number) | undefined
}

/** A point in a series of attempts. `next` returns the following point and does not change this one. */
export interface Backoff {
  /** The next attempt; undefined if there is none to make. */
  next(): Retry | undefined
  /** The same point with the shortest delay again; the number of attempts is kept. */
  eased(): Backoff
}

export interface Retry extends Backoff {
  /** Number of the attempt in the series, from 1. */
  readonly attempt: number
  /** Milliseconds to wait before it. */
  readonly delay: number
}

function randomize(delay: number, jitter: Jitter, random: () => number): number {
  switch (jitter) {
    case 'none':
      return delay
    case 'equal':
      return delay / 2 + (random() * delay) / 2
    case 'full':
      return random() * delay
  }
}

/** The delay before the attempt at that step (from 1), in milliseconds, before it is randomized. */
function baseDelay(policy: Exclude<ReconnectPolicy, 'never'>, step: number): number {
  if (policy !== 'backoff') return Math.min(Math.max(policy, 0), MAX_TIMER_DELAY)
  return Math.min(FIRST_DELAY * FACTOR ** (step - 1), LONGEST_DELAY)
}

/** The start of a series of attempts: exponential delays from 500 ms to 30 s, a fixed delay, or no attempts. */
export function startBackoff(policy: ReconnectPolicy, options: BackoffOptions = {}): Backoff {
  const { maxAttempts = DEFAULT_MAX_ATTEMPTS, random = Math.random } = options
  const jitter = policy === 'backoff' ? (options.jitter ?? 'equal') : 'none'
  const after = (step: number, attempt: number): Backoff => ({
    next() {
      if (policy === 'never' || attempt >= maxAttempts) return undefined
      const delay = Math.round(randomize(baseDelay(policy, step + 1), jitter, random))
      return { attempt: attempt + 1, delay, ...after(step + 1, attempt + 1) }
    },
    eased: () => after(0, attempt),
  })
  return after(0, 0)
}

/** Turns a final outcome into `lost` if the user set a reconnect policy, which asks for another attempt anyway. */
export function forceRetry({ reconnect }: ConnectionSpec, outcome: Outcome): Outcome {
  return reconnect === undefined || reconnect === 'never' ? outcome : { ...outcome, end: 'lost' }
}
