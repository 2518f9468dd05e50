/** The columns of all events, 32 bytes for each event, in segments of fixed size so that rows are never moved. */

import { allocateColumns, type ColumnBatch, EVENT_COLUMNS, UNKNOWN_SIZE } from '../shared/event-columns.ts'
import type { MessageBatch } from '../shared/message-batch.ts'
import {
  type Columns,
  type ColumnTable,
  copyColumns,
  rowSize,
  unpackColumns,
} from '../shared/typed-columns.ts'
import { lastingMemory, letGo } from './lasting-memory.ts'

/** Bits of the `flags` column: facts that the other columns and the payload do not tell. */
export const FLAG = {
  /** The record begins with the event's other fields as JSON. */
  json: 0x01,
  /** The record begins with the SSE event id. */
  id: 0x02,
  opcode: 0x04,
  compressed: 0x08,
  /** `eventName` is that of an SSE event. */
  event: 0x10,
  /** The record is in the lifecycle spool, which never drops records. */
  lifecycle: 0x20,
  /** The event was appended without its payload; only its size is known. */
  hollow: 0x40,
  /** The record was lost because the disk was failing. */
  lost: 0x80,
} as const

/** The columns of an event that the capture keeps. */
export const ROW_COLUMNS = {
  ...EVENT_COLUMNS,
  /** Offset of the record in its spool. */
  offset: 'f64',
  /** WebSocket frames that carried a message; 0 if unknown. */
  frames: 'u16',
  /** Bits of `FLAG`. */
  flags: 'u8',
} as const satisfies ColumnTable

export type Row = { -readonly [Name in keyof typeof ROW_COLUMNS]: number }

/** A row to fill. */
export function emptyRow(): Row {
  return {
    time: 0,
    kind: 0,
    flags: 0,
    connection: 0,
    size: 0,
    wireSize: UNKNOWN_SIZE,
    eventName: 0,
    frames: 0,
    offset: 0,
  }
}

/** The columns that all messages of a batch share. */
export interface BatchRow {
  readonly flags: number
  readonly kinds: readonly [text: number, binary: number]
  readonly eventName: number
  readonly frames: number
}

type RowColumns = Columns<typeof ROW_COLUMNS, ArrayBufferLike>

export interface Segment extends RowColumns {
  first: number
  count: number
}

/** The row at a position. */
export function rowAt(columns: RowColumns, at: number): Row {
  return {
    time: columns.time[at] ?? 0,
    kind: columns.kind[at] ?? 0,
    flags: columns.flags[at] ?? 0,
    connection: columns.connection[at] ?? 0,
    size: columns.size[at] ?? 0,
    wireSize: columns.wireSize[at] ?? 0,
    eventName: columns.eventName[at] ?? 0,
    frames: columns.frames[at] ?? 0,
    offset: columns.offset[at] ?? 0,
  }
}

/** Batches of at most this many messages are appended one by one. */
const FEW = 4

export const SEGMENT_BITS = 14
/** Events in a segment. */
export const SEGMENT_SIZE = 1 << SEGMENT_BITS
const SEGMENT_BYTES = SEGMENT_SIZE * rowSize(ROW_COLUMNS)

export class ColumnSegments {
  #segments: Segment[] = []
  #last: Segment | undefined
  /** The latest that was dropped, to be used again. */
  #spare: Segment | undefined
  /** Events ever appended. */
  count = 0
  /** Number of the oldest event kept; a multiple of `SEGMENT_SIZE`. */
  firstKept = 0

  /** `first` is the number of the first event, a multiple of `SEGMENT_SIZE`. */
  constructor(first = 0) {
    this.count = first
    this.firstKept = first
  }

  append(row: Row): void {
    const segment = this.#roomy()
    const at = segment.count++
    segment.time[at] = row.time
    segment.kind[at] = row.kind
    segment.flags[at] = row.flags
    segment.connection[at] = row.connection
    segment.size[at] = row.size
    segment.wireSize[at] = row.wireSize
    segment.eventName[at] = row.eventName
    segment.frames[at] = row.frames
    segment.offset[at] = row.offset
    this.count++
  }

  /** Appends the messages of a batch, at `time`. What is stored of its bytes would begin at `base` if all of them were. */
  appendBatch(connection: number, batch: MessageBatch, time: number, base: number, shared: BatchRow): void {
    const { kinds } = shared
    const { count, starts, binary } = batch
    if (count <= FEW) {
      this.#appendFew(connection, batch, time, base, shared)
      return
    }
    for (let from = 0; from < count; ) {
      const segment = this.#roomy()
      const at = segment.count
      const added = Math.min(count - from, SEGMENT_SIZE - at)
      segment.time.fill(time, at, at + added)
      segment.flags.fill(shared.flags, at, at + added)
      segment.connection.fill(connection, at, at + added)
      segment.frames.fill(shared.frames, at, at + added)
      segment.eventName.fill(shared.eventName, at, at + added)
      segment.size.set(batch.sizes.subarray(from, from + added), at)
      segment.wireSize.set(batch.wireSizes.subarray(from, from + added), at)
      const { kind, offset: offsets } = segment
      for (let index = 0; index < added; index++) {
        kind[at + index] = binary[from + index] === 1 ? kinds[1] : kinds[0]
        offsets[at + index] = base + (starts[from + index] ?? 0)
      }
      segment.count += added
      this.count += added
      from += added
    }
  }

  /** As `appendBatch`, one by one: for few messages, a call that fills a part of a column takes longer. */
  #appendFew(connection: number, batch: MessageBatch, time: number, base: number, shared: BatchRow): void {
    const { count, starts, sizes, wireSizes, binary } = batch
    const { kinds, flags, eventName, frames } = shared
    for (let index = 0; index < count; index++) {
      const segment = this.#roomy()
      const at = segment.count++
      segment.time[at] = time
      segment.kind[at] = kinds[binary[index] === 1 ? 1 : 0]
      segment.flags[at] = flags
      segment.connection[at] = connection
      segment.size[at] = sizes[index] ?? 0
      segment.wireSize[at] = wireSizes[index] ?? 0
      segment.eventName[at] = eventName
      segment.frames[at] = frames
      segment.offset[at] = base + (starts[index] ?? 0)
      this.count++
    }
  }

  /** The segment of an event. Throws a `RangeError` if the event is not kept. */
  segment(index: number): Segment {
    const segment = this.#segments[(index >> SEGMENT_BITS) - (this.firstKept >> SEGMENT_BITS)]
    if (segment === undefined || index >= this.count || index < this.firstKept)
      throw new RangeError(`There is no event ${index}; kept are ${this.firstKept} to ${this.count - 1}.`)
    return segment
  }

  /** The row of an event. Throws a `RangeError` if the event is not kept. */
  get(index: number): Row {
    const segment = this.segment(index)
    return rowAt(segment, index - segment.first)
  }

  /** The offset in the row of an event. Throws a `RangeError` if the event is not kept. */
  offset(index: number): number {
    const segment = this.segment(index)
    return segment.offset[index - segment.first] ?? 0
  }

  /** The size in the row of an event. Throws a `RangeError` if the event is not kept. */
  size(index: number): number {
    const segment = this.segment(index)
    return segment.size[index - segment.first] ?? 0
  }

  /** Copies the public columns of up to `max` events from `from`, or from the oldest kept. */
  copy(from: number, max: number): ColumnBatch {
    const first = Math.min(Math.max(from, this.firstKept), this.count)
    const batch = allocateColumns(first, Math.max(0, Math.min(max, this.count - first)))
    for (let done = 0; done < batch.count; ) {
      const segment = this.segment(first + done)
      const at = first + done - segment.first
      const to = Math.min(segment.count, at + batch.count - done)
      copyColumns(EVENT_COLUMNS, segment, at, to, batch, done)
      done += to - at
    }
    return batch
  }

  /** Drops the oldest segment. Returns false if it is the only one. */
  dropOldest(): boolean {
    if (this.#segments.length < 2) return false
    if (this.#spare !== undefined) letGo(SEGMENT_BYTES)
    this.#spare = this.#segments.shift()
    this.firstKept += SEGMENT_SIZE
    return true
  }

  /** Call when the events are no longer read. */
  release(): void {
    letGo(this.#segments.length * SEGMENT_BYTES)
  }

  /** The last segment, with room for another event. */
  #roomy(): Segment {
    const segment = this.#last
    return segment === undefined || segment.count === SEGMENT_SIZE ? this.#grow() : segment
  }

  #grow(): Segment {
    const segment = this.#spare ?? newSegment()
    this.#spare = undefined
    segment.first = this.count
    segment.count = 0
    this.#segments.push(segment)
    this.#last = segment
    return segment
  }
}

function newSegment(): Segment {
  return {
    first: 0,
    count: 0,
    ...unpackColumns(ROW_COLUMNS, lastingMemory(SEGMENT_BYTES), SEGMENT_SIZE),
  }
}
