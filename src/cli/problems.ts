/** What was wrong in a file that could be read all the same. */
import type { Recording } from '../session/recording.ts'
import { printNotice } from './standard-error.ts'

/** Problems told one by one. */
const TOLD = 5

/** Says on standard error what could not be read of a recording. */
export function warnOf(path: string, { problems }: Recording): void {
  for (const problem of problems.slice(0, TOLD)) printNotice(`${path}: ${problem}`)
  if (problems.length > TOLD) printNotice(`${path}: ${problems.length - TOLD} more problems like these.`)
}
