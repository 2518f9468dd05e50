/** One line of text for each row in view, asked for when it comes into view. */

/** Lines kept. */
const CAPACITY = 4000
/** Rows asked for at once. */
const MAX_REQUEST = 256

export type FetchPreviews = (indexes: readonly number[]) => Promise<readonly string[]>

export class Previews {
  readonly #fetch: FetchPreviews
  readonly #onChange: () => void
  /** In order of last use. */
  readonly #lines = new Map<number, string>()
  #wanted: readonly number[] = []
  #inFlight = false
  #generation = 0

  constructor(fetch: FetchPreviews, onChange: () => void) {
    this.#fetch = fetch
    this.#onChange = onChange
  }

  /** Whether lines are on their way. */
  get pending(): boolean {
    return this.#inFlight
  }

  get(index: number): string | undefined {
    return this.#lines.get(index)
  }

  /** Asks for what is missing of these events. One request runs at a time; after it the latest wish counts. */
  want(indexes: readonly number[]): void {
    this.#wanted = indexes
    for (const index of indexes) {
      const line = this.#lines.get(index)
      if (line === undefined) continue
      this.#lines.delete(index)
      this.#lines.set(index, line)
    }
    void this.#pump()
  }

  clear(): void {
    this.#generation++
    this.#lines.clear()
    this.#wanted = []
  }

  async #pump(): Promise<void> {
    if (this.#inFlight) return
    const missing = this.#wanted.filter((index) => !this.#lines.has(index)).slice(0, MAX_REQUEST)
    if (missing.length === 0) return
    this.#inFlight = true
    const generation = this.#generation
    const lines = await this.#fetch(missing).catch(() => undefined)
    this.#inFlight = false
    // A failed read leaves the rows blank until they are wanted again: the next paint asks anew.
    if (lines === undefined) return
    if (generation === this.#generation) this.#keep(missing, lines)
    this.#onChange()
    void this.#pump()
  }

  #keep(indexes: readonly number[], lines: readonly string[]): void {
    indexes.forEach((index, i) => {
      this.#lines.set(index, lines[i] ?? '')
    })
    for (const oldest of this.#lines.keys()) {
      if (this.#lines.size <= CAPACITY) break
      this.#lines.delete(oldest)
    }
  }
}
