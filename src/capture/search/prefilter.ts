/**
 * Finds the events that a search has to test by searching the bytes of many payloads at once. Ignores the case of
 * letters; the search decides whether an event really matches.
 */
import { largest } from '../../shared/numbers.ts'
import type { ColumnSegments, Segment } from '../column-segments.ts'
import { BytePattern, countBytes } from './byte-pattern.ts'

export interface Prefiltered {
  /** Number of the event after the run. */
  readonly end: number
  /** Numbers of the events to test, ascending. */
  readonly indexes: readonly number[]
}

/** The bytes to search. The bytes of later events lie behind those of earlier events. */
export interface PrefilterSource {
  /** Offset of the oldest byte kept. */
  readonly start: number
  /** Whether the event at a position has to be tested regardless of its bytes; undefined if its bytes decide. */
  isOpen(segment: Segment, at: number): boolean | undefined
  /** Offset of the end of the bytes of the event at a position. */
  endOf(segment: Segment, at: number): number
  /**
   * Bytes from an offset on, up to the length of `into`: a view, or `into` filled; fewer only if an event ends there.
   * Undefined if they are no longer kept.
   */
  piece(offset: number, into: Buffer): Buffer | undefined
}

/** Bytes of payloads in a run, which takes about a millisecond. Only a single longer event exceeds it. */
const RUN = 1024 * 1024
/** Bytes searched at once; small enough for the processor's cache. */
const WINDOW = 64 * 1024
/** Bytes of a run that are sampled to find rare bytes. */
const SAMPLE = 2048

const scratch = Buffer.allocUnsafeSlow(WINDOW)

/**
 * Prefilters the run of events from number `from` on. The needles are in the form of `toNeedle` and have about 64 bytes
 * at most.
 */
export function prefilter(
  rows: ColumnSegments,
  stored: PrefilterSource,
  from: number,
  needles: readonly string[],
): Prefiltered {
  const segment = rows.segment(from)
  const run = new Run(segment, from - segment.first, stored)
  run.search(needles, stored)
  return { end: segment.first + run.end, indexes: run.open() }
}

class Run {
  readonly #segment: Segment
  readonly #first: number
  /** Position after the run in the segment. */
  readonly end: number
  /** Positions of the events whose bytes are searched; their bytes are consecutive. */
  readonly #stored: number[] = []
  /** 1 for an event to test. */
  readonly #open: Uint8Array

  constructor(segment: Segment, first: number, stored: PrefilterSource) {
    this.#segment = segment
    this.#first = first
    const { count, offset } = segment
    this.#open = new Uint8Array(count - first)
    let least = stored.start
    let limit = Number.POSITIVE_INFINITY
    let at = first
    for (; at < count; at++) {
      const start = offset[at] ?? 0
      const isOpen = stored.isOpen(segment, at)
      if (isOpen === false) continue
      if (isOpen || start < least) this.#open[at - first] = 1
      else {
        if (start >= limit) break
        if (this.#stored.length === 0) limit = start + RUN
        this.#stored.push(at)
        least = start
      }
    }
    this.end = at
  }

  /** Numbers of the events to test. */
  open(): number[] {
    const indexes: number[] = []
    const start = this.#segment.first + this.#first
    for (let at = this.#open.indexOf(1); at >= 0; at = this.#open.indexOf(1, at + 1)) indexes.push(start + at)
    return indexes
  }

  search(needles: readonly string[], stored: PrefilterSource): void {
    const last = this.#stored.at(-1)
    if (last === undefined) return
    const end = stored.endOf(this.#segment, last)
    const overlap =
      largest(
        needles.map(({ length }) => length),
        1,
      ) - 1
    let patterns: BytePattern[] | undefined
    let from = 0
    for (let position = this.#offsetOf(0); position < end; ) {
      const piece = stored.piece(position, scratch)
      if (piece === undefined) {
        this.#openAll(from)
        return
      }
      const length = Math.min(piece.length, end - position)
      const text = piece.toString('latin1', 0, length).toLowerCase()
      patterns ??= patternsOf(needles, text)
      for (const pattern of patterns) this.#mark(pattern, text, position, from)
      // A needle cannot continue after a short piece or after the run.
      position += length < WINDOW ? length : length - overlap
      while (this.#offsetOf(from + 1) <= position) from++
    }
  }

  /** Marks the stored events whose bytes contain a pattern. `text` begins at `position`, within stored event `from`. */
  #mark(pattern: BytePattern, text: string, position: number, from: number): void {
    let event = from
    for (let at = pattern.find(text, 0); at >= 0; ) {
      while (this.#offsetOf(event + 1) <= position + at) event++
      this.#open[(this.#stored[event] ?? 0) - this.#first] = 1
      event++
      if (event === this.#stored.length) return
      at = pattern.find(text, Math.max(0, this.#offsetOf(event) - position))
    }
  }

  #openAll(from: number): void {
    for (const at of this.#stored.slice(from)) this.#open[at - this.#first] = 1
  }

  /** Offset of the bytes of a stored event; infinite after the last. */
  #offsetOf(event: number): number {
    const at = this.#stored[event]
    return at === undefined ? Number.POSITIVE_INFINITY : (this.#segment.offset[at] ?? 0)
  }
}

function patternsOf(needles: readonly string[], text: string): BytePattern[] {
  const counts = countBytes(text, SAMPLE)
  return needles.map((needle) => new BytePattern(needle, counts))
}
