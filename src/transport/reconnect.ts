/** When to try again: an immutable backoff that all transports share. */

import { type ConnectionSpec, DEFAULT_MAX_ATTEMPTS, type ReconnectPolicy } from '../shared/spec.ts'
import { MAX_TIMER_DELAY } from '../shared/timer-delay.ts'
import type { Outcome, ResumeState } from './transport.ts'

const FIRST_DELAY = 500
const FACTOR = 2
const LONGEST_DELAY = 30_000

export interface BackoffOptions {
  /** Attempts in a row before giving up. Default 10. */
  readonly maxAttempts?: number | undefined
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

/**
 * The delay before the attempt at that step (from 1), in milliseconds. A backoff is between half of the delay and all of
 * it, so that clients that lost the same server do not all return at the same time. A fixed delay is not randomized.
 */
function delayAt(policy: Exclude<ReconnectPolicy, 'never'>, step: number, random: () => number): number {
  if (policy !== 'backoff') return Math.min(Math.max(policy, 0), MAX_TIMER_DELAY)
  const delay = Math.min(FIRST_DELAY * FACTOR ** (step - 1), LONGEST_DELAY)
  return delay / 2 + (random() * delay) / 2
}

/** The start of a series of attempts: exponential delays from 500 ms to 30 s, a fixed delay, or no attempts. */
export function startBackoff(policy: ReconnectPolicy, options: BackoffOptions = {}): Backoff {
  const { maxAttempts = DEFAULT_MAX_ATTEMPTS, random = Math.random } = options
  const after = (step: number, attempt: number): Backoff => ({
    next() {
      if (policy === 'never' || attempt >= maxAttempts) return undefined
      const delay = Math.round(delayAt(policy, step + 1, random))
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

/** How many short attempts in a row may follow each other as soon as the server asks for. */
const BURST = 10
/** Then, the least milliseconds from one opening to the next attempt. */
const LEAST_SPACING = 100

/**
 * The delay before the next attempt, in milliseconds: the one that the server asked for, which is used once, or else
 * `backoff`. HTML standard, 9.2.3: wait the
 * reconnection time, and longer if the previous attempt failed. A `Retry-After` takes precedence (RFC 9110 section
 * 10.2.3). A server that asks for no delay and ends each stream at once gets its requests paced. `openFor` is undefined if
 * the last attempt did not open.
 */
export function nextDelay(
  { reconnect = 'backoff' }: ConnectionSpec,
  resume: ResumeState,
  { backoff, openFor, attempts }: { backoff: number; openFor: number | undefined; attempts: number },
): number {
  const { retry, retryAfter: asked = retry } = resume
  resume.retryAfter = undefined
  if (asked === undefined || reconnect !== 'backoff') return backoff
  if (openFor === undefined) return Math.min(asked + backoff, MAX_TIMER_DELAY)
  const spacing = attempts < BURST ? 0 : Math.ceil(LEAST_SPACING - openFor)
  return Math.min(Math.max(asked, spacing), MAX_TIMER_DELAY)
}
