/** Limits for sending a message repeatedly. */
import { Failure } from '../failure.ts'
import { formatCount } from '../text/numbers.ts'

export const MIN_REPEAT_INTERVAL = 1
export const MAX_REPEAT_INTERVAL = 24 * 60 * 60 * 1000
export const MAX_REPEATS = 100_000

export interface RepeatPlan {
  /** Milliseconds between two messages. */
  readonly interval: number
  /** Number of messages in total. */
  readonly count: number
}

/** Throws a `Failure` `BAD_REPEAT` whose sentence names the limit. */
export function checkRepeat({ interval, count }: RepeatPlan): void {
  if (!Number.isInteger(interval) || interval < MIN_REPEAT_INTERVAL || interval > MAX_REPEAT_INTERVAL)
    throw new Failure(
      'BAD_REPEAT',
      `The interval must be a whole number of milliseconds from ${MIN_REPEAT_INTERVAL} to ${formatCount(MAX_REPEAT_INTERVAL)} (a day).`,
    )
  if (!Number.isInteger(count) || count < 1 || count > MAX_REPEATS)
    throw new Failure('BAD_REPEAT', `A message can be sent from 1 to ${formatCount(MAX_REPEATS)} times.`)
}
