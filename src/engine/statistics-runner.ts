/** Computes statistics of a part of the session, in slices. A new request replaces the one under way. */
import { StatisticsBuilder } from '../capture/part-statistics.ts'
import type { ColumnSource } from '../shared/event-columns.ts'
import type { NumberList } from '../shared/number-list.ts'
import type { PartStatistics, Selected } from '../shared/protocol/filtering.ts'

/** Milliseconds that a slice may hold the thread. */
const SLICE = 4

interface Kept {
  readonly key: string
  readonly firstKept: number
  readonly statistics: StatisticsBuilder
}

export class StatisticsRunner {
  readonly #source: ColumnSource
  readonly #matchesOf: (generation: number) => NumberList | undefined
  /** Continued if the same part is asked for again, with more events in it. */
  #kept: Kept | undefined
  #latest = 0

  constructor(source: ColumnSource, matchesOf: (generation: number) => NumberList | undefined) {
    this.#source = source
    this.#matchesOf = matchesOf
  }

  /** The statistics of a part; null if another part was asked for in the meantime or its filter has ended. */
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

  /** Every event was cleared. */
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
