/** Reads the events of a feed on one connection, and learns which of their fields is a counter and which a time. */
import { timeOf } from '../payload-field.ts'
import { PayloadFields, valueAt } from '../payload-fields.ts'
import type { Item } from './items.ts'

/** Events that are kept until the fields are known, and from which they are learned. */
const LEARNED = 64
/** Characters of those events from which on no more are kept. */
const MOST_KEPT = 4 * 1024 * 1024
/** Events from which they are learned at least. */
const LEAST = 8

/** What an event says of itself. */
export interface Marks {
  /** Session time of its arrival in ms. */
  readonly arrival: number
  readonly counter: number | string | undefined
  /** Session time in ms at which it was sent, by the sender's clock. */
  readonly sent: number | undefined
}

export class FeedReader {
  readonly #fields: PayloadFields
  readonly #startedAt: number
  readonly #take: (marks: Marks) => void
  #kept: { readonly json: unknown; readonly arrival: number }[] | undefined = []
  #size = 0
  counter: string | undefined
  clock: string | undefined

  /** `startedAt` is session time 0 in epoch milliseconds. `take` gets each event once the fields are known. */
  constructor(startedAt: number, take: (marks: Marks) => void) {
    this.#startedAt = startedAt
    this.#take = take
    this.#fields = new PayloadFields({ startedAt })
  }

  add({ json, content }: Item, arrival: number): void {
    if (this.#kept === undefined) {
      this.#read(json, arrival)
      return
    }
    this.#fields.add(json, arrival)
    this.#kept.push({ json, arrival })
    this.#size += content.length
    if (this.#kept.length >= LEARNED || this.#size >= MOST_KEPT) this.#decide()
  }

  /** Decides with what is known so far. */
  settle(): void {
    if (this.#kept === undefined || this.#kept.length < LEAST) return
    if (this.#fields.counter !== undefined || this.#fields.clock !== undefined) this.#decide()
  }

  #decide(): void {
    this.counter = this.#fields.counter?.name
    this.clock = this.#fields.clock?.name
    const kept = this.#kept ?? []
    this.#kept = undefined
    for (const { json, arrival } of kept) this.#read(json, arrival)
  }

  #read(json: unknown, arrival: number): void {
    const counter = this.counter === undefined ? undefined : valueAt(json, this.counter)
    const time = this.clock === undefined ? undefined : timeOf(valueAt(json, this.clock))
    if (counter === undefined && time === undefined) return
    this.#take({
      arrival,
      counter: typeof counter === 'number' || typeof counter === 'string' ? counter : undefined,
      sent: time === undefined ? undefined : time - this.#startedAt,
    })
  }
}
