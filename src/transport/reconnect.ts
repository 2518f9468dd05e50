/** When to try again: an immutable backoff, shared by every transport. */
import { type ConnectionSpec, DEFAULT_MAX_ATTEMPTS, type ReconnectPolicy } from '../shared/spec.ts'
import type { Outcome } from './transport.ts'

const FIRST_DELAY = 500
const FACTOR = 2
const LONGEST_DELAY = 30_000
/** The longest delay a timer takes; a longer one would fire at once. */
export const MAX_TIMER_DELAY = 2 ** 31 - 1

/**
 * How a delay is spread, so that clients that lost one server together do not return together.
 * `full`: anywhere from 0 to the delay; `equal`: from half of it to all of it.
 */
export type Jitter = 'none' | 'equal' | 'full'

export interface BackoffOptions {
  /** Consecutive attempts before giving up. Default 10. */
  readonly maxAttempts?: number | undefined
  /** Default `equal`. Fixed delays are never spread. */
  readonly jitter?: Jitter
  /** Uniform in [0, 1). Default `Math.random`. */
  readonly random?: (() => number) | undefined
}

/** A point in a series of attempts; asking it for the next one does not change it. */
export interface Backoff {
  /** The attempt to make next, or undefined where there is none to make. */
  next(): Retry | undefined
  /** The same point with the delays started over, and the attempts counted on. */
  eased(): Backoff
}

export interface Retry extends Backoff {
  /** From 1, since the start. */
  readonly attempt: number
  /** Milliseconds to wait before it. */
  readonly delay: number
}

function spread(delay: number, jitter: Jitter, random: () => number): number {
  switch (jitter) {
    case 'none':
      return delay
    case 'equal':
      return delay / 2 + (random() * delay) / 2
    case 'full':
      return random() * delay
  }
}

/** The delay before the attempt of that step (from 1), in milliseconds, before it is spread. */
function plainDelay(policy: Exclude<ReconnectPolicy, 'never'>, step: number): number {
  if (policy !== 'backoff') return Math.min(Math.max(policy, 0), MAX_TIMER_DELAY)
  return Math.min(FIRST_DELAY * FACTOR ** (step - 1), LONGEST_DELAY)
}

/** The start of a series of attempts under a policy: exponential from 500 ms to 30 s, fixed, or none. */
export function startBackoff(policy: ReconnectPolicy, options: BackoffOptions = {}): Backoff {
  const { maxAttempts = DEFAULT_MAX_ATTEMPTS, random = Math.random } = options
  const jitter = policy === 'backoff' ? (options.jitter ?? 'equal') : 'none'
  const after = (step: number, attempt: number): Backoff => ({
    next() {
      if (policy === 'never' || attempt >= maxAttempts) return undefined
      const delay = Math.round(spread(plainDelay(policy, step + 1), jitter, random))
      return { attempt: attempt + 1, delay, ...after(step + 1, attempt + 1) }
    },
    eased: () => after(0, attempt),
  })
  return after(0, 0)
}

/** The outcome of an attempt after which another cannot help; a policy that the user named has it made all the same. */
export function forced({ reconnect }: ConnectionSpec, outcome: Outcome): Outcome {
  return reconnect === undefined || reconnect === 'never' ? outcome : { ...outcome, end: 'lost' }
}
