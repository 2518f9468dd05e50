/** A recorded session as a stream of events, wherever it is kept. */
import type { RealtimeEvent } from '../shared/event.ts'
import { Failure } from '../shared/failure.ts'
import { openSession, type SessionFile } from './reader.ts'

export interface Recording {
  readonly startedAt: Date
  /** Program and version that made it; empty where it does not say. */
  readonly generator: string
  /** What its capture had dropped of it when it was saved. */
  readonly dropped?: { readonly events: number; readonly payloads: number }
  /** All events in their order, in batches; may be asked for again. Rejects with a `Failure`. */
  events(): AsyncIterable<readonly RealtimeEvent[]>
  /** Sentences about what could not be read, as far as the events were read. */
  readonly problems: readonly string[]
}

/** The same recording; reading it rejects with a `Failure` `CANCELLED` once the signal is given. */
export function cancellable(recording: Recording, signal: AbortSignal): Recording {
  return {
    ...recording,
    get problems() {
      return recording.problems
    },
    async *events() {
      for await (const batch of recording.events()) {
        if (signal.aborted) throw new Failure('CANCELLED', 'Reading the session was cancelled.')
        yield batch
      }
    },
  }
}

/** The recording in a session file. Rejects with a `Failure` where the file is none. */
export async function sessionRecording(path: string): Promise<Recording> {
  const first = await openSession(path)
  await first.close()
  const { startedAt, generator, droppedEvents, droppedPayloads } = first.header
  let file: SessionFile | undefined
  return {
    startedAt,
    generator,
    dropped: { events: droppedEvents, payloads: droppedPayloads },
    get problems() {
      return file?.problems.map(({ message }) => message) ?? []
    },
    async *events() {
      file = await openSession(path)
      for await (const { events } of file.batches()) yield events
    },
  }
}
