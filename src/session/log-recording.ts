/** A log that is being read, or a part of it, as a recording: its events up to now. */
import { setImmediate } from 'node:timers/promises'
import type { RealtimeEvent } from '../shared/event.ts'
import { Failure } from '../shared/failure.ts'
import { GENERATOR } from './generator.ts'
import type { Recording } from './recording.ts'
import type { EventSource } from './save.ts'

/** Events of one batch. */
const BATCH = 64

export interface LogRecordingOptions {
  /** Numbers of the events, ascending; default all. */
  readonly indexes?: Uint32Array
  /** Told of each event without its payload, which is not kept any more. */
  readonly onWithoutPayload?: () => void
  readonly onProgress?: (events: number) => void
  readonly signal?: AbortSignal
}

/** Rejects, while it is read, with `CANCELLED` or `CLEARED`. */
export function logRecording(
  source: EventSource & { event(index: number): RealtimeEvent },
  { indexes, onProgress, onWithoutPayload, signal }: LogRecordingOptions = {},
): Recording {
  const { generation, firstKept, count } = source
  const total = indexes?.length ?? count - firstKept
  const check = () => {
    if (signal?.aborted) throw new Failure('CANCELLED', 'It was cancelled; nothing was written.')
    if (source.generation !== generation)
      throw new Failure('CLEARED', 'The session was cleared while it was being read; try again.')
  }
  return {
    startedAt: source.startedAt,
    generator: GENERATOR,
    dropped: { events: firstKept, payloads: source.droppedPayloads },
    problems: [],
    async *events() {
      for (let at = 0; at < total; at += BATCH) {
        check()
        const events: RealtimeEvent[] = []
        for (let next = at; next < Math.min(at + BATCH, total); next++) {
          const index = indexes === undefined ? firstKept + next : (indexes[next] ?? 0)
          // Dropped while this was being read.
          if (index < source.firstKept) continue
          const event = source.event(index)
          if ('payload' in event && event.dropped !== undefined) onWithoutPayload?.()
          events.push(event)
        }
        yield events
        onProgress?.(Math.min(at + BATCH, total))
        await setImmediate()
      }
    },
  }
}
