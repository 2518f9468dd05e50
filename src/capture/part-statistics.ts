/** Computes the statistics of a part of the session in steps, so that the thread is never blocked for long. */
import { type ColumnBatch, type ColumnSource, typeOf } from '../shared/event-columns.ts'
import { shownKinds } from '../shared/groups.ts'
import type { NumberList } from '../shared/number-list.ts'
import type { PartStatistics, Percentiles, Selected } from '../shared/protocol/filtering.ts'

/** Events in one step, which takes a fraction of a millisecond. */
const STEP = 8192

export class StatisticsBuilder {
  readonly #source: ColumnSource
  readonly #matches: NumberList | undefined
  readonly #bounds: PartBounds
  readonly #lastTime = new Map<number, number>()
  readonly #gaps = new Gaps()
  #position: number
  #count = 0
  #messages = 0
  #bytes = 0
  #from = Number.POSITIVE_INFINITY
  #to = Number.NEGATIVE_INFINITY

  /**
   * Counts the events in `matches`, or all events if it is undefined. `selected.end` is ignored; `step` has its own
   * end.
   */
  constructor(source: ColumnSource, selected: Selected, matches?: NumberList) {
    this.#source = source
    this.#matches = matches
    this.#bounds = new PartBounds(selected)
    this.#position = source.firstKept
  }

  /** Number of the next event to count. */
  get position(): number {
    return this.#position
  }

  /** Counts some more events before number `end`. Returns false if there are no more. */
  step(end: number): boolean {
    const from = Math.max(this.#position, this.#source.firstKept)
    const columns = this.#source.columns(from, Math.min(STEP, Math.max(0, end - from)))
    if (columns.count === 0) return false
    if (this.#matches === undefined)
      for (let offset = 0; offset < columns.count; offset++) this.#look(columns, offset)
    else this.#lookAtMatches(columns, this.#matches)
    this.#position = from + columns.count
    return this.#position < end
  }

  result(): PartStatistics {
    const isEmpty = this.#count === 0
    return {
      count: this.#count,
      messages: this.#messages,
      bytes: this.#bytes,
      from: isEmpty ? 0 : this.#from,
      to: isEmpty ? 0 : this.#to,
      gaps: this.#gaps.percentiles(),
    }
  }

  #lookAtMatches(columns: ColumnBatch, matches: NumberList): void {
    const to = columns.first + columns.count
    for (let at = matches.positionOf(columns.first); at < matches.length; at++) {
      const index = matches.at(at)
      if (index >= to) return
      this.#look(columns, index - columns.first)
    }
  }

  #look(columns: ColumnBatch, offset: number): void {
    if (!this.#bounds.has(columns, offset)) return
    const kind = columns.kind[offset] ?? 0
    const connection = columns.connection[offset] ?? 0
    const time = columns.time[offset] ?? 0
    this.#count++
    this.#bytes += columns.size[offset] ?? 0
    if (typeOf(kind) === 'message') this.#messages++
    if (time < this.#from) this.#from = time
    if (time > this.#to) this.#to = time
    const before = this.#lastTime.get(connection)
    if (before !== undefined) this.#gaps.add(time - before)
    this.#lastTime.set(connection, time)
  }
}

/** Gaps below this number of microseconds are counted in a histogram; longer ones are rare and kept one by one. */
const SHORT = 65_536

/** Durations, and their percentiles by nearest rank. */
class Gaps {
  readonly #short = new Uint32Array(SHORT)
  readonly #long: number[] = []
  #shortCount = 0

  /** Adds a gap in milliseconds; a negative gap counts as 0. */
  add(gap: number): void {
    const micros = Math.max(0, Math.round(gap * 1000))
    if (micros < SHORT) {
      this.#short[micros] = (this.#short[micros] ?? 0) + 1
      this.#shortCount++
    } else this.#long.push(micros)
  }

  percentiles(): Percentiles | null {
    if (this.#shortCount + this.#long.length === 0) return null
    const long = Float64Array.from(this.#long).sort()
    return { p50: this.#at(0.5, long), p95: this.#at(0.95, long), p99: this.#at(0.99, long) }
  }

  #at(share: number, long: Float64Array): number {
    let rank = Math.max(1, Math.ceil(share * (this.#shortCount + long.length)))
    if (rank > this.#shortCount) return (long[rank - this.#shortCount - 1] ?? 0) / 1000
    for (let micros = 0; micros < SHORT; micros++) {
      rank -= this.#short[micros] ?? 0
      if (rank <= 0) return micros / 1000
    }
    return 0
  }
}

/** Decides by its columns whether an event is in a part of the session. The filter of the part is not considered. */
export class PartBounds {
  readonly #selected: Selected
  readonly #shown: Uint8Array
  readonly #without: ReadonlySet<number>

  constructor(selected: Selected) {
    this.#selected = selected
    this.#shown = shownKinds(selected.hidden)
    this.#without = new Set(selected.without)
  }

  has(columns: ColumnBatch, offset: number): boolean {
    const { range, connection } = this.#selected
    if (this.#shown[columns.kind[offset] ?? 0] === 0) return false
    if (connection !== null && columns.connection[offset] !== connection) return false
    if (this.#without.size > 0 && this.#without.has(columns.connection[offset] ?? 0)) return false
    const time = columns.time[offset] ?? 0
    return range === null || (time >= range.from && time <= range.to)
  }
}
