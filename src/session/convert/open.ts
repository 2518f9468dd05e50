/** Opens whatever holds a recorded session: a session file, or a HAR. */
import { extname } from 'node:path'
import type { RealtimeEvent } from '../../shared/event.ts'
import { IndexedFile } from '../indexed-file.ts'
import { type Playable, playableOf } from '../playable.ts'
import { type Recording, sessionRecording } from '../recording.ts'
import { redactEvent } from '../redact.ts'

function isHar(path: string): boolean {
  return extname(path).toLowerCase() === '.har'
}

/** Told by the extension: `.har`, or else a session file. Rejects with a `Failure` where it is not what it says. */
export async function openRecording(path: string): Promise<Recording> {
  if (!isHar(path)) return sessionRecording(path)
  const { harRecording } = await import('./har/read.ts')
  return harRecording(path)
}

/** A recording that has been read whole, to be played or served. */
export interface PlayableFile extends Playable {
  /** What its capture had dropped of it when it was saved. */
  readonly dropped: { readonly events: number; readonly payloads: number }
  /** What could not be read as it stands: the first, and how many there were. */
  readonly problems: readonly { readonly message: string }[]
  readonly problemCount: number
  close(): void
}

/** The same event by event: of a session file from the disk; of a HAR from memory, secrets masked as in a session file. */
export async function openPlayable(path: string): Promise<PlayableFile> {
  if (!isHar(path)) return await IndexedFile.open(path)
  const recording = await openRecording(path)
  const events: RealtimeEvent[] = []
  for await (const batch of recording.events()) for (const event of batch) events.push(redactEvent(event, {}))
  const problems = recording.problems.map((message) => ({ message }))
  return {
    ...playableOf(events, recording.startedAt),
    dropped: { events: 0, payloads: events.filter((event) => 'dropped' in event).length },
    problems,
    problemCount: problems.length,
    close: () => {},
  }
}
