/** Keeps the composer's saved messages and variables on this machine, and only those the user saved. */
import * as v from 'valibot'
import type { Memento } from 'vscode'
import { changeShelf, EMPTY_SHELF, type Shelf, type ShelfChange } from '../../shared/compose/shelf.ts'

const KEY = 'composerShelf'

const message = v.object({
  name: v.string(),
  format: v.picklist(['text', 'json', 'hex', 'base64']),
  text: v.string(),
})
const stored = v.object({
  messages: v.fallback(v.array(message), []),
  variables: v.fallback(v.record(v.string(), v.string()), {}),
})

export class ComposerShelf {
  readonly #memento: Memento

  constructor(memento: Memento) {
    this.#memento = memento
  }

  /** What is kept; what another version wrote and cannot be read is as if there were none. */
  read(): Shelf {
    const parsed = v.safeParse(stored, this.#memento.get(KEY))
    return parsed.success ? parsed.output : EMPTY_SHELF
  }

  /** Throws a `Failure` for a change that cannot be. */
  async change(change: ShelfChange): Promise<Shelf> {
    const shelf = changeShelf(this.read(), change)
    await this.#memento.update(KEY, shelf)
    return shelf
  }
}
