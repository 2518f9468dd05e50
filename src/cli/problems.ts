/** What was wrong in a file that could be read all the same. */
import type { RecordingFile } from '../session/recording-file.ts'
import { printNotice } from './standard-error.ts'

/** Problems told one by one. */
const TOLD = 5

/** Says on standard error what could not be read of a recording. */
export function warnOf(path: string, { problems, problemCount }: RecordingFile): void {
  for (const problem of problems.slice(0, TOLD)) printNotice(`${path}: ${problem}`)
  if (problemCount > TOLD) printNotice(`${path}: ${problemCount - TOLD} more problems like these.`)
}
