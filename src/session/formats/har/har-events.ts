/** Reads the events of an indexed HAR from its file. */
import type { RealtimeEvent } from '../../../shared/event.ts'
import { Failure } from '../../../shared/failure.ts'
import type { ByteBuffer } from '../bytes/byte-buffer.ts'
import { JsonCursor } from '../bytes/json-cursor.ts'
import type { EntryPlan, PlannedEntry } from './entry-plan.ts'
import { type HarIndex, type IndexedList, listReaders } from './har-index.ts'
import { LineReader, type ListReader } from './list-reader.ts'
import { type LateSources, mergedSources, type Source } from './merged-events.ts'
import {
  attemptEvents,
  cycleEvents,
  type EntryEvents,
  headTime,
  type ListTimes,
  ownBodyEvents,
} from './read-entry.ts'
import { EntryReader, type ReadEntry } from './read-entry-fields.ts'
import type { Timed } from './read-messages.ts'
import { sessionTime } from './written-har.ts'

/** Bytes of the window on an entry, and on a list. */
const WINDOW = 128 * 1024
/** Lists that are read side by side with a window each. */
const MOST_LANES = 64
/** Entries whose events are in memory, and bytes of the file that they are read from. */
const MOST_ENTRIES = 256
const MOST_BYTES = 4 * 1024 * 1024

export class HarEvents implements LateSources {
  readonly #fd: number
  readonly #index: HarIndex
  readonly #plan: EntryPlan
  readonly #longest: number
  readonly #startedAt: Date
  readonly #entryCursor: JsonCursor
  /** For each entry, or list with a run: a lower bound of its times, what it is, and its first rank. */
  readonly #bounds: number[] = []
  /** The number of an entry, or of a run as its complement. */
  readonly #what: number[] = []
  readonly #ranks: number[] = []
  readonly #order: Uint32Array
  /** The list of a run. */
  readonly #lists: (OpenedList | undefined)[] = []
  readonly #loaded = new Map<number, LoadedEntry>()
  #loadedBytes = 0
  readonly #lanes = new Map<Run, Lane>()
  readonly #spare: Lane[] = []

  constructor(fd: number, index: HarIndex, plan: EntryPlan, startedAt: Date, longest: number) {
    this.#fd = fd
    this.#index = index
    this.#plan = plan
    this.#longest = longest
    this.#startedAt = startedAt
    this.#entryCursor = new JsonCursor(fd, WINDOW)
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
    return new Run({
      ...{
        rank,
        count: counts[run] ?? 0,
        position: positions[run] ?? 0,
        connection,
        name: list.name,
      },
      timeOf: (time) => (time === undefined ? head : isOfLines ? time : this.#sessionTime(time)),
      laneOf: (source) => this.#laneOf(source),
      onEnd: (source) => this.#endRun(source),
    })
  }

  /** The lane of a run, with the cursor at its position. */
  #laneOf(run: Run): Lane {
    const latest = this.#lanes.get(run)
    if (latest !== undefined) return latest
    const [oldest] = this.#lanes.keys()
    if (this.#lanes.size >= MOST_LANES && oldest !== undefined) {
      oldest.keepEvent()
      this.#endRun(oldest)
    }
    const lane = this.#spare.pop() ?? this.#newLane()
    lane.cursor.seek(run.position)
    this.#lanes.set(run, lane)
    return lane
  }

  #newLane(): Lane {
    const longest = this.#longest
    const readers = { ...listReaders(longest), marks: new LineReader(longest) }
    return { cursor: new JsonCursor(this.#fd, WINDOW), readers }
  }

  /** Lets another run have the lane. */
  #endRun(run: Run): void {
    const lane = this.#lanes.get(run)
    if (lane !== undefined) this.#spare.push(lane)
    this.#lanes.delete(run)
  }

  #openEntry(entry: number, rank: number): readonly Source[] {
    const { lists } = this.#plan.planned(entry)
    const runs = lists.reduce((sum, list) => sum + list.runs, 0)
    const parts = ['before', 'after'] as const
    return parts.map(
      (part, index) => new EntryPart(rank + index * (runs + 1), () => this.#load(entry).events[part]),
    )
  }

  #headOf(entry: number): number {
    const planned = this.#plan.planned(entry)
    return planned.isOwn ? 0 : this.#load(entry).head
  }

  /** The events of an entry, read again if they are not in memory. */
  #load(entry: number): LoadedEntry {
    const known = this.#loaded.get(entry)
    if (known !== undefined) return known
    const from = this.#index.entries.positions[entry] ?? 0
    const lists = this.#index.entries.lists.get(entry) ?? {}
    const cursor = this.#entryCursor
    cursor.seek(from)
    const reader = new EntryReader(cursor, this.#longest, (name) => {
      const list = lists[name]
      if (cursor.position === list?.from) cursor.seek(list.to)
    })
    const read = reader.read()
    if (read === undefined) throw changed()
    const listed = Object.values(lists).reduce((sum, { from: start, to }) => sum + to - start, 0)
    const planned = this.#plan.planned(entry)
    // The long body of a poll is read with its event.
    const left = planned.transport === 'poll' ? (read.longBody?.size ?? 0) : 0
    const bytes = cursor.position - from - listed - left
    const whole = { ...read, ...lists }
    const events = this.#eventsOf(whole, planned)
    const loaded = {
      bytes,
      head: headTime(whole, this.#startedAt),
      events: { before: byTime(events.before), after: byTime(events.after) },
    }
    this.#keep(entry, loaded)
    return loaded
  }

  #keep(entry: number, loaded: LoadedEntry): void {
    this.#loaded.set(entry, loaded)
    this.#loadedBytes += loaded.bytes
    for (const [oldest, { bytes }] of this.#loaded) {
      if (this.#loaded.size <= MOST_ENTRIES && this.#loadedBytes <= MOST_BYTES) break
      if (oldest === entry) break
      this.#loaded.delete(oldest)
      this.#loadedBytes -= bytes
    }
  }

  #eventsOf(entry: ReadEntry, { connection, transport, isOwn, isFirst, lists }: PlannedEntry): EntryEvents {
    const messages = lists.find(({ name }) => name !== 'events')
    const isInBody =
      messages === undefined || (messages.count === 0 && entry.response.content.text !== undefined)
    if (isOwn) return { before: [], after: isInBody ? ownBodyEvents(entry, connection, transport) : [] }
    if (transport === 'poll')
      return { before: cycleEvents(entry, connection, isFirst, this.#startedAt), after: [] }
    const times = isInBody ? undefined : this.#timesOf(messages)
    return attemptEvents(entry, connection, transport, this.#startedAt, times)
  }

  #timesOf({ count, earliest, untimed, hasClose }: IndexedList): ListTimes {
    const isTimed = Number.isFinite(earliest)
    return {
      ...{ count, hasClose, hasUntimed: untimed > 0 },
      earliest: isTimed ? this.#sessionTime(earliest) : Number.POSITIVE_INFINITY,
    }
  }
}

interface OpenedList {
  readonly list: IndexedList
  readonly entry: number | undefined
  readonly connection: number
  /** Whether its times are those of the session. */
  readonly isOfLines: boolean
}

interface LoadedEntry {
  readonly events: EntryEvents
  /** The session time of the response head, in ms. */
  readonly head: number
  /** Bytes of the file. */
  readonly bytes: number
}

/** What one run at a time reads with. */
interface Lane {
  readonly cursor: JsonCursor
  readonly readers: Readonly<Record<IndexedList['name'], ListReader>>
}

interface RunOptions {
  readonly rank: number
  readonly count: number
  readonly position: number
  readonly connection: number
  readonly name: IndexedList['name']
  timeOf(time: number | undefined): number
  laneOf(run: Run): Lane
  onEnd(run: Run): void
}

/** Items of a list that follow each other in time. */
class Run implements Source {
  readonly rank: number
  time = 0
  /** Where the next item is, or the comma before it. */
  position: number
  #left: number
  #isFirst = true
  /** Of the latest item. Its event is made when it is asked for. */
  #reader: ListReader | undefined
  #event: RealtimeEvent | undefined
  readonly #options: RunOptions

  constructor(options: RunOptions) {
    this.rank = options.rank
    this.position = options.position
    this.#left = options.count
    this.#options = options
  }

  advance(): boolean {
    const { name, timeOf, laneOf, onEnd } = this.#options
    this.#event = undefined
    if (this.#left === 0) {
      onEnd(this)
      return false
    }
    this.#left--
    const { cursor, readers } = laneOf(this)
    const reader = readers[name]
    this.#reader = reader
    do {
      if (!this.#isFirst && !cursor.nextItem()) throw changed()
      this.#isFirst = false
      cursor.peek()
    } while (!reader.read(cursor))
    this.time = timeOf(reader.time)
    this.position = cursor.position
    return true
  }

  get event(): RealtimeEvent {
    this.#event ??= this.#reader?.event(this.#options.connection, this.time)
    if (this.#event === undefined) throw changed()
    return this.#event
  }

  /** Makes the event while the lane still has its item. */
  keepEvent(): void {
    this.#event = this.event
    this.#reader = undefined
  }

  addLine(into: ByteBuffer): boolean {
    return this.#reader?.addLine(into, this.#options.connection, this.time) === true
  }
}

/** The events of an entry before or after those of its lists. */
class EntryPart implements Source {
  readonly rank: number
  time = 0
  #next = 0
  readonly #events: () => readonly Timed[]

  constructor(rank: number, events: () => readonly Timed[]) {
    this.rank = rank
    this.#events = events
  }

  get event(): RealtimeEvent {
    const timed = this.#events()[this.#next - 1]
    if (timed === undefined) throw changed()
    return timed.event()
  }

  advance(): boolean {
    const timed = this.#events()[this.#next++]
    if (timed === undefined) return false
    this.time = timed.time
    return true
  }
}

function byTime(events: readonly Timed[]): readonly Timed[] {
  return events.toSorted((one, other) => one.time - other.time)
}

function changed(): Failure {
  return new Failure('CHANGED', 'The HAR was changed while it was being read; open it again.')
}
