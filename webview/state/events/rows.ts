/**
 * Which events the list shows. Rows are counted by rank: the first row of the session's first event is rank
 * 0 and keeps that rank when old events are dropped, so that a scroll position never moves by itself.
 */
import { NumberList } from '../../../src/shared/number-list.ts'
import type { TimeRange } from '../../../src/shared/protocol/filtering.ts'
import type { ColumnStore, Segment } from './column-store.ts'

export interface Rows {
  /** Rank of the first row kept. */
  readonly first: number
  /** Rank after the last row. */
  readonly end: number
  /** Event number of the row, -1 if there is no such row. */
  eventAt(rank: number): number
  /** Rank of the event, or of the next row after it. */
  rankOf(event: number): number
}

/** Tests the event at an offset of a segment. */
export type RowTest = (segment: Segment, offset: number) => boolean

/** Every event held. */
export class AllRows implements Rows {
  readonly #columns: ColumnStore

  constructor(columns: ColumnStore) {
    this.#columns = columns
  }

  get first(): number {
    return this.#columns.first
  }

  get end(): number {
    return this.#columns.end
  }

  eventAt(rank: number): number {
    return rank >= this.first && rank < this.end ? rank : -1
  }

  rankOf(event: number): number {
    return Math.max(this.first, Math.min(event, this.end))
  }
}

/** The events that pass a test. Tests new events as they arrive, and keeps the numbers of the matches, 4 bytes each. */
export class MatchingRows implements Rows {
  readonly #columns: ColumnStore
  readonly #test: RowTest
  readonly #among: NumberList | undefined
  readonly #range: TimeRange | undefined
  readonly #found = new NumberList()
  /** The next event to test, or the position of the next candidate. */
  #next: number

  /** `among` is a growing list of the only events that may be rows. No event outside `range` passes the test. */
  constructor(columns: ColumnStore, test: RowTest, among?: NumberList, range?: TimeRange) {
    this.#columns = columns
    this.#test = test
    this.#among = among
    this.#range = range
    this.#next = among === undefined ? columns.first : among.first
  }

  get first(): number {
    return this.#found.first
  }

  get end(): number {
    return this.#found.length
  }

  /** Tests at most `budget` more events, and removes dropped ones. Returns whether all events have been tested. */
  advance(budget: number): boolean {
    const isDone = this.#among === undefined ? this.#testAll(budget) : this.#testAmong(this.#among, budget)
    this.#found.dropBefore(this.#columns.first)
    return isDone
  }

  eventAt(rank: number): number {
    return this.#found.at(rank)
  }

  rankOf(event: number): number {
    return this.#found.positionOf(event)
  }

  #testAll(budget: number): boolean {
    const first = Math.max(this.#next, this.#columns.first)
    const from = this.#range === undefined ? first : this.#columns.skipOutside(first, this.#range)
    const to = Math.min(this.#columns.end, from + budget)
    this.#columns.forEachSlice(from, to, (segment, start, end, base) => {
      for (let offset = start; offset < end; offset++)
        if (this.#test(segment, offset)) this.#found.push(base + offset)
    })
    this.#next = to
    return to === this.#columns.end
  }

  #testAmong(numbers: NumberList, budget: number): boolean {
    const from = Math.max(this.#next, numbers.first)
    const to = Math.min(numbers.length, from + budget)
    for (let position = from; position < to; position++) {
      const event = numbers.at(position)
      const held = this.#columns.at(event)
      if (held !== undefined && this.#test(held.segment, held.offset)) this.#found.push(event)
    }
    this.#next = to
    return to === numbers.length
  }
}
