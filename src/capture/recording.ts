/** What a recorded session offers to its readers: as a stream, by event number, and in columns. */

import { setImmediate } from 'node:timers/promises'
import type { PayloadHead, RealtimeEvent } from '../shared/event.ts'
import { allocateColumns, type ColumnBatch, type ColumnView } from '../shared/event-columns.ts'
import { Failure } from '../shared/failure.ts'
import type { Row } from './column-segments.ts'
import type { BytesTaker } from './disk/spool.ts'
import type { Prefiltered } from './search/prefilter.ts'

export interface ReadOptions {
  /** Numbers of the events to read, ascending. Default: all events there are when `events` is called. */
  readonly indexes?: ArrayLike<number>
  /** Called after each batch with the number of events read. */
  readonly onProgress?: (events: number) => void
  readonly signal?: AbortSignal
}

/** Numbers of events and payloads that are not kept. */
export interface Dropped {
  readonly events: number
  readonly payloads: number
}

/** Lines of a session file that would be written again with the same bytes. */
export interface WrittenLines {
  /** Each with its newline. Valid until the next parts are read. */
  readonly lines: Uint8Array
  readonly count: number
  /** Number of those without their payload. */
  readonly withoutPayload: number
}

export type WrittenPart = WrittenLines | RealtimeEvent

/** A session as a stream of events. Implemented by live captures, session files and HAR files. */
export interface Recording {
  /** An invalid date if it is not known. */
  readonly startedAt: Date
  /** Program and version that recorded the session. Undefined for this program, empty if unknown. */
  readonly generator?: string
  /** What had been dropped when the session was saved, or has been dropped since. */
  readonly dropped?: Dropped
  /**
   * The events in order, in batches of bounded size. Can be called again to read again. Reading rejects with a
   * `Failure`: `CANCELLED`, `CLEARED`, or an error of the file.
   */
  events(options?: ReadOptions): AsyncIterable<readonly RealtimeEvent[]>
  /** As `events`, for a writer that masks no payloads: lines that it can copy are not made into events. */
  written?(options?: Omit<ReadOptions, 'indexes'>): AsyncIterable<readonly WrittenPart[]>
}

/** A payload as the content [from, to) of a JSON string in UTF-8, which can be invalid. */
export interface JsonText {
  /** What is known of the event without its payload. */
  readonly head: PayloadHead
  readonly bytes: Buffer
  readonly from: number
  readonly to: number
  /** Bytes of the payload. */
  readonly size: number
}

/** A recording whose events can also be read in any order. They have the numbers `firstKept` to `count` - 1. */
export interface IndexedRecording extends Recording {
  readonly firstKept: number
  readonly count: number
  /** What is known of an event without reading its payload. Throws a `RangeError` if the event is not kept. */
  row(index: number): Readonly<Pick<Row, 'time' | 'kind' | 'connection'>>
  /** The event with a payload that the caller can keep. */
  event(index: number): RealtimeEvent
  /** The payload of an event if it is in JSON, without reading it. Valid until the next call of any function. */
  jsonText?(index: number): JsonText | undefined
}

/** An indexed recording with its columns: what the panel lists, searches and counts. See `Capture`. */
export interface Log extends IndexedRecording {
  readonly generation: number
  readonly firstPayload: number
  readonly spoolBytes: number
  readonly eventNames: readonly string[]
  columns(from: number, max: number): ColumnBatch
  /** Columns that an event is in, with those around it. Not copied: valid only until the next append. */
  columnsAround?(index: number): ColumnView
  row(index: number): Readonly<Row>
  peek(index: number): RealtimeEvent
  payload(index: number, maxBytes?: number): Uint8Array<ArrayBuffer> | undefined
  givePayload?(index: number, maxBytes: number | undefined, taker: BytesTaker): boolean
  isDropped(index: number): boolean
  prefilter?(from: number, needles: readonly string[]): Prefiltered
  text?(index: number): string | undefined
  /** The line of an event, if a session writer can copy it. See `WrittenLines`. */
  writtenLine?(index: number): Uint8Array | undefined
}

/** A batch ends after this many events, or bytes of payloads. */
const BATCH = 64
const BATCH_BYTES = 1024 * 1024
/** Milliseconds for which the thread may be held. */
const SLICE = 8

type Source = Pick<Log, 'generation' | 'firstKept' | 'count' | 'event'>

/** The `events` of a log: those it has at the time of the call. The thread is released every few milliseconds. */
export function readEvents(log: Source, options: ReadOptions = {}): AsyncGenerator<RealtimeEvent[]> {
  const { generation, firstKept, count } = log
  return readBatches(log, options, { generation, firstKept, count })
}

async function* readBatches(
  log: Source,
  { indexes, onProgress, signal }: ReadOptions,
  { generation, firstKept, count }: Omit<Source, 'event'>,
): AsyncGenerator<RealtimeEvent[]> {
  const total = indexes?.length ?? count - firstKept
  let until = performance.now() + SLICE
  for (let at = 0; at < total; ) {
    if (signal?.aborted) throw new Failure('CANCELLED', 'Reading the session was canceled.')
    if (log.generation !== generation)
      throw new Failure('CLEARED', 'The session was cleared while it was being read; try again.')
    const events: RealtimeEvent[] = []
    let bytes = 0
    for (; at < total && events.length < BATCH && bytes < BATCH_BYTES; at++) {
      const index = indexes?.[at] ?? firstKept + at
      // Dropped since reading began.
      if (index < log.firstKept) continue
      const event = log.event(index)
      if ('payload' in event) bytes += event.payload.length
      events.push(event)
    }
    yield events
    onProgress?.(at)
    if (performance.now() < until) continue
    await setImmediate()
    until = performance.now() + SLICE
  }
}

const none = (index: number) => {
  throw new RangeError(`There is no event ${index}.`)
}

/** A log without events. */
export const EMPTY_LOG: Log = {
  startedAt: new Date(Number.NaN),
  generation: 0,
  count: 0,
  firstKept: 0,
  firstPayload: 0,
  spoolBytes: 0,
  eventNames: [''],
  columns: () => allocateColumns(0, 0),
  row: none,
  event: none,
  peek: none,
  payload: none,
  isDropped: none,
  events: () => readEvents(EMPTY_LOG),
}
