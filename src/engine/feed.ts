/** Sends deltas to one reader, one at a time; what is appended before it is acknowledged is merged into the next. */
import type { ColumnSource } from '../shared/event-columns.ts'
import type { Delta } from '../shared/protocol.ts'
import type { FilterRunner } from './filter-runner.ts'

export interface FeedSource extends ColumnSource {
  readonly eventNames: readonly string[]
}

export type FeedDelta = Omit<Delta, 'status' | 'previews'>
type MatchSource = Pick<FilterRunner, 'hasNews' | 'take'>

/** Events of a delta at most: about 1.4 MB of columns. */
const MAX_EVENTS = 65_536
/** Milliseconds between two deltas: one animation frame, so that a slow stream is not sent event by event. */
const INTERVAL = 16

export class Feed {
  readonly #source: FeedSource
  readonly #send: (delta: FeedDelta) => void
  readonly #matches: MatchSource | undefined
  #subscribed = false
  #unacknowledged = false
  #held = false
  #next = 0
  #nextEventName = 0
  #timer: NodeJS.Timeout | undefined

  constructor(source: FeedSource, send: (delta: FeedDelta) => void, matches?: MatchSource) {
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

  /** The source was cleared: its events count from 0 again. */
  restart(): void {
    this.#next = 0
    this.#nextEventName = 0
    this.poke()
  }

  /** The source no longer has the events from number `count` on; the next delta starts there. */
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

  /** Holds new events back from the reader, or sends them again. Matches among the old events are always sent. */
  hold(held: boolean): void {
    this.#held = held
    this.poke()
  }

  /** Call when there may be something new. */
  poke(): void {
    if (this.#timer !== undefined || !this.#subscribed || this.#unacknowledged) return
    if (!this.#hasEvents() && this.#matches?.hasNews(this.#next) !== true) return
    this.#timer = setTimeout(this.#flush, INTERVAL)
  }

  #hasEvents(): boolean {
    return !this.#held && this.#next < this.#source.count
  }

  /** Not a method: a function that is made in `poke` would take memory for each message. */
  readonly #flush = (): void => {
    this.#timer = undefined
    const source = this.#source
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
