/** The events that the page holds, as typed-array columns in segments of fixed size. There are no objects for single events. */

import { type ColumnBatch, EVENT_COLUMNS, isFaulted, typeOf } from '../../../src/shared/event-columns.ts'
import type { TimeRange } from '../../../src/shared/protocol/filtering.ts'
import {
  allocate,
  type Columns,
  type ColumnTable,
  copyColumns,
  sliceColumns,
} from '../../../src/shared/typed-columns.ts'

const SEGMENT_BITS = 16
/** Events in a segment. */
export const SEGMENT_SIZE = 1 << SEGMENT_BITS
const MASK = SEGMENT_SIZE - 1
/** Events whose bounds of time are kept together. */
const BLOCK_BITS = 8
const BLOCK_SIZE = 1 << BLOCK_BITS
const BLOCKS = SEGMENT_SIZE / BLOCK_SIZE

/** The columns of an event that the page keeps. */
const PAGE_COLUMNS = {
  ...EVENT_COLUMNS,
  /** Milliseconds since the previous event of the same connection, NaN if there is none. */
  delta: 'f32',
} as const satisfies ColumnTable

export interface Segment extends Columns<typeof PAGE_COLUMNS> {
  /** Bounds of the times of its events. */
  earliest: number
  latest: number
  /** The same for each block of it. */
  readonly earliestOf: Float64Array
  readonly latestOf: Float64Array
  /** 1 for each block that may have messages with faults on purpose. */
  readonly faultedOf: Uint8Array
}

/** Called with offsets [start, end) of a segment whose offset 0 is event number `base`. */
export type SliceVisitor = (segment: Segment, start: number, end: number, base: number) => void

function newSegment(): Segment {
  return {
    ...allocate(PAGE_COLUMNS, SEGMENT_SIZE),
    earliest: Number.POSITIVE_INFINITY,
    latest: Number.NEGATIVE_INFINITY,
    earliestOf: new Float64Array(BLOCKS).fill(Number.POSITIVE_INFINITY),
    latestOf: new Float64Array(BLOCKS).fill(Number.NEGATIVE_INFINITY),
    faultedOf: new Uint8Array(BLOCKS),
  }
}

export class ColumnStore {
  #segments: Segment[] = []
  /** Number of the segment at #segments[0]. */
  #origin = 0
  /** Time of each connection's last event. */
  #lastTime = new Map<number, number>()
  #first = 0
  #end = 0

  /** Number of the oldest event held. */
  get first(): number {
    return this.#first
  }

  /** Number of the next event. */
  get end(): number {
    return this.#end
  }

  /** Copies a batch in. If it does not follow the events held, they were dropped, and the store starts again with the batch. */
  append(batch: ColumnBatch): void {
    if (batch.count === 0) return
    if (batch.first !== this.#end) this.#restart(batch.first)
    let done = 0
    while (done < batch.count) {
      const offset = this.#end & MASK
      const length = Math.min(batch.count - done, SEGMENT_SIZE - offset)
      const segment = this.#segmentForWrite()
      const upTo = done + length
      copyColumns(EVENT_COLUMNS, batch, done, upTo, segment, offset)
      this.#fillDeltas(segment, offset, offset + length)
      this.#end += length
      done = upTo
    }
  }

  /** Drops the events before number `index`. Frees whole segments. */
  dropBefore(index: number): void {
    this.#first = Math.max(this.#first, Math.min(index, this.#end))
    const origin = this.#first >>> SEGMENT_BITS
    if (origin > this.#origin) {
      this.#segments.splice(0, origin - this.#origin)
      this.#origin = origin
    }
  }

  /** Drops the events from number `index` on. */
  truncate(index: number): void {
    if (index >= this.#end) return
    if (index <= this.#first) {
      this.#restart(index)
      return
    }
    this.#end = index
    this.#segments.length = ((index - 1) >>> SEGMENT_BITS) - this.#origin + 1
    this.#findLastTimes()
  }

  clear(): void {
    this.#restart(0)
  }

  /** Visits the events held as batches, a segment at a time. The batches are views: read them in the call. */
  batches(visit: (batch: ColumnBatch) => void): void {
    this.forEachSlice(this.#first, this.#end, (segment, start, end, base) =>
      visit({ first: base + start, count: end - start, ...sliceColumns(EVENT_COLUMNS, segment, start, end) }),
    )
  }

  /** The segment of event `index`, and its offset there. Undefined if it is not held. */
  at(index: number): { readonly segment: Segment; readonly offset: number } | undefined {
    if (index < this.#first || index >= this.#end) return undefined
    const segment = this.#segments[(index >>> SEGMENT_BITS) - this.#origin]
    return segment && { segment, offset: index & MASK }
  }

  /** The connection and the time of an event. Undefined if it is not held. */
  placeOf(index = -1): { readonly connection: number; readonly time: number } | undefined {
    const { segment, offset = 0 } = this.at(index) ?? {}
    return segment && { connection: segment.connection[offset] ?? 0, time: segment.time[offset] ?? 0 }
  }

  /** Milliseconds since the session started. Undefined if the event is not held. */
  timeOf(index: number): number | undefined {
    const found = this.at(index)
    return found?.segment.time[found.offset]
  }

  /** Time in milliseconds of the oldest event held, 0 if no event was dropped: before it, only totals are known. */
  get heldFrom(): number {
    return this.#first === 0 ? 0 : (this.timeOf(this.#first) ?? 0)
  }

  /** Visits events [from, to) a segment at a time, in order. */
  forEachSlice(from: number, to: number, visit: SliceVisitor): void {
    let index = Math.max(from, this.#first)
    const last = Math.min(to, this.#end)
    while (index < last) {
      const segment = this.#segments[(index >>> SEGMENT_BITS) - this.#origin]
      if (segment === undefined) return
      const offset = index & MASK
      const length = Math.min(last - index, SEGMENT_SIZE - offset)
      visit(segment, offset, offset + length, index - offset)
      index += length
    }
  }

  /**
   * Visits the events from number `since` on that may be in a span of time, in order. Events need not be in the order of their times: those
   * of a poll are appended once it is known to be one.
   */
  forEachSliceBetween({ from, to }: TimeRange, visit: SliceVisitor, since = this.#first): void {
    this.forEachSlice(since, this.#end, (segment, start, end, base) => {
      if (segment.latest < from || segment.earliest > to) return
      for (let at = start; at < end; ) {
        const block = at >>> BLOCK_BITS
        const next = Math.min(end, (block + 1) << BLOCK_BITS)
        const isOutside = (segment.latestOf[block] ?? 0) < from || (segment.earliestOf[block] ?? 0) > to
        if (!isOutside) visit(segment, at, next, base)
        at = next
      }
    })
  }

  /** As `forEachSliceBetween`, without blocks in which no message has faults on purpose. */
  forEachFaultedSlice(span: TimeRange, visit: SliceVisitor): void {
    this.forEachSliceBetween(span, (segment, start, end, base) => {
      if (segment.faultedOf[start >>> BLOCK_BITS] === 1) visit(segment, start, end, base)
    })
  }

  /** The first event from `index` on that may be in a time range. Skips whole segments outside it. */
  skipOutside(index: number, { from, to }: TimeRange): number {
    let next = index
    for (;;) {
      const segment = this.#segments[(next >>> SEGMENT_BITS) - this.#origin]
      const end = (next | MASK) + 1
      const isOutside = segment !== undefined && (segment.latest < from || segment.earliest > to)
      if (!isOutside || end > this.#end) return next
      next = end
    }
  }

  /** The closest event before `index` on the same connection whose type is one of `types`. */
  findBefore(index: number, types: ReadonlySet<unknown>): number | undefined {
    const isFound = this.#finder(index, types)
    for (let i = index - 1; i >= this.#first; i--) if (isFound(i)) return i
    return undefined
  }

  /** The first event held on the same connection as `index` whose type is one of `types`. */
  findFirst(index: number, types: ReadonlySet<unknown>): number | undefined {
    const isFound = this.#finder(index, types)
    for (let i = this.#first; i < this.#end; i++) if (isFound(i)) return i
    return undefined
  }

  /** Tests whether an event is on the same connection as `index` and has one of the types. */
  #finder(index: number, types: ReadonlySet<unknown>): (other: number) => boolean {
    const here = this.at(index)
    const connection = here?.segment.connection[here.offset]
    return (other) => {
      const segment = this.#segments[(other >>> SEGMENT_BITS) - this.#origin]
      if (connection === undefined || segment?.connection[other & MASK] !== connection) return false
      return types.has(typeOf(segment.kind[other & MASK] ?? 0))
    }
  }

  #restart(first: number): void {
    this.#segments = []
    this.#origin = first >>> SEGMENT_BITS
    this.#lastTime.clear()
    this.#first = first
    this.#end = first
  }

  #findLastTimes(): void {
    const missing = new Set(this.#lastTime.keys())
    this.#lastTime.clear()
    for (let index = this.#end - 1; index >= this.#first && missing.size > 0; index--) {
      const segment = this.#segments[(index >>> SEGMENT_BITS) - this.#origin]
      const connection = segment?.connection[index & MASK] ?? 0
      if (missing.delete(connection)) this.#lastTime.set(connection, segment?.time[index & MASK] ?? 0)
    }
  }

  #segmentForWrite(): Segment {
    const slot = (this.#end >>> SEGMENT_BITS) - this.#origin
    const held = this.#segments[slot]
    if (held !== undefined) return held
    const fresh = newSegment()
    this.#segments[slot] = fresh
    return fresh
  }

  #fillDeltas(segment: Segment, start: number, end: number): void {
    for (let i = start; i < end; i++) {
      const connection = segment.connection[i] ?? 0
      const time = segment.time[i] ?? 0
      if (time < segment.earliest) segment.earliest = time
      if (time > segment.latest) segment.latest = time
      const block = i >>> BLOCK_BITS
      if (time < (segment.earliestOf[block] ?? 0)) segment.earliestOf[block] = time
      if (time > (segment.latestOf[block] ?? 0)) segment.latestOf[block] = time
      if (isFaulted(segment.kind[i] ?? 0)) segment.faultedOf[block] = 1
      const last = this.#lastTime.get(connection)
      segment.delta[i] = last === undefined ? Number.NaN : time - last
      this.#lastTime.set(connection, time)
    }
  }
}
