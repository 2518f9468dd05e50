/**
 * Finds the events a search has to look at by searching the bytes of their payloads, many at once. Letters are
 * compared whatever their case; whether an event really matches is for the search to say.
 */
import { BytePattern, countBytes } from './byte-pattern.ts'
import { hasPayload, metaSizeOf } from './record.ts'
import { FLAG, type Rows, type Segment } from './rows.ts'
import type { Spool } from './spool.ts'

export interface Sifted {
  /** Number of the event after the run. */
  readonly end: number
  /** Numbers of the events to look at, ascending. */
  readonly indexes: readonly number[]
}

/** Bytes of payloads in a run: about a millisecond's worth. Only an event that is longer alone exceeds it. */
const RUN = 1024 * 1024
/** Bytes searched at once: small enough to stay in the processor's cache. */
const WINDOW = 64 * 1024
/** Bytes of a run by which it is told which are rare. */
const SAMPLE = 2048
/** Not to be judged by their bytes. */
const ODD = FLAG.lifecycle | FLAG.lost | FLAG.hollow

const scratch = Buffer.allocUnsafeSlow(WINDOW)

/** The run of events from number `from` on. Needles as `toNeedle` makes them, of 64 bytes at most. */
export function sift(rows: Rows, spool: Spool, from: number, needles: readonly string[]): Sifted {
  const segment = rows.segment(from)
  const run = new Run(segment, from - segment.first, spool)
  run.search(needles, spool)
  return { end: segment.first + run.end, indexes: run.open() }
}

class Run {
  readonly #segment: Segment
  readonly #first: number
  /** Position in the segment of the event after the run. */
  readonly end: number
  /** Positions in the segment of events whose payloads are searched; their records follow each other. */
  readonly #stored: number[] = []
  /** 1 for an event to look at. */
  readonly #open: Uint8Array

  constructor(segment: Segment, first: number, spool: Spool) {
    this.#segment = segment
    this.#first = first
    const { count, kind, flags, size, offset } = segment
    this.#open = new Uint8Array(count - first)
    const kept = spool.start
    let least = kept
    let limit = Number.POSITIVE_INFINITY
    let at = first
    for (; at < count; at++) {
      const start = offset[at] ?? 0
      const isOdd = !hasPayload(kind[at] ?? 0) || ((flags[at] ?? 0) & ODD) !== 0
      if (isOdd) this.#open[at - first] = 1
      else if (size[at] === 0) continue
      else if (start < least) this.#open[at - first] = 1
      else {
        if (start >= limit) break
        if (this.#stored.length === 0) limit = start + RUN
        this.#stored.push(at)
        least = start
      }
    }
    this.end = at
  }

  /** Numbers of the events to look at. */
  open(): number[] {
    const indexes: number[] = []
    const start = this.#segment.first + this.#first
    for (let at = this.#open.indexOf(1); at >= 0; at = this.#open.indexOf(1, at + 1)) indexes.push(start + at)
    return indexes
  }

  search(needles: readonly string[], spool: Spool): void {
    const last = this.#stored.at(-1)
    if (last === undefined) return
    const { flags, size, offset } = this.#segment
    const row = { flags: flags[last] ?? 0, offset: offset[last] ?? 0 }
    const end = row.offset + (metaSizeOf(row, spool) ?? 0) + (size[last] ?? 0)
    const overlap = Math.max(...needles.map((needle) => needle.length)) - 1
    let patterns: BytePattern[] | undefined
    let from = 0
    for (let position = this.#offsetOf(0); position < end; ) {
      const piece = spool.piece(position, scratch)
      if (piece === undefined) {
        this.#openAll(from)
        return
      }
      const length = Math.min(piece.length, end - position)
      const text = piece.toString('latin1', 0, length).toLowerCase()
      patterns ??= patternsOf(needles, text)
      for (const pattern of patterns) this.#mark(pattern, text, position, from)
      // No record goes on where a piece is shorter than it could be.
      position += piece.length < WINDOW ? length : Math.max(1, length - overlap)
      while (this.#offsetOf(from + 1) <= position) from++
    }
  }

  /** Marks the events with a pattern in `text`, which begins at `position`, in event `from` of the stored ones. */
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

  /** Where the record of an event of the stored ones begins; beyond everything after the last. */
  #offsetOf(event: number): number {
    const at = this.#stored[event]
    return at === undefined ? Number.POSITIVE_INFINITY : (this.#segment.offset[at] ?? 0)
  }
}

function patternsOf(needles: readonly string[], text: string): BytePattern[] {
  const counts = countBytes(text, SAMPLE)
  return needles.map((needle) => new BytePattern(needle, counts))
}
