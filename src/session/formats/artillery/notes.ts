/** Sentences on what could not be carried over, for the comment at the top of the file. */

/** Sentences in the file. */
const MAX_NOTES = 100

export class Notes {
  readonly #counts = new Map<string, number>()
  #more = 0

  /** A sentence without its full stop. */
  add(sentence: string): void {
    const count = this.#counts.get(sentence)
    if (count === undefined && this.#counts.size >= MAX_NOTES) this.#more++
    else this.#counts.set(sentence, (count ?? 0) + 1)
  }

  /** Each sentence, with how often it is true. */
  get sentences(): readonly string[] {
    const all = [...this.#counts].map(
      ([sentence, count]) => `${sentence}${count > 1 ? ` (${count} times)` : ''}.`,
    )
    return this.#more === 0 ? all : [...all, `${this.#more} more things.`]
  }
}
