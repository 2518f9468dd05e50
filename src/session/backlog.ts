/** Text waiting to be written: text that exists already, and text that is made piece by piece when its turn comes. */

/** Largest number of characters in one portion. */
const PORTION = 64 * 1024

interface Pieces {
  readonly iterator: Iterator<string>
  /** Its share of `size` while it waits. */
  readonly size: number
}

export class Backlog {
  /** Characters waiting. Pieces count with the size that they were added with. */
  size = 0
  #items: (string | Pieces)[] = []

  add(text: string): void {
    this.size += text.length
    const last = this.#items.length - 1
    const before = this.#items[last]
    if (typeof before === 'string') this.#items[last] = before + text
    else this.#items.push(text)
  }

  addPieces(pieces: Iterable<string>, size: number): void {
    this.size += size
    this.#items.push({ iterator: pieces[Symbol.iterator](), size })
  }

  /** Takes the next portion; undefined if nothing waits. */
  take(): string | undefined {
    let text = ''
    while (text.length < PORTION) {
      const first = this.#items[0]
      if (first === undefined) break
      const next = typeof first === 'string' ? first : first.iterator.next().value
      if (next !== undefined) text += next
      if (typeof first === 'string' || next === undefined) {
        this.#items.shift()
        this.size -= typeof first === 'string' ? first.length : first.size
      }
    }
    return text === '' ? undefined : text
  }

  clear(): void {
    this.#items = []
    this.size = 0
  }
}
