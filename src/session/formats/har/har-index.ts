/** Finds the entries and lists of a HAR in one pass over the file, without keeping them: some tens of bytes for each entry. */
import { createHash } from 'node:crypto'
import { Failure } from '../../../shared/failure.ts'
import { TRANSPORTS, type TransportName } from '../../../shared/transports.ts'
import { JsonCursor } from '../bytes/json-cursor.ts'
import { pollKey, transportOf } from './classify-entry.ts'
import { LineReader, type ListReader, StreamReader, WebSocketReader } from './list-reader.ts'
import { EntryReader, type ListName, type ListSummary, type ReadEntry } from './read-entry-fields.ts'
import { parseCreator, parseStart } from './read-har-schema.ts'
import { ENTRY_FIELDS, OWN } from './written-har.ts'

/** Bytes of the window on the file. */
const WINDOW = 1024 * 1024
const LONGEST_VALUE = 1024 * 1024
/** Items in a list that are earlier than the one before. They take memory. */
const MOST_RUNS = 2_000_000
/** Characters of a key that is kept as it is. */
const LONGEST_KEY = 64

/** A list, and where it is in the file. */
export interface IndexedList extends ListSummary {
  readonly name: ListName | 'marks'
  readonly from: number
  to: number
  count: number
  /** Number of items, including those that cannot be read. */
  total: number
  /** Number of items without a time. */
  untimed: number
  hasClose: boolean
  /** Whether all items are objects. */
  areObjects: boolean
  /** Times of the first and the earliest item that can be read. See `ListReader.time`. */
  first: number | undefined
  earliest: number
  /** The first of its runs, and the number of them. */
  readonly firstRun: number
  runs: number
}

/** Items of lists that follow each other with ascending times, or without times. */
export interface Runs {
  readonly positions: number[]
  readonly counts: number[]
  /** NaN if unknown. */
  readonly times: number[]
}

/** An entry that has lists. */
export type EntryLists = Partial<Record<ListName, IndexedList>>

/** What is known of each entry that can be read, in the order of the file. */
export interface IndexedEntries {
  readonly positions: number[]
  /** Milliseconds since the epoch. */
  readonly starts: number[]
  /** The time of the close of a WebSocket, in seconds since the epoch. Infinity if there is none. */
  readonly closes: number[]
  /** Index in `TRANSPORTS`, or -1 for a resource of a page. */
  readonly transports: number[]
  /** The number of the poll that an entry belongs to. */
  readonly polls: number[]
  /** The connection in the recording of this program, or 0. */
  readonly own: number[]
  readonly lists: Map<number, EntryLists>
}

export class HarIndex {
  entries: IndexedEntries = noEntries()
  readonly runs: Runs = { positions: [], counts: [], times: [] }
  marks: IndexedList | undefined
  /** When the session started, if this program recorded it: ms since the epoch. */
  ownStart: number | undefined
  creator = parseCreator({})
  /** Number of all entries, including those that cannot be read. */
  total = 0
  /** Number of values that were too large to be read. */
  tooLarge = 0
  /** The earliest time of an entry and its first message. */
  earliest = Number.POSITIVE_INFINITY
  hasEntries = false
  readonly #cursor: JsonCursor
  readonly #longest: number
  readonly #entryReader: EntryReader
  readonly #readers: Readonly<Record<ListName, ListReader>>
  #polls = new Map<string, number>()
  #lists: EntryLists = {}

  /** `longest` is the number of bytes of the longest string or item. */
  constructor(fd: number, longest: number) {
    this.#cursor = new JsonCursor(fd, WINDOW)
    this.#longest = longest
    this.#entryReader = new EntryReader(this.#cursor, longest, (name) => {
      this.#lists[name] = this.#readList(
        name,
        name === 'events' ? new LineReader(longest) : this.#readers[name],
      )
    })
    this.#readers = listReaders(longest)
  }

  /** Reads the file in steps. Throws `InvalidJson`, or a `Failure`. */
  *read(): Generator<void> {
    const cursor = this.#cursor
    cursor.skipMark()
    if (!cursor.isAtObject) cursor.skip()
    else for (const name of cursor.names()) if (name === 'log' && cursor.isAtObject) yield* this.#readLog()
    cursor.expectEnd()
  }

  *#readLog(): Generator<void> {
    const cursor = this.#cursor
    this.hasEntries = false
    for (const name of cursor.names()) {
      if (name === 'creator') this.creator = parseCreator(cursor.parse(LONGEST_VALUE))
      else if (name === 'entries' && cursor.isAtArray) yield* this.#readEntries()
      else if (name === OWN && cursor.isAtObject) this.#readOwn()
    }
  }

  #readOwn(): void {
    const fields: Record<string, unknown> = {}
    this.#cursor.members((name) => {
      if (name === 'startedAt') fields[name] = this.#cursor.parse(LONGEST_VALUE)
      else if (name === 'marks' && this.#cursor.isAtArray)
        this.marks = this.#readList('marks', new LineReader(this.#longest))
    })
    this.ownStart = this.marks?.areObjects ? parseStart(fields) : undefined
  }

  *#readEntries(): Generator<void> {
    const cursor = this.#cursor
    this.hasEntries = true
    this.entries = noEntries()
    this.total = 0
    if (!cursor.beginItems()) return
    do {
      cursor.peek()
      const from = cursor.position
      this.#lists = {}
      const entry = this.#entryReader.read()
      if (cursor.position === from) cursor.skip()
      this.total++
      this.tooLarge += this.#entryReader.tooLarge
      this.#entryReader.tooLarge = 0
      if (entry !== undefined) this.#add({ ...entry, ...this.#lists }, from)
      yield
    } while (cursor.nextItem())
  }

  #add(entry: ReadEntry, position: number): void {
    const { positions, starts, closes, transports, polls, own, lists } = this.entries
    const transport = transportOf(entry)
    if (Object.keys(this.#lists).length > 0) lists.set(positions.length, this.#lists)
    positions.push(position)
    starts.push(entry.startedDateTime)
    const close = entry._webSocketClose
    const closed =
      typeof close === 'object' ? (close.timestamp ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY
    closes.push(closed)
    transports.push(transport === undefined ? -1 : TRANSPORTS.indexOf(transport))
    polls.push(transport === 'poll' ? this.#pollOf(entry) : 0)
    own.push(this.#lists.events?.areObjects ? (entry._realtimeInspector?.connection ?? 0) : 0)
    const message = this.#lists._webSocketMessages?.first
    this.earliest = Math.min(
      this.earliest,
      entry.startedDateTime,
      message === undefined ? entry.startedDateTime : message * 1000,
    )
  }

  #pollOf(entry: ReadEntry): number {
    const key = pollKey(entry)
    const kept = key.length > LONGEST_KEY ? createHash('sha256').update(key).digest('base64') : key
    const number = this.#polls.get(kept) ?? this.#polls.size
    this.#polls.set(kept, number)
    return number
  }

  #readList(name: IndexedList['name'], reader: ListReader): IndexedList {
    const cursor = this.#cursor
    cursor.peek()
    const { positions, counts, times } = this.runs
    const list: IndexedList = {
      ...{
        name,
        from: cursor.position,
        to: 0,
        count: 0,
        total: 0,
        untimed: 0,
        hasClose: false,
        areObjects: true,
      },
      ...{ first: undefined, earliest: Number.POSITIVE_INFINITY, firstRun: positions.length, runs: 0 },
    }
    let latest = Number.NaN
    if (cursor.beginItems())
      do {
        cursor.peek()
        const from = cursor.position
        list.total++
        if (!reader.read(cursor)) continue
        const time = reader.time ?? Number.NaN
        const isKnown = !Number.isNaN(time)
        if (!isKnown) list.untimed++
        if (list.count++ === 0) list.first = reader.time
        list.hasClose ||= reader.isClose
        if (isKnown && time < list.earliest) list.earliest = time
        const continues = isKnown ? time >= latest : Number.isNaN(latest)
        if (list.runs > 0 && continues) counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1
        else {
          list.runs++
          positions.push(from)
          counts.push(1)
          times.push(time)
        }
        latest = time
      } while (cursor.nextItem())
    if (positions.length > MOST_RUNS)
      throw new Failure(
        'TOO_LARGE',
        'The messages of the HAR are in no order of time, and too many to be sorted; export fewer requests.',
      )
    list.areObjects = !(reader instanceof LineReader) || reader.areObjects
    list.to = cursor.position
    return list
  }
}

/** The transport of an entry of this program, by its list of messages. */
export function ownTransport(lists: EntryLists): TransportName {
  const found = TRANSPORTS.filter((transport) => {
    const { list } = ENTRY_FIELDS[transport]
    return list !== undefined && lists[list] !== undefined
  })
  return found[0] ?? 'poll'
}

export function listReaders(longest: number): Readonly<Record<ListName, ListReader>> {
  return {
    _webSocketMessages: new WebSocketReader(longest),
    _eventSourceMessages: new StreamReader(longest, true),
    _streamMessages: new StreamReader(longest, false),
    events: new LineReader(longest),
  }
}

function noEntries(): IndexedEntries {
  return { positions: [], starts: [], closes: [], transports: [], polls: [], own: [], lists: new Map() }
}
