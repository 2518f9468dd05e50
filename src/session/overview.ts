/** Reads many recordings, one after the other, and keeps a row of figures of each. */
import { readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { Failure, sentenceOf } from '../shared/failure.ts'
import { RECORDING_EXTENSIONS } from '../shared/recording-extensions.ts'
import {
  overviewTotal,
  type RecordingRow,
  type RecordingsOverview,
  recordingRow,
  type UnreadRecording,
} from '../shared/report/overview.ts'
import { openRecording } from './open-recording.ts'
import type { RecordingFile } from './recording-file.ts'
import { reportRecording } from './report-recording.ts'

/** The most recordings of a table. */
const MOST_RECORDINGS = 1000

export interface NamedFile {
  readonly path: string
  /** What the table calls it. */
  readonly name: string
}

export interface OverviewOptions {
  /** Called after a recording was read, with what could not be read of it. */
  readonly onRead?: (file: NamedFile, recording: RecordingFile) => void
  /** Default 1000. */
  readonly most?: number
}

/** The recordings in a folder, not in folders within it, sorted by name. Rejects with a `Failure` if there are none. */
export async function recordingsIn(folder: string): Promise<NamedFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new Failure('READ', `The folder ${folder} cannot be read (${error.code}); check its permissions.`)
  })
  const names = entries
    .filter(
      (entry) =>
        (entry.isFile() || entry.isSymbolicLink()) &&
        RECORDING_EXTENSIONS.includes(extname(entry.name).toLowerCase()),
    )
    .map(({ name }) => name)
    .sort()
  if (names.length === 0)
    throw new Failure(
      'NO_RECORDING',
      `There is no recording in ${folder}; name a folder with files that end in ${RECORDING_EXTENSIONS.join(' or ')}.`,
    )
  return names.map((name) => ({ path: join(folder, name), name }))
}

/** The figures of each recording. Those that cannot be read are listed with the reason. */
export async function overviewOf(
  files: readonly NamedFile[],
  { onRead, most = MOST_RECORDINGS }: OverviewOptions = {},
): Promise<RecordingsOverview> {
  const recordings: RecordingRow[] = []
  const unread: UnreadRecording[] = []
  for (const file of files.slice(0, most))
    try {
      recordings.push(await readRow(file, onRead))
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown
      unread.push({ file: file.name, reason: sentenceOf(thrown) })
    }
  return { recordings, total: overviewTotal(recordings), unread, omitted: Math.max(0, files.length - most) }
}

async function readRow(file: NamedFile, onRead: OverviewOptions['onRead']): Promise<RecordingRow> {
  const recording = await openRecording(file.path)
  try {
    const report = await reportRecording(recording)
    onRead?.(file, recording)
    return recordingRow(file.name, recording.problemCount, report)
  } finally {
    recording.close()
  }
}
