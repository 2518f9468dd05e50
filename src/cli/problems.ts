/** What was wrong in a file that could be read all the same. */
import type { Recording } from '../session/recording.ts'
import { say } from './complain.ts'

/** Problems told one by one. */
const TOLD = 5

/** Says on standard error what could not be read of a recording. */
export function warnOf(path: string, { problems }: Recording): void {
  for (const problem of problems.slice(0, TOLD)) say(`${path}: ${problem}`)
  if (problems.length > TOLD) say(`${path}: ${problems.length - TOLD} more problems like these.`)
}
