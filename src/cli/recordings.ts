/** Recordings that commands read, and what could not be read of them. */
import { openIndexed } from '../session/open-recording.ts'
import { type RecordingFile, SHOWN_PROBLEMS } from '../session/recording-file.ts'
import { printNotice } from './standard-error.ts'

/** Opens a recording to play it, and prints its problems. Rejects with a `Failure` if it is not a recording. */
export async function openForPlayback(path: string): Promise<RecordingFile> {
  const recording = await openIndexed(path, { masked: true })
  printProblems(recording)
  return recording
}

/** Prints what could not be read. `path` tells several recordings apart. */
export function printProblems({ problems, problemCount }: RecordingFile, path?: string): void {
  const prefix = path === undefined ? '' : `${path}: `
  for (const problem of problems.slice(0, SHOWN_PROBLEMS)) printNotice(`${prefix}${problem}`)
  const more = problemCount - SHOWN_PROBLEMS
  if (more > 0) printNotice(`${prefix}${more} more problems like these.`)
}
