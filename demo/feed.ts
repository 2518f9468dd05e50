/** One feed, which the demo serves by five techniques: events with a number and the time at which they were sent. */
import { EventEmitter, once } from 'node:events'
import { between, quote } from './market.ts'

/** Milliseconds between events: at first, and what can be set. */
const FIRST_EVERY = 1000
export const EVERY = { least: 20, most: 10_000 } as const
/** Events that clients that return can still get. */
const KEPT = 1000
/** One event in so many is followed by another one at once, as in a market. */
const EVENTS_PER_PAIR = 6

export interface FeedEvent {
  readonly seq: number
  /** As JSON, with `seq`, and `sentAt` in epoch milliseconds. */
  readonly text: string
}

export class Feed {
  readonly #changes = new EventEmitter().setMaxListeners(1000)
  readonly #kept: FeedEvent[] = []
  #timer: NodeJS.Timeout | undefined
  #every = FIRST_EVERY
  #last = 0

  /** Milliseconds between two events on average. */
  get every(): number {
    return this.#every
  }

  set every(every: number) {
    this.#every = Math.min(Math.max(every, EVERY.least), EVERY.most)
    if (this.#timer !== undefined) this.start()
  }

  /** Number of the latest event; 0 before the first. */
  get last(): number {
    return this.#last
  }

  start(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.emit()
      if (this.#last % EVENTS_PER_PAIR === 0) this.emit()
      this.start()
    }, between(0.5, 1.5) * this.#every)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** Sends the next event. */
  emit(): void {
    const event: FeedEvent = {
      seq: ++this.#last,
      text: JSON.stringify({ seq: this.#last, sentAt: Date.now(), ...quote() }),
    }
    this.#kept.push(event)
    if (this.#kept.length > KEPT) this.#kept.shift()
    this.#changes.emit('event', event)
  }

  /** The kept events after number `seq`. */
  after(seq: number): FeedEvent[] {
    return this.#kept.filter((event) => event.seq > seq)
  }

  /** Calls back with each event. Returns a function that ends it. */
  listen(listener: (event: FeedEvent) => void): () => void {
    this.#changes.on('event', listener)
    return () => this.#changes.off('event', listener)
  }

  /** Resolves at the next event, or when the signal is aborted. */
  async next(signal: AbortSignal): Promise<void> {
    await once(this.#changes, 'event', { signal }).catch(() => undefined)
  }
}
