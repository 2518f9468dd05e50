/** When messages that are sent in order follow each other. */
import { Failure } from '../failure.ts'
import { formatCount } from '../text/numbers.ts'
import { MAX_REPEAT_INTERVAL, MIN_REPEAT_INTERVAL } from './repeat.ts'

export const WAITS = ['answer', 'time'] as const

export interface Pace {
  /** For the next inbound message, whatever it is, or for a time. */
  readonly wait: (typeof WAITS)[number]
  /** How long: for an answer at most, otherwise exactly. */
  readonly ms: number
}

/** Throws a `Failure` `BAD_PACE` whose sentence names the limit. */
export function checkPace({ ms }: Pace): void {
  if (!Number.isInteger(ms) || ms < MIN_REPEAT_INTERVAL || ms > MAX_REPEAT_INTERVAL)
    throw new Failure(
      'BAD_PACE',
      `The time to wait must be a whole number of milliseconds from ${MIN_REPEAT_INTERVAL} to ${formatCount(MAX_REPEAT_INTERVAL)} (a day).`,
    )
}
