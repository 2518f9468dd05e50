/** How long the messages in the timeline's view took to arrive. Asks when the view rests, and while messages come. */
import { signal } from '@preact/signals'
import { MAX_LANES } from '../../src/shared/protocol/exchanges.ts'
import {
  type LaneLatency,
  type LatencyList,
  type LatencyMethods,
  MAX_LATENCY_WIDTH,
} from '../../src/shared/protocol/latency.ts'
import { LatestOnly } from './latest-only.ts'
import type { View } from './timeline/view.ts'

/** Milliseconds without a movement after which the view rests, and between calls while messages come. */
const REST = 150
const PACE = 1000
/** Pixels of a column. */
const COLUMN = 2

export type AskLatency = (span: LatencyMethods['latency']['params']) => Promise<LatencyList>

/** What the timeline shows. */
export interface Wanted {
  readonly view: View
  readonly connections: readonly number[]
  /** Pixels of the view. */
  readonly width: number
}

export class LatencyStore {
  /** The connections whose messages carry a time. */
  readonly connections = signal<ReadonlySet<number>>(new Set())
  /** Changes with what `of` returns. */
  readonly version = signal(0)
  readonly #ask: AskLatency
  readonly #changed: () => void
  readonly #calls = new LatestOnly()
  #lanes: ReadonlyMap<number, LaneLatency> = new Map()
  /** What is shown when it is called: a view that follows moves. */
  #wanted: (() => Wanted) | undefined
  #asked: Wanted | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  /** When the timer is due, on the page's clock. */
  #due = Number.POSITIVE_INFINITY

  constructor(ask: AskLatency, changed: () => void) {
    this.#ask = ask
    this.#changed = changed
  }

  of(connection: number): LaneLatency | undefined {
    return this.#lanes.get(connection)
  }

  /** The view or the lanes have changed. */
  show(shown: () => Wanted): void {
    const wanted = shown()
    const isAsked = this.#asked !== undefined && isSame(this.#asked, wanted)
    this.#wanted = shown
    if (!isAsked) this.#refreshIn(wanted.view.live ? PACE : REST)
  }

  /** More messages have arrived. */
  awake(): void {
    if (this.#wanted !== undefined) this.#refreshIn(PACE)
  }

  /** The timeline is not shown any more. What is known stays, but is asked for again when it is. */
  hide(): void {
    clearTimeout(this.#timer)
    this.#due = Number.POSITIVE_INFINITY
    this.#wanted = undefined
    this.#asked = undefined
  }

  reset(): void {
    clearTimeout(this.#timer)
    this.#due = Number.POSITIVE_INFINITY
    this.#asked = undefined
    this.#lanes = new Map()
    if (this.connections.value.size > 0) this.connections.value = new Set()
  }

  /** Asks in so many milliseconds, or earlier if that is planned. */
  #refreshIn(ms: number): void {
    const due = performance.now() + ms
    if (due >= this.#due) return
    clearTimeout(this.#timer)
    this.#due = due
    this.#timer = setTimeout(() => {
      this.#due = Number.POSITIVE_INFINITY
      const shown = this.#wanted
      if (shown !== undefined) this.#calls.run(() => this.#load(shown()))
    }, ms)
  }

  async #load(wanted: Wanted): Promise<void> {
    const { view, width } = wanted
    const connections = wanted.connections.slice(0, MAX_LANES)
    if (connections.length === 0) return
    // The view may move by its width before the next call.
    const length = view.to - view.from
    const from = Math.max(0, view.from - length)
    const to = Math.max(from + 1, view.to + length)
    const columns = Math.round(((to - from) / length) * (width / COLUMN))
    const list = await this.#ask({
      ...{ from, to, connections },
      width: Math.min(MAX_LATENCY_WIDTH, Math.max(1, columns)),
    }).catch(() => undefined)
    if (list === undefined) return
    this.#asked = wanted
    this.#lanes = new Map(list.lanes.map((lane) => [lane.connection, lane]))
    const before = this.connections.value
    const after = list.lanes.map(({ connection }) => connection)
    if (before.size !== after.length || after.some((id) => !before.has(id)))
      this.connections.value = new Set(after)
    if (!list.isCurrent) this.#refreshIn(REST)
    this.version.value++
    this.#changed()
  }
}

function isSame(one: Wanted, other: Wanted): boolean {
  return (
    one.view.from === other.view.from &&
    one.view.to === other.view.to &&
    one.width === other.width &&
    one.connections.join() === other.connections.join()
  )
}
