/** Messages sent before, walked with the arrow keys; the draft waits at the end. */

const CAPACITY = 50

export class History {
  readonly #entries: string[]
  #position: number
  #draft = ''

  constructor(entries: readonly string[] = []) {
    this.#entries = entries.slice(-CAPACITY)
    this.#position = this.#entries.length
  }

  get entries(): readonly string[] {
    return this.#entries
  }

  /** Remembers a sent message once, as the newest, and stands at the end. */
  push(text: string): void {
    const known = this.#entries.indexOf(text)
    if (known !== -1) this.#entries.splice(known, 1)
    this.#entries.push(text)
    if (this.#entries.length > CAPACITY) this.#entries.shift()
    this.#position = this.#entries.length
    this.#draft = ''
  }

  /** The message before the one shown, or undefined at the oldest; `current` is kept as the draft. */
  older(current: string): string | undefined {
    if (this.#position === 0) return undefined
    if (this.#position === this.#entries.length) this.#draft = current
    this.#position--
    return this.#entries[this.#position]
  }

  /** The message after the one shown, the draft after the newest, undefined at the draft. */
  newer(): string | undefined {
    if (this.#position >= this.#entries.length) return undefined
    this.#position++
    return this.#position === this.#entries.length ? this.#draft : this.#entries[this.#position]
  }
}
