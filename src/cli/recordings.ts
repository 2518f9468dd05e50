/** Recordings that commands read, and what could not be read of them. */
import { openIndexed } from '../session/open-recording.ts'
import { type RecordingFile, SHOWN_PROBLEMS } from '../session/recording-file.ts'
import { printNotice } from './standard-error.ts'

/**
 * Opens a recording to play it, and prints its problems. `masked` masks the secrets of a HAR. Rejects with a `Failure` if it
 * is not a recording.
 */
export async function openForPlayback(path: string, masked: boolean): Promise<RecordingFile> {
  const recording = await openIndexed(path, { masked })
  printProblems(recording)
  return recording
}

/** Prints what could not be read. Each line begins with `path` if it is given. */
export function printProblems({ problems, problemCount }: RecordingFile, path?: string): void {
  printSome(problems, path, problemCount)
}

/** Prints the first of `count` problems. Each line begins with `path` if it is given. */
export function printSome(problems: readonly string[], path?: string, count = problems.length): void {
  const prefix = path === undefined ? '' : `${path}: `
  for (const problem of problems.slice(0, SHOWN_PROBLEMS)) printNotice(`${prefix}${problem}`)
  const more = count - SHOWN_PROBLEMS
  if (more > 0) printNotice(`${prefix}${more} more problems like these.`)
}
