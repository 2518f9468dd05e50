/** Finds line feeds four bytes at a time: lines of some tens of bytes are not worth a call out of JavaScript. */
import { indexOfByte } from './index-of.ts'

const LF = 0x0a
const LF_WORD = 0x0a0a0a0a
const LOW_BITS = 0x01010101
const HIGH_BITS = 0x80808080
/** Bytes that are looked at so; a line that is longer is searched by `indexOfByte`. */
const NEAR = 128

export class LineFeeds {
  readonly #bytes: Uint8Array
  /** The same bytes as words of four, from the last whole word boundary of the buffer at or before them. */
  readonly #words: Int32Array
  /** Bytes of the first word before them. */
  readonly #shift: number

  constructor(bytes: Uint8Array) {
    const { buffer, byteOffset, length } = bytes
    this.#bytes = bytes
    this.#shift = byteOffset & 3
    this.#words = new Int32Array(buffer, byteOffset - this.#shift, (this.#shift + length) >> 2)
  }

  /** Where the next one is from `from` on; the length of the bytes where there is none. */
  next(from: number): number {
    const bytes = this.#bytes
    const words = this.#words
    const shift = this.#shift
    const { length } = bytes
    let at = from
    for (; ((at + shift) & 3) !== 0 && at < length; at++) if (bytes[at] === LF) return at
    let word = (at + shift) >> 2
    const near = Math.min(words.length, word + (NEAR >> 2))
    for (; word < near; word++) {
      // A byte of it is 0 where the line feed is; then, and only then, a high bit stays.
      const difference = (words[word] ?? 0) ^ LF_WORD
      if (((difference - LOW_BITS) & ~difference & HIGH_BITS) !== 0) break
    }
    at = Math.max(at, (word << 2) - shift)
    const end = Math.min(length, at + 4)
    for (; at < end; at++) if (bytes[at] === LF) return at
    if (at >= length) return length
    const index = indexOfByte(bytes, LF, at)
    return index < 0 ? length : index
  }
}
