/** Converts a recording to a file. */
import { openRecording } from '../../session/open-recording.ts'
import { type MaskOptions, maskingOf } from '../../session/payload-masks.ts'
import { canWrite, writeRecording } from '../../session/write-recording.ts'
import { OUTPUT_EXTENSIONS } from '../../shared/protocol/saving.ts'
import { requireValid, UsageError } from '../command-line.ts'
import { EXIT, untilSignal } from '../exit.ts'
import { printProblems, printUnmet } from '../recordings.ts'
import { printNotice } from '../standard-error.ts'

export type ConvertOptions = Pick<MaskOptions, 'reveal' | 'mask'>

/** Resolves with the exit code. Throws a `UsageError`, or rejects with a `Failure` if a file cannot be read or written. */
export async function runConvert(
  from: string,
  to: string,
  { reveal = [], mask = [] }: ConvertOptions,
): Promise<number> {
  if (!canWrite(to)) throw new UsageError(`OUT must end in ${OUTPUT_EXTENSIONS.join(', ')}, but it is ${to}.`)
  requireValid(() => maskingOf({ mask }))
  const recording = await openRecording(from)
  const written = await untilSignal((signal) => writeRecording(recording, to, { reveal, mask, signal }))
  if (typeof written === 'number') return written
  const { masked } = written
  printProblems(recording, from)
  if (masked.length > 0) printNotice(`Written as ***: ${masked.join(', ')}.`)
  printUnmet(mask, masked)
  return EXIT.done
}
