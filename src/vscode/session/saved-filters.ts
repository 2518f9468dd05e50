/** Filters that the user has saved, for all windows. */
import * as v from 'valibot'
import { l10n, type Memento } from 'vscode'
import { Failure } from '../../shared/failure.ts'
import {
  MAX_FILTER,
  MAX_FILTER_NAME,
  MAX_SAVED_FILTERS,
  type SavedFilter,
} from '../../shared/protocol/filtering.ts'

export const FILTERS_KEY = 'savedFilters'

const savedFilter = v.object({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_FILTER_NAME)),
  text: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_FILTER)),
})

export class SavedFilters {
  readonly #memento: Memento

  constructor(memento: Memento) {
    this.#memento = memento
  }

  /** Sorted by name, without those that are invalid, for example because another version stored them. */
  all(): readonly SavedFilter[] {
    const list: unknown = this.#memento.get(FILTERS_KEY)
    const sound = (Array.isArray(list) ? list : []).filter((entry) => v.is(savedFilter, entry))
    return sound.slice(0, MAX_SAVED_FILTERS).toSorted((a, b) => a.name.localeCompare(b.name))
  }

  /** Saves a filter, and replaces one of the same name. Throws a `Failure` if there are too many. */
  async save({ name, text }: SavedFilter): Promise<readonly SavedFilter[]> {
    const others = this.all().filter((other) => other.name !== name)
    if (others.length >= MAX_SAVED_FILTERS) {
      throw new Failure(
        'TOO_MANY',
        l10n.t('{0} filters are saved, which is the maximum; remove one first.', MAX_SAVED_FILTERS),
      )
    }
    await this.#memento.update(FILTERS_KEY, [...others, { name, text }])
    return this.all()
  }

  async forget(name: string): Promise<readonly SavedFilter[]> {
    await this.#memento.update(
      FILTERS_KEY,
      this.all().filter((other) => other.name !== name),
    )
    return this.all()
  }
}
