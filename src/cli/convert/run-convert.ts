/** Converts a recording, or a file of another program, to a file. */
import { basename, extname } from 'node:path'
import { REQUEST_EXTENSIONS } from '../../request/file/request-file.ts'
import { ENVIRONMENT_FILE } from '../../request/variables/environments.ts'
import { openRecording } from '../../session/open-recording.ts'
import { type MaskOptions, maskingOf } from '../../session/payload-masks.ts'
import { canWrite, writeRecording } from '../../session/write-recording.ts'
import { OUTPUT_EXTENSIONS } from '../../shared/protocol/saving.ts'
import { requireValid, UsageError } from '../command-line.ts'
import { EXIT, untilSignal } from '../exit.ts'
import { printProblems, printSome } from '../recordings.ts'
import { printNotice } from '../standard-error.ts'
import { printUnmet } from '../unmet-masks.ts'

function isForRequests(to: string): boolean {
  return REQUEST_EXTENSIONS.includes(extname(to).toLowerCase()) || basename(to) === ENVIRONMENT_FILE
}

export type ConvertOptions = Pick<MaskOptions, 'reveal' | 'mask'>

/** Resolves with the exit code. Throws a `UsageError`, or rejects with a `Failure` if a file cannot be read or written. */
export async function runConvert(
  from: string,
  to: string,
  { reveal = [], mask = [] }: ConvertOptions,
): Promise<number> {
  if (isForRequests(to)) {
    const { convertToRequests } = await import('./convert-to-requests.ts')
    return await convertToRequests(from, to)
  }
  if (!canWrite(to))
    throw new UsageError(
      `OUT must end in ${[...OUTPUT_EXTENSIONS, ...REQUEST_EXTENSIONS].join(', ')}, or be named ${ENVIRONMENT_FILE}, but it is ${to}.`,
    )
  requireValid(() => maskingOf({ mask }))
  const recording = await openRecording(from)
  const name = basename(from)
  const written = await untilSignal((signal) => writeRecording(recording, to, { reveal, mask, name, signal }))
  if (typeof written === 'number') return written
  const { masked, undecoded = [] } = written
  printProblems(recording, from)
  printSome(undecoded, from)
  if (masked.length > 0) printNotice(`Written as ***: ${masked.join(', ')}.`)
  printUnmet(mask, masked)
  return EXIT.done
}
