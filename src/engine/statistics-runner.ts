/** Statistics of parts of the session, in slices; one at a time, the latest asked for. */
import { StatisticsBuilder } from '../capture/part-statistics.ts'
import type { ColumnSource } from '../shared/columns.ts'
import type { NumberList } from '../shared/number-list.ts'
import type { PartStatistics, Selected } from '../shared/protocol/filtering.ts'

/** Milliseconds one slice may hold the thread. */
const SLICE = 4

interface Kept {
  readonly key: string
  readonly firstKept: number
  readonly statistics: StatisticsBuilder
}

export class StatisticsRunner {
  readonly #source: ColumnSource
  readonly #matchesOf: (generation: number) => NumberList | undefined
  /** Goes on from where it is when the same part is asked for again, with more events in it. */
  #kept: Kept | undefined
  #latest = 0

  constructor(source: ColumnSource, matchesOf: (generation: number) => NumberList | undefined) {
    this.#source = source
    this.#matchesOf = matchesOf
  }

  /** What the part amounts to; null where another was asked for meanwhile, or its filter is no more. */
  async run(selected: Selected): Promise<PartStatistics | null> {
    const ticket = ++this.#latest
    const statistics = this.#statisticsFor(selected)
    if (statistics === undefined) return null
    for (;;) {
      const until = performance.now() + SLICE
      let more = true
      while (more && performance.now() < until) more = statistics.step(selected.end)
      if (!more) return statistics.result()
      await new Promise((resolve) => setImmediate(resolve))
      if (ticket !== this.#latest) return null
    }
  }

  /** The events are gone. */
  clear(): void {
    this.#latest++
    this.#kept = undefined
  }

  #statisticsFor(selected: Selected): StatisticsBuilder | undefined {
    const { end, ...part } = selected
    const key = JSON.stringify(part)
    const { firstKept } = this.#source
    const kept = this.#kept
    if (kept?.key === key && kept.firstKept === firstKept && kept.statistics.position <= end)
      return kept.statistics
    const matches = part.generation === null ? undefined : this.#matchesOf(part.generation)
    if (part.generation !== null && matches === undefined) return undefined
    const statistics = new StatisticsBuilder(this.#source, selected, matches)
    this.#kept = { key, firstKept, statistics }
    return statistics
  }
}
