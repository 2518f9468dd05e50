/** The selected events, and the full details of the last one. */
import { signal } from '@preact/signals'
import { sentenceOf } from '../../src/shared/failure.ts'
import type { EventDetail } from '../../src/shared/protocol.ts'
import { between, hasIndex, type Ranges, toggled } from './events/ranges.ts'
import { LatestOnly } from './latest-only.ts'

/** Payload bytes loaded at first. */
export const FIRST_BYTES = 256 * 1024
/** Payload bytes loaded at most. Larger payloads are for a file or an editor. */
export const MOST_BYTES = 4 * 1024 * 1024

export type FetchDetail = (index: number, maxBytes: number) => Promise<EventDetail>

export interface SelectedEvent {
  readonly index: number
  /** Undefined until it has arrived. */
  readonly detail: EventDetail | undefined
  /** Why it could not be read, as one sentence. */
  readonly failure: string | undefined
}

export class Selection {
  /** The event that the details show: the one selected last. */
  readonly current = signal<SelectedEvent | undefined>(undefined)
  /** All selected events. */
  readonly ranges = signal<Ranges>([])
  /** The event at which a range selected with Shift starts. */
  #anchor = 0
  readonly #fetch: FetchDetail
  #generation = 0
  /** While an arrow key is held down, only the row at which it stops is read. */
  readonly #reading = new LatestOnly()

  constructor(fetch: FetchDetail) {
    this.#fetch = fetch
  }

  get index(): number | undefined {
    return this.current.value?.index
  }

  /** Selects only this event. */
  select(index: number): void {
    this.#anchor = index
    this.ranges.value = between(index, index)
    this.#show(index)
  }

  /** Selects only this event, for an action on it. The details stay. */
  point(index: number): void {
    this.#anchor = index
    this.ranges.value = between(index, index)
  }

  /** Selects the events from the one selected first to this one. */
  extendTo(index: number): void {
    if (this.index === undefined) this.#anchor = index
    this.ranges.value = between(this.#anchor, index)
    this.#show(index)
  }

  /** Adds an event to the selection, or removes it. */
  toggle(index: number): void {
    const ranges = toggled(this.ranges.value, index)
    const last = ranges.at(-1)
    if (last === undefined) {
      this.clear()
      return
    }
    this.ranges.value = ranges
    if (hasIndex(ranges, index)) this.#anchor = index
    this.#show(hasIndex(ranges, index) ? index : last.to - 1)
  }

  /** Selects the events from one to another, both included. The details stay. */
  selectBetween(first: number, last: number): void {
    this.#anchor = first
    this.ranges.value = between(first, last)
    if (this.index === undefined) this.#show(last)
  }

  /** Selects only the event in the details. */
  narrow(): void {
    if (this.index !== undefined) this.select(this.index)
  }

  /** Loads the payload up to `MOST_BYTES`. */
  loadMore(): void {
    if (this.index !== undefined) this.#load(this.index, MOST_BYTES)
  }

  clear(): void {
    this.#generation++
    this.current.value = undefined
    this.ranges.value = []
  }

  #show(index: number): void {
    if (this.index === index) return
    this.current.value = { index, detail: undefined, failure: undefined }
    this.#load(index, FIRST_BYTES)
  }

  #load(index: number, maxBytes: number): void {
    const generation = ++this.#generation
    this.#reading.run(() => this.#read(index, maxBytes, generation))
  }

  async #read(index: number, maxBytes: number, generation: number): Promise<void> {
    let result: SelectedEvent
    try {
      result = { index, detail: await this.#fetch(index, maxBytes), failure: undefined }
    } catch (thrown) {
      const failure = sentenceOf(thrown)
      result = { index, detail: undefined, failure }
    }
    if (generation === this.#generation) this.current.value = result
  }
}
