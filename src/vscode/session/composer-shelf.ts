/** Stores the composer's messages and variables on this machine, if the user saves them. */
import * as v from 'valibot'
import type { Memento } from 'vscode'
import { MESSAGE_FORMATS } from '../../shared/compose/compose.ts'
import { changeShelf, EMPTY_SHELF, type Shelf, type ShelfChange } from '../../shared/compose/shelf.ts'

const KEY = 'composerShelf'

const message = v.object({
  name: v.string(),
  format: v.picklist(MESSAGE_FORMATS),
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

  /** Returns what is stored, without what is invalid, for example because another version wrote it. */
  read(): Shelf {
    const parsed = v.safeParse(stored, this.#memento.get(KEY))
    return parsed.success ? parsed.output : EMPTY_SHELF
  }

  /** Throws a `Failure` for an invalid change. */
  async change(change: ShelfChange): Promise<Shelf> {
    const shelf = changeShelf(this.read(), change)
    await this.#memento.update(KEY, shelf)
    return shelf
  }
}
