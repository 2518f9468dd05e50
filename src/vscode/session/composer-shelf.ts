/** Stores the composer's messages and variables for all windows, if the user saves them. */
import * as v from 'valibot'
import type { Memento } from 'vscode'
import { MESSAGE_FORMATS } from '../../shared/compose/compose.ts'
import {
  changeShelf,
  EMPTY_SHELF,
  MAX_SAVED,
  type SavedMessage,
  type Shelf,
  type ShelfChange,
} from '../../shared/compose/shelf.ts'
import { maskText } from '../../shared/secrets.ts'

/** Messages without secrets. Settings Sync may copy them to other machines. */
export const MESSAGES_KEY = 'composerMessages'
/** Variables, and messages that look as if they have a secret. */
const LOCAL_KEY = 'composerShelf'

const message = v.object({
  name: v.string(),
  format: v.picklist(MESSAGE_FORMATS),
  text: v.string(),
})
const messages = v.fallback(v.array(message), [])
const stored = v.object({ messages, variables: v.fallback(v.record(v.string(), v.string()), {}) })

export class ComposerShelf {
  readonly #memento: Memento

  constructor(memento: Memento) {
    this.#memento = memento
  }

  /** Returns what is stored, without what is invalid, for example because another version wrote it. */
  read(): Shelf {
    const parsed = v.safeParse(stored, this.#memento.get(LOCAL_KEY))
    const local = parsed.success ? parsed.output : EMPTY_SHELF
    const shared = v.parse(messages, this.#memento.get(MESSAGES_KEY) ?? [])
    // Another machine may have saved a message with the same name.
    const byName = new Map([...shared, ...local.messages].map((each) => [each.name, each]))
    const all = [...byName.values()].sort((a, b) => a.name.localeCompare(b.name))
    return { ...local, messages: all.slice(0, MAX_SAVED) }
  }

  /** Throws a `Failure` for an invalid change. */
  async change(change: ShelfChange): Promise<Shelf> {
    const shelf = changeShelf(this.read(), change)
    const isLocal = ({ text }: SavedMessage) => maskText(text) !== text
    await this.#memento.update(LOCAL_KEY, { ...shelf, messages: shelf.messages.filter(isLocal) })
    const shared = shelf.messages.filter((each) => !isLocal(each))
    await this.#memento.update(MESSAGES_KEY, shared)
    return shelf
  }
}
