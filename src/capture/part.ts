/** The events of a part of a session, with the lifecycle of their connections. */
import { setImmediate } from 'node:timers/promises'
import { type ColumnBatch, type ColumnSource, typeOf } from '../shared/event-columns.ts'
import { EVENT_TRAITS } from '../shared/event-types.ts'
import { NumberList } from '../shared/number-list.ts'
import { largest } from '../shared/numbers.ts'
import type { EventRange, Part } from '../shared/protocol/saving.ts'
import { PartBounds } from './part-statistics.ts'

/** Events processed without a pause, which takes a fraction of a millisecond. */
const STEP = 8192

/**
 * Numbers of the events of the part, ascending, plus the lifecycle events that precede them on their connections.
 * `matches` are the matches of the part's filter.
 */
export async function eventsOfPart(
  source: ColumnSource,
  part: Part,
  matches?: NumberList,
): Promise<NumberList> {
  const chosen = new NumberList()
  const last = new Map<number, number>()
  const bounds = new PartBounds(part.selected)
  const ranges = new RangeWalk(part.ranges)
  const end = Math.min(source.count, part.selected.end)
  for await (const columns of walk(source, end))
    for (let offset = 0; offset < columns.count; offset++) {
      const index = columns.first + offset
      if (!ranges.has(index) || !bounds.has(columns, offset)) continue
      if (matches !== undefined && matches.at(matches.positionOf(index)) !== index) continue
      chosen.push(index)
      last.set(columns.connection[offset] ?? 0, index)
    }
  return await withLifecycle(source, chosen, last)
}

async function withLifecycle(
  source: ColumnSource,
  chosen: NumberList,
  last: ReadonlyMap<number, number>,
): Promise<NumberList> {
  const events = new NumberList()
  let next = 0
  for await (const columns of walk(source, largest(last.values(), -1) + 1))
    for (let offset = 0; offset < columns.count; offset++) {
      const index = columns.first + offset
      const isChosen = chosen.at(next) === index
      if (isChosen) next++
      const isContext =
        index < (last.get(columns.connection[offset] ?? 0) ?? -1) &&
        EVENT_TRAITS[typeOf(columns.kind[offset] ?? 0)].isConnectionStep
      if (isChosen || isContext) events.push(index)
    }
  return events
}

async function* walk(source: ColumnSource, end: number): AsyncGenerator<ColumnBatch> {
  for (let from = source.firstKept; from < end; ) {
    const columns = source.columns(from, Math.min(STEP, end - from))
    if (columns.count === 0) return
    yield columns
    from = columns.first + columns.count
    await setImmediate()
  }
}

/** Tells whether numbers are in the ranges. The numbers must be ascending. */
class RangeWalk {
  readonly #ranges: readonly EventRange[] | null
  #at = 0

  constructor(ranges: readonly EventRange[] | null) {
    this.#ranges = ranges?.toSorted((a, b) => a.from - b.from) ?? null
  }

  has(index: number): boolean {
    if (this.#ranges === null) return true
    let range = this.#ranges[this.#at]
    while (range !== undefined && range.to <= index) range = this.#ranges[++this.#at]
    return range !== undefined && range.from <= index
  }
}
