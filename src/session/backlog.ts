/** What waits to be written: text and bytes that exist already, and text that is made piece by piece when its turn comes. */

/** Largest number of characters in one portion of text. */
const PORTION = 64 * 1024
/** Bytes that are collected for one portion. Longer ones are portions of their own. */
const CHUNK = 64 * 1024

interface Pieces {
  readonly iterator: Iterator<string>
  /** Its share of `size` while it waits. */
  readonly size: number
}

class Chunk {
  readonly #buffer: Buffer
  #length = 0

  constructor(capacity: number) {
    this.#buffer = Buffer.allocUnsafeSlow(capacity)
  }

  /** Copies the bytes. False if they do not fit. */
  add(bytes: Uint8Array): boolean {
    if (this.#length + bytes.length > this.#buffer.length) return false
    this.#buffer.set(bytes, this.#length)
    this.#length += bytes.length
    return true
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }
}

export class Backlog {
  /** Characters and bytes waiting. Pieces count with the size that they were added with. */
  size = 0
  #items: (string | Chunk | Pieces)[] = []

  add(text: string): void {
    this.size += text.length
    const last = this.#items.length - 1
    const before = this.#items[last]
    if (typeof before === 'string') this.#items[last] = before + text
    else this.#items.push(text)
  }

  /** Copies the bytes. */
  addBytes(bytes: Uint8Array): void {
    this.size += bytes.length
    const before = this.#items.at(-1)
    if (before instanceof Chunk && before.add(bytes)) return
    const chunk = new Chunk(Math.max(bytes.length, CHUNK))
    chunk.add(bytes)
    this.#items.push(chunk)
  }

  addPieces(pieces: Iterable<string>, size: number): void {
    this.size += size
    this.#items.push({ iterator: pieces[Symbol.iterator](), size })
  }

  /** Takes the next portion; undefined if nothing waits. */
  take(): string | Buffer | undefined {
    let text = ''
    while (text.length < PORTION) {
      const first = this.#items[0]
      if (first === undefined) break
      if (first instanceof Chunk) {
        if (text !== '') break
        this.#items.shift()
        this.size -= first.bytes.length
        return first.bytes
      }
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
