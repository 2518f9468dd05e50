/** Reads the items of lists in a HAR, as sources of events: runs of items whose times ascend. */
import type { RealtimeEvent } from '../../../shared/event.ts'
import type { ByteBuffer } from '../bytes/byte-buffer.ts'
import { JsonCursor } from '../bytes/json-cursor.ts'
import { changed } from './changed.ts'
import { type IndexedList, listReaders } from './har-index.ts'
import { LineReader, type ListReader } from './list-reader.ts'
import type { Source } from './merged-events.ts'

/** Bytes of the window on a list. */
const WINDOW = 128 * 1024
/** Lists that are read side by side with a window each. */
const MOST_LANES = 64

/** What one run at a time reads with. */
interface Lane {
  readonly cursor: JsonCursor
  readonly readers: Readonly<Record<IndexedList['name'], ListReader>>
}

/** Lends lanes to the runs that are being read. */
export class Lanes {
  readonly #fd: number
  readonly #longest: number
  readonly #lent = new Map<Run, Lane>()
  readonly #spare: Lane[] = []

  /** `longest` is the number of bytes of the longest item. */
  constructor(fd: number, longest: number) {
    this.#fd = fd
    this.#longest = longest
  }

  /** The lane of a run, with the cursor at its position. */
  of(run: Run): Lane {
    const latest = this.#lent.get(run)
    if (latest !== undefined) return latest
    const [oldest] = this.#lent.keys()
    if (this.#lent.size >= MOST_LANES && oldest !== undefined) {
      oldest.keepEvent()
      this.release(oldest)
    }
    const lane = this.#spare.pop() ?? this.#newLane()
    lane.cursor.seek(run.position)
    this.#lent.set(run, lane)
    return lane
  }

  /** Lets another run have the lane. */
  release(run: Run): void {
    const lane = this.#lent.get(run)
    if (lane !== undefined) this.#spare.push(lane)
    this.#lent.delete(run)
  }

  #newLane(): Lane {
    const readers = { ...listReaders(this.#longest), marks: new LineReader(this.#longest) }
    return { cursor: new JsonCursor(this.#fd, WINDOW), readers }
  }
}

export interface RunOptions {
  readonly rank: number
  readonly count: number
  readonly position: number
  readonly connection: number
  readonly name: IndexedList['name']
  /** The session time, in ms, for the time of an item, or for one without. */
  timeOf(time: number | undefined): number
}

/** Items of a list that follow each other in time. */
export class Run implements Source {
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
  readonly #lanes: Lanes

  constructor(options: RunOptions, lanes: Lanes) {
    this.rank = options.rank
    this.position = options.position
    this.#left = options.count
    this.#options = options
    this.#lanes = lanes
  }

  advance(): boolean {
    const { name, timeOf } = this.#options
    this.#event = undefined
    if (this.#left === 0) {
      this.#lanes.release(this)
      return false
    }
    this.#left--
    const { cursor, readers } = this.#lanes.of(this)
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
