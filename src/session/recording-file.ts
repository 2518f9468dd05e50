/** A recorded session in a file, of any format that can be read. */
import type { CaptureLimits } from '../capture/limits.ts'
import type { Dropped, Log, Recording } from '../capture/recording.ts'

export interface OpenOptions {
  /** Bytes of the largest payload. Default 64 MiB. */
  readonly maxMessageSize?: number
  /** Called after each step of indexing. */
  readonly onProgress?: () => void
  /** Whether an event whose line was changed after it was indexed reads as a mark. Default: reading it throws. */
  readonly marksChanged?: boolean
  /** Whether the secrets of a HAR file are masked in its log. A session file was masked when it was written. */
  readonly masked?: boolean
  /** Private folder for the events of a HAR file. Default: a temporary folder. */
  readonly directory?: string
  /** Limits for the events of a HAR file. */
  readonly limits?: CaptureLimits
}

/** A file that streams its events, and can be indexed to read them in any order. */
export interface RecordingFile extends Recording {
  readonly dropped: Dropped
  /** What could not be read so far: one sentence each, at most a hundred, and their number. */
  readonly problems: readonly string[]
  readonly problemCount: number
  /** Bytes of the file, and bytes indexed so far. */
  readonly size: number
  readonly position: number
  /** The events indexed so far. */
  readonly log: Log
  /** Indexes more events; resolves to false once all are indexed. Rejects with a `Failure`. */
  indexNext(): Promise<boolean>
  /** Stops indexing, and closes the log. */
  close(): void
}

/** Indexes the events that are left. Rejects with a `Failure`. */
export async function indexAll(file: RecordingFile): Promise<void> {
  while (await file.indexNext());
}

/** Number of a file's problems that are shown to the user. */
export const SHOWN_PROBLEMS = 5

/** For the user: what had been dropped when the session was saved, then what could not be read. */
export function problemsOf({ dropped, problems }: RecordingFile): string[] {
  const { events, payloads } = dropped
  const were = [
    ...(events > 0 ? [`${events} older events`] : []),
    ...(payloads > 0 ? [`the payloads of ${payloads} events`] : []),
  ]
  const note = `When this was saved, ${were.join(' and ')} had been dropped already.`
  return [...(were.length > 0 ? [note] : []), ...problems]
}
