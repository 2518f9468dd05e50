/** Finds events of a session by a filter, beside the filter of the panel. */
import { Search, type SearchSource } from '../capture/search/search.ts'
import { Failure } from '../shared/failure.ts'
import { parseFilter } from '../shared/filter/parse.ts'
import { FilterError } from '../shared/filter/syntax.ts'

interface Running {
  readonly search: Search
  /** Sees whether it is over. */
  look: () => void
}

export class EventFinder {
  readonly #source: SearchSource
  readonly #running = new Set<Running>()

  constructor(source: SearchSource) {
    this.#source = source
  }

  /**
   * Numbers of the events so far that the filter finds, ascending. Rejects with BAD_FILTER, and with CANCELLED if they are
   * cleared.
   */
  async find(text: string): Promise<ArrayLike<number>> {
    const { count } = this.#source
    return await this.search(text, 0, ({ scanned, matches }) =>
      scanned >= count ? matches.slice(0, matches.length) : undefined,
    )
  }

  /**
   * Searches from event `from` on, and in events that come, until `look` gives a result. It is called after each step of
   * the search, and by `poke`. Rejects as `find` does.
   */
  async search<T>(text: string, from: number, look: (search: Search) => T | undefined): Promise<T> {
    const search = this.#start(text, from, () => running.look())
    const running: Running = { search, look: () => {} }
    this.#running.add(running)
    try {
      const found = await new Promise<T | undefined>((resolve) => {
        running.look = () => {
          const result = search.hasEnded ? undefined : look(search)
          if (result !== undefined || search.hasEnded) resolve(result)
        }
        running.look()
      })
      if (search.error !== undefined) throw new Failure('BAD_FILTER', search.error.message)
      if (found === undefined)
        throw new Failure('CANCELLED', 'The events were cleared while they were searched.')
      return found
    } finally {
      this.#running.delete(running)
      search.cancel()
    }
  }

  /** Call when events were appended, or when what a search waits for may have happened. */
  poke(): void {
    if (this.#running.size === 0) return
    for (const running of this.#running) {
      running.search.poke()
      running.look()
    }
  }

  /** Call when every event was cleared. */
  clear(): void {
    for (const running of this.#running) {
      running.search.cancel()
      running.look()
    }
  }

  /** Call when more events are decoded. */
  decoded(): void {
    for (const { search } of this.#running) search.decoded()
  }

  #start(text: string, from: number, progressed: () => void): Search {
    try {
      return new Search(this.#source, parseFilter(text), progressed, from)
    } catch (thrown) {
      throw thrown instanceof FilterError ? new Failure('BAD_FILTER', thrown.message) : thrown
    }
  }
}
