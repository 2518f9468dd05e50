/** What waits to be written: text and bytes that exist already, and text that is made piece by piece when its turn comes. */
import { ByteBuffer } from './formats/bytes/byte-buffer.ts'

/** Largest number of characters in one portion of text. */
const PORTION = 64 * 1024
/** Bytes that are collected for one portion. Longer ones are portions of their own. */
const CHUNK = 64 * 1024
/** Room of a portion at least, and for what is longer than planned. */
const SMALLEST = 1024
const MARGIN = 8 * 1024

interface Pieces {
  readonly iterator: Iterator<string>
  /** Its share of `size` while it waits. */
  readonly size: number
}

export class Backlog {
  /** Characters and bytes waiting. Pieces count with the size that they were added with. */
  size = 0
  #items: (string | ByteBuffer | Pieces)[] = []
  /** Room of the next portion of bytes: twice as much as the latest had, because a stream that is idle takes small ones. */
  #room = SMALLEST

  add(text: string): void {
    this.size += text.length
    const last = this.#items.length - 1
    const before = this.#items[last]
    if (typeof before === 'string') this.#items[last] = before + text
    else this.#items.push(text)
  }

  /** Copies the bytes. */
  addBytes(bytes: Uint8Array): void {
    this.write(bytes.length, (chunk) => chunk.bytes(bytes))
  }

  /** Adds what `add` writes, which is about `size` bytes. */
  write(size: number, add: (chunk: ByteBuffer) => void): void {
    const chunk = this.#chunkFor(size)
    const before = chunk.length
    add(chunk)
    this.size += chunk.length - before
  }

  #chunkFor(size: number): ByteBuffer {
    const last = this.#items.at(-1)
    if (last instanceof ByteBuffer && last.length + size <= CHUNK) return last
    const chunk = new ByteBuffer(Math.max(this.#room, size))
    this.#items.push(chunk)
    return chunk
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
      if (first instanceof ByteBuffer) {
        if (text !== '') break
        this.#items.shift()
        this.size -= first.length
        this.#room = Math.min(Math.max(SMALLEST, 2 * first.length), CHUNK + MARGIN)
        return first.view
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
