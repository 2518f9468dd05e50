/** Converts a recording, or a file of another program, to a file of requests or of environments. */
import { writeFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { recordedRequests } from '../../engine/requests/recorded-requests.ts'
import { environmentTextOf } from '../../request/imports/environment-text.ts'
import { httpTextOf } from '../../request/imports/http-text.ts'
import type { Imported } from '../../request/imports/imported.ts'
import { importedOf } from '../../request/imports/recorded.ts'
import { ENVIRONMENT_FILE } from '../../request/variables/environments.ts'
import { openIndexed } from '../../session/open-recording.ts'
import { writeWhole } from '../../session/whole-file.ts'
import { RECORDING_EXTENSIONS } from '../../shared/recording-extensions.ts'
import { EXIT } from '../exit.ts'
import { printProblems } from '../recordings.ts'
import { printNotice } from '../standard-error.ts'
import { readForeignPath } from './foreign-files.ts'

/** Sentences that are printed. The file has more. */
const MAX_PRINTED = 20

/** Resolves with the exit code. Throws a `UsageError`, or rejects with a `Failure`. */
export async function convertToRequests(from: string, to: string): Promise<number> {
  const isRecording = RECORDING_EXTENSIONS.includes(extname(from).toLowerCase())
  const imported = isRecording ? await readRecording(from) : await readForeignPath(from)
  const write = basename(to) === ENVIRONMENT_FILE ? environmentTextOf : httpTextOf
  const { text, notTaken } = write(imported)
  await writeWhole(to, (partial) => writeFile(partial, text))
  for (const sentence of notTaken.slice(0, MAX_PRINTED)) printNotice(sentence)
  const more = notTaken.length - MAX_PRINTED
  if (more > 0) printNotice(`${more} more things were not imported; ${to} lists them.`)
  return EXIT.done
}

async function readRecording(from: string): Promise<Imported> {
  const recording = await openIndexed(from, { masked: true })
  try {
    printProblems(recording, from)
    const { requests, omitted } = await recordedRequests(recording.log)
    return importedOf(requests, omitted)
  } finally {
    recording.close()
  }
}
