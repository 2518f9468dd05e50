/** Finds events of a session by a filter, beside the filter of the panel. */
import { Search, type SearchSource } from '../capture/search/search.ts'
import { Failure } from '../shared/failure.ts'
import { parseFilter } from '../shared/filter/parse.ts'
import { FilterError } from '../shared/filter/syntax.ts'

export class EventFinder {
  readonly #source: SearchSource
  readonly #searches = new Set<Search>()

  constructor(source: SearchSource) {
    this.#source = source
  }

  /** Numbers of the events so far that the filter finds, ascending. Rejects with BAD_FILTER. */
  async find(text: string): Promise<ArrayLike<number>> {
    const { count } = this.#source
    let look = () => {}
    const search = this.#start(text, () => look())
    this.#searches.add(search)
    try {
      await new Promise<void>((resolve) => {
        look = () => {
          if (search.scanned >= count || search.hasEnded) resolve()
        }
        look()
      })
      if (search.error !== undefined) throw new Failure('BAD_FILTER', search.error.message)
      return search.matches.slice(0, search.matches.length)
    } finally {
      this.#searches.delete(search)
      search.cancel()
    }
  }

  /** Call when more events are decoded. */
  decoded(): void {
    for (const search of this.#searches) search.decoded()
  }

  #start(text: string, progressed: () => void): Search {
    try {
      return new Search(this.#source, parseFilter(text), progressed)
    } catch (thrown) {
      throw thrown instanceof FilterError ? new Failure('BAD_FILTER', thrown.message) : thrown
    }
  }
}
