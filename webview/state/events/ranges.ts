/** Sets of events as ranges of their numbers: a million selected events take as much memory as one. */
import type { ColumnStore } from './column-store.ts'
import type { Rows } from './rows.ts'

/** Events [from, to). */
export interface IndexRange {
  readonly from: number
  readonly to: number
}

/** Ascending, with gaps between them. */
export type Ranges = readonly IndexRange[]

export function hasIndex(ranges: Ranges, index: number): boolean {
  return ranges.some(({ from, to }) => index >= from && index < to)
}

/** All events between two, both included, in any order. */
export function between(a: number, b: number): Ranges {
  return [{ from: Math.min(a, b), to: Math.max(a, b) + 1 }]
}

/** Adds an event to the ranges, or removes it if they contain it. */
export function toggled(ranges: Ranges, index: number): Ranges {
  if (!hasIndex(ranges, index)) return joined([...ranges, { from: index, to: index + 1 }])
  return ranges.flatMap(({ from, to }) =>
    index < from || index >= to
      ? [{ from, to }]
      : [
          { from, to: index },
          { from: index + 1, to },
        ].filter((part) => part.to > part.from),
  )
}

function joined(ranges: Ranges): Ranges {
  const result: IndexRange[] = []
  for (const range of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1)
    if (last === undefined || range.from > last.to) result.push(range)
    else result[result.length - 1] = { from: last.from, to: Math.max(last.to, range.to) }
  }
  return result
}

/** How many of the rows are in the ranges. */
export function countRows(ranges: Ranges, rows: Rows): number {
  return ranges.reduce((count, { from, to }) => count + rows.rankOf(to) - rows.rankOf(from), 0)
}

/** The event numbers of the rows in the ranges, at most `most` of them. */
export function rowsIn(ranges: Ranges, rows: Rows, most: number): number[] {
  const found: number[] = []
  for (const { from, to } of ranges) {
    const end = rows.rankOf(to)
    for (let rank = rows.rankOf(from); rank < end && found.length < most; rank++)
      found.push(rows.eventAt(rank))
  }
  return found
}

/** Totals of the rows in the ranges. `first` and `last` are times in milliseconds. */
export interface Sum {
  readonly count: number
  readonly bytes: number
  readonly first: number
  readonly last: number
}

/** Adds up the rows in the ranges. */
export function sumUp(ranges: Ranges, rows: Rows, columns: ColumnStore): Sum {
  let bytes = 0
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (const { from, to } of ranges) {
    const end = rows.rankOf(to)
    for (let rank = rows.rankOf(from); rank < end; rank++) {
      const at = columns.at(rows.eventAt(rank))
      if (at === undefined) continue
      const time = at.segment.time[at.offset] ?? 0
      bytes += at.segment.size[at.offset] ?? 0
      if (time < first) first = time
      if (time > last) last = time
    }
  }
  return { count: countRows(ranges, rows), bytes, first, last }
}
