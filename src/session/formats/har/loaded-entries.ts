/** Reads the entries of an indexed HAR, and keeps the latest in memory. */
import type { RealtimeEvent } from '../../../shared/event.ts'
import { JsonCursor } from '../bytes/json-cursor.ts'
import { changed } from './changed.ts'
import type { EntryPlan, PlannedEntry } from './entry-plan.ts'
import type { HarIndex, IndexedList } from './har-index.ts'
import type { Source } from './merged-events.ts'
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

/** Bytes of the window on an entry. */
const WINDOW = 128 * 1024
/** Entries whose events are in memory, and bytes of the file that they are read from. */
const MOST_ENTRIES = 256
const MOST_BYTES = 4 * 1024 * 1024

/** What an entry has beside the events in its lists. */
export interface LoadedEntry {
  readonly events: EntryEvents
  /** The session time of the response head, in ms. */
  readonly head: number
  /** Bytes of the file. */
  readonly bytes: number
}

export class LoadedEntries {
  readonly #index: HarIndex
  readonly #plan: EntryPlan
  readonly #startedAt: Date
  readonly #longest: number
  readonly #cursor: JsonCursor
  readonly #loaded = new Map<number, LoadedEntry>()
  #bytes = 0

  /** `longest` is the number of bytes of the longest value that is read. */
  constructor(fd: number, index: HarIndex, plan: EntryPlan, startedAt: Date, longest: number) {
    this.#index = index
    this.#plan = plan
    this.#startedAt = startedAt
    this.#longest = longest
    this.#cursor = new JsonCursor(fd, WINDOW)
  }

  /** Reads the entry again if it is not in memory. Throws if the file was changed. */
  get(entry: number): LoadedEntry {
    const known = this.#loaded.get(entry)
    if (known !== undefined) return known
    const loaded = this.#read(entry)
    this.#keep(entry, loaded)
    return loaded
  }

  #read(entry: number): LoadedEntry {
    const from = this.#index.entries.positions[entry] ?? 0
    const lists = this.#index.entries.lists.get(entry) ?? {}
    const cursor = this.#cursor
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
    // Events may read a long body, and leave the cursor elsewhere.
    const bytes = cursor.position - from - listed - left
    const whole = { ...read, ...lists }
    const events = this.#eventsOf(whole, planned)
    return {
      bytes,
      head: headTime(whole, this.#startedAt),
      events: { before: byTime(events.before), after: byTime(events.after) },
    }
  }

  #keep(entry: number, loaded: LoadedEntry): void {
    this.#loaded.set(entry, loaded)
    this.#bytes += loaded.bytes
    for (const [oldest, { bytes }] of this.#loaded) {
      if (this.#loaded.size <= MOST_ENTRIES && this.#bytes <= MOST_BYTES) break
      if (oldest === entry) break
      this.#loaded.delete(oldest)
      this.#bytes -= bytes
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
      earliest: isTimed ? sessionTime(this.#startedAt, earliest) : Number.POSITIVE_INFINITY,
    }
  }
}

/** The events of an entry before or after those of its lists. */
export class EntryPart implements Source {
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
