/** Messages sent before, for the arrow keys. The draft comes after the newest. Never stored: they may contain secrets. */
import type { ComposedMessage } from '../../src/shared/compose/compose.ts'

const MOST_ENTRIES = 50
/** Characters of all entries together. The newest entry is kept whatever its length. */
const MOST_CHARACTERS = 4 * 1024 * 1024

const isSame = (a: ComposedMessage, b: ComposedMessage) => a.text === b.text && a.format === b.format

export class MessageHistory {
  #entries: readonly ComposedMessage[] = []
  #position = 0
  #draft: ComposedMessage | undefined

  /** Oldest first. */
  get entries(): readonly ComposedMessage[] {
    return this.#entries
  }

  /** Adds a message as the newest entry, only once, and moves to the end. */
  push(message: ComposedMessage): void {
    const others = this.#entries.filter((entry) => !isSame(entry, message))
    let room = MOST_CHARACTERS - message.text.length
    let first = others.length
    while (first > 0 && others.length - first < MOST_ENTRIES - 1) {
      room -= others[first - 1]?.text.length ?? 0
      if (room < 0) break
      first--
    }
    this.#entries = [...others.slice(first), message]
    this.#position = this.#entries.length
    this.#draft = undefined
  }

  /** The message before the one shown, undefined at the oldest. Keeps `current` as the draft. */
  older(current: ComposedMessage): ComposedMessage | undefined {
    if (this.#position === 0) return undefined
    if (this.#position === this.#entries.length) this.#draft = current
    this.#position--
    return this.#entries[this.#position]
  }

  /** The message after the one shown: the draft after the newest, undefined at the draft. */
  newer(): ComposedMessage | undefined {
    if (this.#position >= this.#entries.length) return undefined
    this.#position++
    return this.#position === this.#entries.length ? this.#draft : this.#entries[this.#position]
  }
}
