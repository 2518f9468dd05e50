/** What running the user's regular expressions has in common, whatever runs them: limits, and what is said of failures. */
import type { Filter } from '../../shared/filter/syntax.ts'

export type Regex = Filter & { kind: 'regex' }

/** Milliseconds that an expression may take for one text. Generous, because it does not block anything. */
export const REGEX_LIMIT = 1000
/** Milliseconds between two checks of the progress. */
export const CHECK_EVERY = 50

/** Why an expression was stopped. */
export const STOPPED = `This expression was stopped after ${REGEX_LIMIT / 1000} s on one payload: it backtracks too much; make it simpler.`

/** Why an expression failed. */
export function couldNotRun(message: string): string {
  return `This expression could not run: ${message}.`
}

/** The flags without those that let a result depend on earlier texts. */
export function independentFlags({ flags }: Regex): string {
  return flags.replace(/[gy]/g, '')
}
