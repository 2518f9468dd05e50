/** The events of a HAR in batches, as they are, or as lines of a session file. */
import { setImmediate } from 'node:timers/promises'
import type { ReadOptions, WrittenPart } from '../../../capture/recording.ts'
import type { RealtimeEvent } from '../../../shared/event.ts'
import { Failure } from '../../../shared/failure.ts'
import { ByteBuffer } from '../bytes/byte-buffer.ts'
import type { Source } from './merged-events.ts'

/** A batch ends after this many events, or bytes of payloads. */
const BATCH = 1000
const BATCH_BYTES = 1024 * 1024
/** Bytes of the lines that are collected, besides those of the last one. */
const LINES = 256 * 1024
/** Milliseconds for which the thread may be held. */
const SLICE = 8

/** Collects what is read together. */
export interface Batch<Part> {
  /** Number of events. */
  readonly count: number
  readonly isFull: boolean
  /** Adds the event that the source is at. */
  add(source: Source): void
  /** What was collected. The batch is empty then. */
  take(): Part[]
}

/** Events as they are. */
export class EventBatch implements Batch<RealtimeEvent> {
  #events: RealtimeEvent[] = []
  #bytes = 0

  get count(): number {
    return this.#events.length
  }

  get isFull(): boolean {
    return this.count >= BATCH || this.#bytes >= BATCH_BYTES
  }

  add({ event }: Source): void {
    this.#events.push(event)
    this.#bytes += payloadSize(event)
  }

  take(): RealtimeEvent[] {
    const events = this.#events
    this.#events = []
    this.#bytes = 0
    return events
  }
}

/** Lines of a session file where they can be written without their events. The lines are valid until the next event is added. */
export class LineBatch implements Batch<WrittenPart> {
  readonly #lines = new ByteBuffer(LINES)
  #parts: WrittenPart[] = []
  /** The latest lines that are not a part yet: where they begin, and their number. */
  #from = 0
  #count = 0
  /** Of the payloads of the events. */
  #bytes = 0
  count = 0

  get isFull(): boolean {
    return this.count >= BATCH || this.#lines.length >= LINES || this.#bytes >= BATCH_BYTES
  }

  add(source: Source): void {
    this.count++
    if (source.addLine?.(this.#lines) === true) {
      this.#count++
      return
    }
    this.#endLines()
    const { event } = source
    this.#parts.push(event)
    this.#bytes += payloadSize(event)
  }

  take(): WrittenPart[] {
    this.#endLines()
    const parts = this.#parts
    this.#parts = []
    this.#lines.clear()
    this.#bytes = 0
    this.#from = 0
    this.count = 0
    return parts
  }

  #endLines(): void {
    if (this.#count === 0) return
    const lines = this.#lines.view.subarray(this.#from)
    this.#parts.push({ lines, count: this.#count, withoutPayload: 0 })
    this.#from = this.#lines.length
    this.#count = 0
  }
}

function payloadSize(event: RealtimeEvent): number {
  return 'payload' in event ? event.payload.length : 0
}

/** Reads all sources, and lets go of the thread at times. */
export async function* batches<Part>(
  sources: Iterable<Source>,
  batch: Batch<Part>,
  { signal, onProgress }: Omit<ReadOptions, 'indexes'> = {},
): AsyncGenerator<Part[]> {
  let count = 0
  let until = performance.now() + SLICE
  for (const source of sources) {
    batch.add(source)
    if (!batch.isFull) continue
    if (signal?.aborted) throw new Failure('CANCELLED', 'Reading the HAR was canceled.')
    count += batch.count
    yield batch.take()
    onProgress?.(count)
    if (performance.now() < until) continue
    await setImmediate()
    until = performance.now() + SLICE
  }
  if (signal?.aborted) throw new Failure('CANCELLED', 'Reading the HAR was canceled.')
  if (batch.count === 0) return
  count += batch.count
  yield batch.take()
  onProgress?.(count)
}
