/** Previews of the rows in view, read from the host when they come into view. */
import type { EventPreview } from '../../../src/shared/protocol.ts'

/** Rows kept. */
const CAPACITY = 4000
/** Rows in one request. */
const MAX_REQUEST = 256

export type FetchPreviews = (indexes: readonly number[]) => Promise<readonly EventPreview[]>

export class Previews {
  readonly #fetch: FetchPreviews
  readonly #onChange: () => void
  /** In order of last use. */
  readonly #known = new Map<number, EventPreview>()
  /** Known, but to be requested again. */
  readonly #stale = new Set<number>()
  #wanted: readonly number[] = []
  #inFlight = false
  #generation = 0

  constructor(fetch: FetchPreviews, onChange: () => void) {
    this.#fetch = fetch
    this.#onChange = onChange
  }

  get(index: number): EventPreview | undefined {
    return this.#known.get(index)
  }

  /** Requests the missing previews of these events. One request runs at a time, and then the latest call counts. */
  want(indexes: readonly number[]): void {
    this.#wanted = indexes
    for (const index of indexes) {
      const preview = this.#known.get(index)
      if (preview === undefined) continue
      this.#known.delete(index)
      this.#known.set(index, preview)
    }
    void this.#pump()
  }

  /** What the previews are to show has changed: requests those in view again. */
  renew(): void {
    this.#generation++
    this.#known.clear()
    this.#inFlight = false
    void this.#pump()
  }

  /** Adds previews that came with a delta, of the events from number `first` on. */
  put(first: number, previews: readonly EventPreview[]): void {
    this.#keep(
      previews.map((_, i) => first + i),
      previews,
    )
  }

  /** More is known now: requests the previews again that say so, or all of them. Until then the old ones are shown. */
  refresh(all: boolean): void {
    for (const [index, { isPending }] of this.#known) if (all || isPending === true) this.#stale.add(index)
    void this.#pump()
  }

  clear(): void {
    this.#stale.clear()
    this.#generation++
    this.#known.clear()
    this.#wanted = []
    this.#inFlight = false
  }

  async #pump(): Promise<void> {
    if (this.#inFlight) return
    const missing = this.#wanted
      .filter((index) => !this.#known.has(index) || this.#stale.has(index))
      .slice(0, MAX_REQUEST)
    if (missing.length === 0) return
    this.#inFlight = true
    // What becomes stale from now on has to be requested once more.
    for (const index of missing) this.#stale.delete(index)
    const generation = this.#generation
    const previews = await this.#fetch(missing).catch(() => undefined)
    if (generation !== this.#generation) return
    this.#inFlight = false
    // After a failure the rows stay blank until the next paint requests them again.
    if (previews === undefined) return
    this.#keep(missing, previews)
    this.#onChange()
    void this.#pump()
  }

  #keep(indexes: readonly number[], previews: readonly EventPreview[]): void {
    indexes.forEach((index, i) => {
      const preview = previews[i]
      if (preview !== undefined) this.#known.set(index, preview)
    })
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= CAPACITY) break
      this.#known.delete(oldest)
      this.#stale.delete(oldest)
    }
  }
}
