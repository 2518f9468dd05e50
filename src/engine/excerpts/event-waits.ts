/** Waits for events that a filter finds. */
import type { Search } from '../../capture/search/search.ts'
import { Failure } from '../../shared/failure.ts'
import {
  type ExcerptMethods,
  MAX_WAIT,
  MAX_WAITS,
  type WaitEnd,
  type Waited,
} from '../../shared/protocol/excerpts.ts'
import type { EventFinder } from '../event-finder.ts'

export interface WaitSource {
  readonly count: number
  readonly firstKept: number
  row(index: number): { readonly connection: number }
}

export interface EventWaitsOptions {
  readonly source: WaitSource
  readonly finder: EventFinder
  /** Whether more events of a connection may come. */
  isLive(connection: number): boolean
}

export class EventWaits {
  readonly #options: EventWaitsOptions
  /** Ends a wait, by its ticket. */
  readonly #running = new Map<string, (end: WaitEnd) => void>()

  constructor(options: EventWaitsOptions) {
    this.#options = options
  }

  /** See `awaitEvent` in `ExcerptMethods`. */
  async wait({
    filter,
    connection,
    from,
    timeout,
    ticket,
  }: ExcerptMethods['awaitEvent']['params']): Promise<Waited> {
    if (this.#running.size >= MAX_WAITS || this.#running.has(ticket))
      throw new Failure('TOO_MANY', `${this.#running.size} waits for events are running; cancel one first.`)
    const { finder } = this.#options
    let end: WaitEnd | undefined
    const finish = (why: WaitEnd) => {
      end ??= why
      finder.poke()
    }
    const timer = setTimeout(() => finish('timeout'), Math.min(timeout, MAX_WAIT))
    this.#running.set(ticket, finish)
    let looked = 0
    try {
      return await finder.search(filter, from - 1, (search) => {
        const found = this.#firstOn(connection, search, looked)
        looked = search.matches.length
        if (found !== undefined) return { end: 'found', found: found + 1, next: found + 2 }
        if (end === undefined && this.#isOver(connection, search)) end = 'ended'
        return end && { end, found: null, next: search.scanned + 1 }
      })
    } finally {
      clearTimeout(timer)
      this.#running.delete(ticket)
    }
  }

  cancel(ticket: string): void {
    this.#running.get(ticket)?.('cancelled')
  }

  /** Ends every wait. */
  cancelAll(): void {
    for (const finish of [...this.#running.values()]) finish('cancelled')
  }

  /** Whether no further event can match. */
  #isOver(connection: number | null, { scanned }: Search): boolean {
    const { source } = this.#options
    return connection !== null && scanned >= source.count && !this.#options.isLive(connection)
  }

  /** The first match on the connection among those from position `at` on. */
  #firstOn(connection: number | null, { matches }: Search, at: number): number | undefined {
    const { source } = this.#options
    for (const index of Array.from(matches.slice(at, matches.length)))
      if (index >= source.firstKept && (connection === null || source.row(index).connection === connection))
        return index
    return undefined
  }
}
