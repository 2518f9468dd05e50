import { openIndexed } from '../../session/open-recording.ts'
import type { RecordingFile } from '../../session/recording-file.ts'
import { Failure } from '../../shared/failure.ts'
import { printFailure } from '../standard-error.ts'

/** Problems of a file that are told one by one. */
const TOLD = 5

/**
 * The session in a session file or HAR; what is wrong in it is said on standard error. Rejects with a `Failure`
 * where the file is none.
 */
export async function openSource(path: string): Promise<RecordingFile> {
  const source = await openIndexed(path, { masked: true })
  for (const message of source.problems.slice(0, TOLD)) printFailure(new Failure('PROBLEM', message))
  const more = source.problemCount - TOLD
  if (more > 0)
    printFailure(new Failure('PROBLEM', `${more} more lines of ${path} could not be read as they stand.`))
  return source
}
