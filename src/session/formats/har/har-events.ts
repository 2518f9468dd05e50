/** Reads the events of an indexed HAR from its file. */
import type { EntryPlan, PlannedEntry } from './entry-plan.ts'
import type { HarIndex, IndexedList } from './har-index.ts'
import { Lanes, Run } from './list-runs.ts'
import { EntryPart, LoadedEntries } from './loaded-entries.ts'
import { type LateSources, mergedSources, type Source } from './merged-events.ts'
import { sessionTime } from './written-har.ts'

export class HarEvents implements LateSources {
  readonly #index: HarIndex
  readonly #plan: EntryPlan
  readonly #startedAt: Date
  readonly #entries: LoadedEntries
  readonly #lanes: Lanes
  /** For each entry, or list with a run: a lower bound of its times, what it is, and its first rank. */
  readonly #bounds: number[] = []
  /** The number of an entry, or of a run as its complement. */
  readonly #what: number[] = []
  readonly #ranks: number[] = []
  readonly #order: Uint32Array
  /** The list of a run. */
  readonly #lists: (OpenedList | undefined)[] = []

  constructor(fd: number, index: HarIndex, plan: EntryPlan, startedAt: Date, longest: number) {
    this.#index = index
    this.#plan = plan
    this.#startedAt = startedAt
    this.#entries = new LoadedEntries(fd, index, plan, startedAt, longest)
    this.#lanes = new Lanes(fd, longest)
    this.#addSources()
    const bounds = this.#bounds
    this.#order = Uint32Array.from(bounds.keys()).sort((a, b) => (bounds[a] ?? 0) - (bounds[b] ?? 0) || a - b)
  }

  /** For each event, the source that is at it. Throws if the file was changed. */
  read(): Generator<Source> {
    return mergedSources(this)
  }

  get count(): number {
    return this.#order.length
  }

  boundOf(index: number): number {
    return this.#bounds[this.#order[index] ?? 0] ?? 0
  }

  rankOf(index: number): number {
    return this.#ranks[this.#order[index] ?? 0] ?? 0
  }

  open(index: number): readonly Source[] {
    const at = this.#order[index] ?? 0
    const what = this.#what[at] ?? 0
    const rank = this.#ranks[at] ?? 0
    const list = this.#lists[at]
    const sources = list === undefined ? this.#openEntry(what, rank) : [this.#openRun(-1 - what, rank, list)]
    return sources.filter((source) => source.advance())
  }

  #addSources(): void {
    let rank = 0
    for (const planned of this.#plan.entries()) {
      this.#addSource(this.#boundOf(planned), planned.entry, rank++)
      for (const list of planned.lists) rank = this.#addRuns(list, planned, rank)
      // The events after those of the lists.
      rank++
    }
    if (this.#index.ownStart !== undefined && this.#index.marks !== undefined)
      this.#addRuns(this.#index.marks, undefined, rank)
  }

  /** A time that none of the entry's events precedes, besides those in lists. */
  #boundOf({ entry, isOwn, lists }: PlannedEntry): number {
    const [first] = lists
    if (isOwn) return first?.name === 'events' ? first.earliest : Number.NEGATIVE_INFINITY
    const { starts, closes } = this.#index.entries
    const start = Math.min(
      (starts[entry] ?? 0) - this.#startedAt.getTime(),
      this.#sessionTime(closes[entry] ?? Number.POSITIVE_INFINITY),
    )
    // A WebSocket opens with its first message, which can be earlier than the entry.
    return first === undefined ? start : Math.min(start, this.#sessionTime(first.earliest))
  }

  #addRuns(list: IndexedList, planned: PlannedEntry | undefined, firstRank: number): number {
    const isOfLines = list.name === 'events' || list.name === 'marks'
    const opened: OpenedList = {
      list,
      entry: planned?.entry,
      connection: planned?.connection ?? 0,
      isOfLines,
    }
    for (let n = 0; n < list.runs; n++) {
      const run = list.firstRun + n
      const time = this.#index.runs.times[run] ?? Number.NaN
      const bound = Number.isNaN(time) ? Number.NEGATIVE_INFINITY : isOfLines ? time : this.#sessionTime(time)
      this.#addSource(bound, -1 - run, firstRank + n, opened)
    }
    return firstRank + list.runs
  }

  #addSource(bound: number, what: number, rank: number, list?: OpenedList): void {
    this.#lists.push(list)
    this.#bounds.push(bound)
    this.#what.push(what)
    this.#ranks.push(rank)
  }

  #sessionTime(seconds: number): number {
    return sessionTime(this.#startedAt, seconds)
  }

  #openRun(run: number, rank: number, { list, entry, connection, isOfLines }: OpenedList): Source {
    const { positions, counts, times } = this.#index.runs
    const isUntimed = Number.isNaN(times[run])
    const head = isUntimed && entry !== undefined ? this.#headOf(entry) : 0
    const timeOf = (time: number | undefined) =>
      time === undefined ? head : isOfLines ? time : this.#sessionTime(time)
    const count = counts[run] ?? 0
    const position = positions[run] ?? 0
    return new Run({ rank, count, position, connection, name: list.name, timeOf }, this.#lanes)
  }

  #openEntry(entry: number, rank: number): readonly Source[] {
    const { lists } = this.#plan.planned(entry)
    const runs = lists.reduce((sum, list) => sum + list.runs, 0)
    const parts = ['before', 'after'] as const
    return parts.map(
      (part, index) => new EntryPart(rank + index * (runs + 1), () => this.#entries.get(entry).events[part]),
    )
  }

  #headOf(entry: number): number {
    const planned = this.#plan.planned(entry)
    return planned.isOwn ? 0 : this.#entries.get(entry).head
  }
}

interface OpenedList {
  readonly list: IndexedList
  readonly entry: number | undefined
  readonly connection: number
  /** Whether its times are those of the session. */
  readonly isOfLines: boolean
}
