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
    const search = this.#start(text, () => running.look())
    const running: Running = { search, look: () => {} }
    this.#running.add(running)
    try {
      await new Promise<void>((resolve) => {
        running.look = () => {
          if (search.scanned >= count || search.hasEnded) resolve()
        }
        running.look()
      })
      if (search.error !== undefined) throw new Failure('BAD_FILTER', search.error.message)
      if (search.hasEnded) throw new Failure('CANCELLED', 'The events were cleared while they were searched.')
      return search.matches.slice(0, search.matches.length)
    } finally {
      this.#running.delete(running)
      search.cancel()
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

  #start(text: string, progressed: () => void): Search {
    try {
      return new Search(this.#source, parseFilter(text), progressed)
    } catch (thrown) {
      throw thrown instanceof FilterError ? new Failure('BAD_FILTER', thrown.message) : thrown
    }
  }
}
