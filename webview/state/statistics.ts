/** Statistics of the part of the session that the list shows. Asks the engine if the part changes. */
import { signal } from '@preact/signals'
import type { PartStatistics, Selected } from '../../src/shared/protocol/filtering.ts'

/** Milliseconds between two requests for the same part while it grows. */
const PACE = 400

export interface ShownStatistics {
  readonly selected: Selected
  readonly statistics: PartStatistics
}

export class StatisticsStore {
  readonly current = signal<ShownStatistics | undefined>(undefined)
  readonly #ask: (selected: Selected) => Promise<PartStatistics | null>
  #wanted: Selected | undefined
  #asked: Selected | undefined
  #isBusy = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(ask: (selected: Selected) => Promise<PartStatistics | null>) {
    this.#ask = ask
  }

  /** Sets the part that the list shows. Undefined for the whole session. */
  want(selected: Selected | undefined): void {
    this.#wanted = selected
    if (selected === undefined) {
      clearTimeout(this.#timer)
      this.#timer = undefined
      this.#asked = undefined
      if (this.current.value !== undefined) this.current.value = undefined
      return
    }
    if (this.#isBusy || isSame(selected, this.#asked)) return
    if (!isSamePart(selected, this.#asked)) void this.#question(selected)
    else
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined
        if (this.#wanted !== undefined && !this.#isBusy) void this.#question(this.#wanted)
      }, PACE)
  }

  async #question(selected: Selected): Promise<void> {
    this.#isBusy = true
    this.#asked = selected
    // A request that fails is made again when the part changes.
    const statistics = await this.#ask(selected).catch(() => null)
    this.#isBusy = false
    if (this.#wanted === undefined) return
    if (statistics !== null && isSamePart(selected, this.#wanted))
      this.current.value = { selected, statistics }
    this.want(this.#wanted)
  }
}

function isSame(a: Selected, b: Selected | undefined): boolean {
  return a.end === b?.end && isSamePart(a, b)
}

function isSamePart(a: Selected, b: Selected | undefined): boolean {
  return b !== undefined && part(a) === part(b)
}

function part({ end: _, ...rest }: Selected): string {
  return JSON.stringify(rest)
}
