/** The flow of deltas to one reader: one under way at a time, what comes meanwhile is merged into the next. */
import type { ColumnBatch } from '../shared/columns.ts'

export interface FeedSource {
  /** Number of events so far. */
  readonly count: number
  /** Number of the oldest event still kept. */
  readonly firstKept: number
  readonly labels: readonly string[]
  columns(from: number, max: number): ColumnBatch
}

export interface FeedDelta {
  readonly columns: ColumnBatch
  readonly firstLabel: number
  readonly labels: readonly string[]
}

/** Events a delta carries at most: about 1.4 MB of columns. */
const MAX_EVENTS = 65_536
/** Milliseconds between two deltas: one animation frame, so that a trickle is not sent event by event. */
const PACE = 16

export class Feed {
  readonly #source: () => FeedSource
  readonly #send: (delta: FeedDelta) => void
  #subscribed = false
  #unacknowledged = false
  #next = 0
  #nextLabel = 0
  #timer: NodeJS.Timeout | undefined

  constructor(source: () => FeedSource, send: (delta: FeedDelta) => void) {
    this.#source = source
    this.#send = send
  }

  /** Starts over for a reader that already has the events before `from` and the labels before `fromLabel`. */
  subscribe(from: number, fromLabel: number): void {
    this.#subscribed = true
    this.#unacknowledged = false
    this.#next = from
    this.#nextLabel = fromLabel
    this.poke()
  }

  /** The source was emptied: what comes counts from 0 again. */
  restart(): void {
    this.#next = 0
    this.#nextLabel = 0
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

  /** There may be something new. */
  poke(): void {
    if (this.#timer !== undefined || !this.#subscribed || this.#unacknowledged) return
    if (this.#next >= this.#source().count) return
    this.#timer = setTimeout(() => this.#flush(), PACE)
  }

  #flush(): void {
    this.#timer = undefined
    const source = this.#source()
    const columns = source.columns(Math.max(this.#next, source.firstKept), MAX_EVENTS)
    if (columns.count === 0) return
    const labels = source.labels.slice(this.#nextLabel)
    this.#unacknowledged = true
    this.#send({ columns, firstLabel: this.#nextLabel, labels })
    this.#next = columns.first + columns.count
    this.#nextLabel += labels.length
  }
}
