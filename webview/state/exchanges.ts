/** Requests and answers in the timeline's view. Asks for them when the view rests and when more is decoded. */
import { signal } from '@preact/signals'
import type { ExchangeList, ExchangeMethods, LaneExchanges } from '../../src/shared/protocol/exchanges.ts'
import { MAX_LANES } from '../../src/shared/protocol/exchanges.ts'
import { LatestOnly } from './latest-only.ts'
import type { View } from './timeline/view.ts'

/** Milliseconds without a movement after which the view rests. */
const REST = 150
/** End of what is asked for while the view follows. */
const FUTURE = 1e15

export type AskExchanges = (span: ExchangeMethods['exchanges']['params']) => Promise<ExchangeList>

/** What the timeline shows of time and connections. */
interface Wanted {
  readonly view: View
  readonly connections: readonly number[]
}

export class ExchangeStore {
  /** How many lines the requests of each connection take. */
  readonly rows = signal<ReadonlyMap<number, number>>(new Map())
  /** Changes with what `of` returns. */
  readonly version = signal(0)
  /** Connections whose requests are not shown. */
  readonly folded = signal<ReadonlySet<number>>(new Set())
  readonly #ask: AskExchanges
  readonly #changed: () => void
  readonly #lanes = new Map<number, LaneExchanges>()
  readonly #calls = new LatestOnly()
  #wanted: Wanted | undefined
  /** What has been asked for. */
  #asked:
    | { readonly from: number; readonly to: number; readonly connections: ReadonlySet<number> }
    | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(ask: AskExchanges, changed: () => void) {
    this.#ask = ask
    this.#changed = changed
  }

  of(connection: number): LaneExchanges | undefined {
    return this.#lanes.get(connection)
  }

  /** The view or the lanes have changed. */
  show(view: View, connections: readonly number[]): void {
    this.#wanted = { view, connections: connections.slice(0, MAX_LANES) }
    if (this.#isKnown(this.#wanted)) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.refresh(), REST)
  }

  /** More is decoded. */
  refresh(): void {
    const wanted = this.#wanted
    if (wanted === undefined) return
    this.#calls.run(() => this.#load(wanted))
  }

  toggle(connection: number): void {
    const folded = new Set(this.folded.value)
    if (!folded.delete(connection)) folded.add(connection)
    this.folded.value = folded
  }

  /** Restores the folded connections. Ignores invalid parts. */
  restore(folded: unknown): void {
    if (!Array.isArray(folded)) return
    this.folded.value = new Set(
      folded.filter((each): each is number => typeof each === 'number').slice(0, 1000),
    )
  }

  reset(): void {
    clearTimeout(this.#timer)
    this.#lanes.clear()
    this.#asked = undefined
    this.rows.value = new Map()
    this.folded.value = new Set()
  }

  /** Whether what is shown has been asked for, in enough detail. */
  #isKnown({ view, connections }: Wanted): boolean {
    const asked = this.#asked
    if (asked === undefined || view.from < asked.from || view.to > asked.to) return false
    return connections.every(
      (each) => asked.connections.has(each) && (this.#lanes.get(each)?.counts ?? null) === null,
    )
  }

  async #load({ view, connections }: Wanted): Promise<void> {
    const length = view.to - view.from
    const span = {
      from: Math.max(0, view.from - length),
      to: view.live ? FUTURE : Math.max(0, view.to + length),
      connections,
    }
    const list = await this.#ask(span).catch(() => undefined)
    if (list === undefined) return
    this.#asked = { ...span, connections: new Set(connections) }
    this.#lanes.clear()
    for (const lane of list.lanes) this.#lanes.set(lane.connection, lane)
    const before = this.rows.value
    const isSame =
      before.size === list.rows.length && list.rows.every(([id, rows]) => before.get(id) === rows)
    if (!isSame) this.rows.value = new Map(list.rows)
    this.version.value++
    this.#changed()
  }
}
