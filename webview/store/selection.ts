/** The selected event and what is known of it in full. */
import { signal } from '@preact/signals'
import type { EventDetail } from '../../src/shared/protocol.ts'

/** Payload bytes loaded at first. */
export const FIRST_BYTES = 256 * 1024
/** Payload bytes loaded at most; larger payloads are for a file or an editor. */
export const MOST_BYTES = 4 * 1024 * 1024

export type FetchDetail = (index: number, maxBytes: number) => Promise<EventDetail>

export interface Selected {
  readonly index: number
  /** Undefined until it has arrived. */
  readonly detail: EventDetail | undefined
  /** One sentence, where it could not be read. */
  readonly failure: string | undefined
}

export class Selection {
  readonly current = signal<Selected | undefined>(undefined)
  readonly #fetch: FetchDetail
  #generation = 0
  #busy = false
  #next: (() => Promise<void>) | undefined

  constructor(fetch: FetchDetail) {
    this.#fetch = fetch
  }

  get index(): number | undefined {
    return this.current.value?.index
  }

  select(index: number): void {
    if (this.index === index) return
    this.current.value = { index, detail: undefined, failure: undefined }
    this.#load(index, FIRST_BYTES)
  }

  /** Loads the payload up to the bound. */
  loadMore(): void {
    if (this.index !== undefined) this.#load(this.index, MOST_BYTES)
  }

  clear(): void {
    this.#generation++
    this.current.value = undefined
  }

  #load(index: number, maxBytes: number): void {
    const generation = ++this.#generation
    this.#next = () => this.#read(index, maxBytes, generation)
    void this.#drain()
  }

  // One read at a time: holding an arrow key down reads where it stops, not every row on the way.
  async #drain(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    while (this.#next !== undefined) {
      const run = this.#next
      this.#next = undefined
      await run()
    }
    this.#busy = false
  }

  async #read(index: number, maxBytes: number, generation: number): Promise<void> {
    let result: Selected
    try {
      result = { index, detail: await this.#fetch(index, maxBytes), failure: undefined }
    } catch (thrown) {
      const failure = thrown instanceof Error ? thrown.message : String(thrown)
      result = { index, detail: undefined, failure }
    }
    if (generation === this.#generation) this.current.value = result
  }
}
