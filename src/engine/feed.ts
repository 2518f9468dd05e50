/** The flow of deltas to one reader: one under way at a time, what comes meanwhile is merged into the next. */
import type { ColumnBatch } from '../shared/columns.ts'
import type { Matches } from '../shared/protocol/filtering.ts'

export interface FeedSource {
  /** Number of events so far. */
  readonly count: number
  /** Number of the oldest event still kept. */
  readonly firstKept: number
  readonly eventNames: readonly string[]
  columns(from: number, max: number): ColumnBatch
}

/** What a filter finds, for a reader who has the events before `end`. */
export interface MatchSource {
  hasNews(end: number): boolean
  take(end: number): Matches | undefined
}

export interface FeedDelta {
  readonly columns: ColumnBatch
  readonly firstEventName: number
  readonly eventNames: readonly string[]
  readonly matches?: Matches
}

/** Events a delta carries at most: about 1.4 MB of columns. */
const MAX_EVENTS = 65_536
/** Milliseconds between two deltas: one animation frame, so that a trickle is not sent event by event. */
const PACE = 16

export class Feed {
  readonly #source: () => FeedSource
  readonly #send: (delta: FeedDelta) => void
  readonly #matches: MatchSource | undefined
  #subscribed = false
  #unacknowledged = false
  #held = false
  #next = 0
  #nextEventName = 0
  #timer: NodeJS.Timeout | undefined

  constructor(source: () => FeedSource, send: (delta: FeedDelta) => void, matches?: MatchSource) {
    this.#source = source
    this.#send = send
    this.#matches = matches
  }

  /** Starts over for a reader that already has the events before `from` and the event names before `fromEventName`. */
  subscribe(from: number, fromEventName: number): void {
    this.#subscribed = true
    this.#unacknowledged = false
    this.#next = from
    this.#nextEventName = fromEventName
    this.poke()
  }

  /** The source was emptied: what comes counts from 0 again. */
  restart(): void {
    this.#next = 0
    this.#nextEventName = 0
    this.poke()
  }

  /** Events from number `count` on have gone from the source; what comes next begins there. */
  rewind(count: number): void {
    this.#next = Math.min(this.#next, count)
    this.poke()
  }

  unsubscribe(): void {
    this.#subscribed = false
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  acknowledge(): void {
    this.#unacknowledged = false
    this.poke()
  }

  /** Keeps new events back from the reader, or lets them come; what a filter finds among the old ones comes all the same. */
  hold(held: boolean): void {
    this.#held = held
    this.poke()
  }

  /** There may be something new. */
  poke(): void {
    if (this.#timer !== undefined || !this.#subscribed || this.#unacknowledged) return
    if (!this.#hasEvents() && this.#matches?.hasNews(this.#next) !== true) return
    this.#timer = setTimeout(() => this.#flush(), PACE)
  }

  #hasEvents(): boolean {
    return !this.#held && this.#next < this.#source().count
  }

  #flush(): void {
    this.#timer = undefined
    const source = this.#source()
    const from = Math.max(this.#next, source.firstKept)
    const columns = source.columns(from, this.#hasEvents() ? MAX_EVENTS : 0)
    if (columns.count > 0) this.#next = columns.first + columns.count
    const matches = this.#matches?.take(this.#next)
    if (columns.count === 0 && matches === undefined) return
    const eventNames = columns.count === 0 ? [] : source.eventNames.slice(this.#nextEventName)
    this.#unacknowledged = true
    this.#send({
      columns,
      firstEventName: this.#nextEventName,
      eventNames,
      ...(matches === undefined ? {} : { matches }),
    })
    this.#nextEventName += eventNames.length
  }
}
