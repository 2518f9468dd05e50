/** What was wrong in a file that could be read all the same. */
import type { Recording } from '../session/recording.ts'
import { printable } from './pretty/text.ts'

/** Problems told one by one. */
const TOLD = 5

/** Says on standard error what could not be read of a recording. */
export function warnOf(path: string, { problems }: Recording): void {
  for (const problem of problems.slice(0, TOLD))
    process.stderr.write(`${printable(path)}: ${printable(problem)}\n`)
  if (problems.length > TOLD)
    process.stderr.write(`${printable(path)}: ${problems.length - TOLD} more problems like these.\n`)
}
