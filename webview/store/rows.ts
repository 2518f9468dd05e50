/**
 * Which events the list shows. Rows are counted by rank: the first row of the session's first event is rank
 * 0 and stays so when old events are dropped, so that a scroll position never moves by itself.
 */
import type { ColumnStore, Segment } from './columns.ts'

export interface Rows {
  /** Rank of the first row kept. */
  readonly first: number
  /** Rank after the last row. */
  readonly end: number
  /** Event number of the row, -1 where there is none. */
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

const PAGE_BITS = 14
const PAGE_SIZE = 1 << PAGE_BITS
const PAGE_MASK = PAGE_SIZE - 1

/** The events that pass a test, found as they come; numbers of the matches are kept, 4 bytes each. */
export class MatchingRows implements Rows {
  readonly #columns: ColumnStore
  readonly #test: RowTest
  #pages: Uint32Array[] = []
  /** Number of the page at #pages[0]. */
  #origin = 0
  #first = 0
  #end = 0
  #scanned: number

  constructor(columns: ColumnStore, test: RowTest) {
    this.#columns = columns
    this.#test = test
    this.#scanned = columns.first
  }

  get first(): number {
    return this.#first
  }

  get end(): number {
    return this.#end
  }

  /** Tests at most `budget` further events, and forgets dropped ones. True once all have been tested. */
  advance(budget: number): boolean {
    const to = Math.min(this.#columns.end, Math.max(this.#scanned, this.#columns.first) + budget)
    this.#columns.forEachSlice(this.#scanned, to, (segment, start, end, base) => {
      for (let offset = start; offset < end; offset++)
        if (this.#test(segment, offset)) this.#push(base + offset)
    })
    this.#scanned = to
    this.#dropBefore(this.#columns.first)
    return to === this.#columns.end
  }

  eventAt(rank: number): number {
    if (rank < this.#first || rank >= this.#end) return -1
    return this.#pages[(rank >>> PAGE_BITS) - this.#origin]?.[rank & PAGE_MASK] ?? -1
  }

  rankOf(event: number): number {
    let low = this.#first
    let high = this.#end
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.eventAt(middle) < event) low = middle + 1
      else high = middle
    }
    return low
  }

  #push(event: number): void {
    const slot = (this.#end >>> PAGE_BITS) - this.#origin
    let page = this.#pages[slot]
    if (page === undefined) {
      page = new Uint32Array(PAGE_SIZE)
      this.#pages[slot] = page
    }
    page[this.#end & PAGE_MASK] = event
    this.#end++
  }

  #dropBefore(event: number): void {
    if (this.#first === this.#end || this.eventAt(this.#first) >= event) return
    this.#first = this.rankOf(event)
    const origin = this.#first >>> PAGE_BITS
    if (origin > this.#origin) {
      this.#pages.splice(0, origin - this.#origin)
      this.#origin = origin
    }
  }
}
