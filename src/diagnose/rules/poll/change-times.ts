/** How often a poll asks, and how often what it asks for changes. */
import { MAX_CHART_POINTS } from '../../../shared/finding-chart.ts'
import { largest } from '../../../shared/numbers.ts'
import { percentilesOf } from '../../../shared/percentiles.ts'
import { Latest } from '../latest.ts'
import type { Cycle } from './cycle-reader.ts'

export class ChangeTimes {
  /** Milliseconds from the start of one request to that of the next. */
  readonly #intervals = new Latest<number>(MAX_CHART_POINTS)
  #started: number | undefined
  #changes = 0
  #first = 0
  #last = 0

  add({ started, ended, outcome }: Cycle): void {
    if (this.#started !== undefined) this.#intervals.add(started - this.#started)
    this.#started = started
    if (outcome !== 'new') return
    if (this.#changes === 0) this.#first = ended
    this.#last = ended
    this.#changes++
  }

  /** The next request does not follow the last one. */
  skipped(): void {
    this.#started = undefined
  }

  get changes(): number {
    return this.#changes
  }

  /** Milliseconds between two requests, half of the time. Undefined if there was only one. */
  get interval(): number | undefined {
    return percentilesOf(Float64Array.from(this.#intervals.values))?.p50
  }

  /** Milliseconds between two changes on average. Undefined if there were fewer than two. */
  get betweenChanges(): number | undefined {
    return this.#changes < 2 ? undefined : (this.#last - this.#first) / (this.#changes - 1)
  }
}

/** Intervals that people choose, in ms. */
const ROUND = [1, 2, 5, 10, 15, 20, 30, 60].flatMap((factor) => [
  factor * 100,
  factor * 1000,
  factor * 60_000,
])

/** The largest round interval that is at most half of the time between changes; undefined if that is not above `interval`. */
export function calmerInterval(interval: number, betweenChanges: number): number | undefined {
  const calmest = largest(
    ROUND.filter((each) => each <= betweenChanges / 2),
    0,
  )
  return calmest >= 1.5 * interval ? calmest : undefined
}
