export const LINE_FEED = 0x0a
const LF_WORD = 0x0a0a0a0a
const LOW_BITS = 0x01010101
const HIGH_BITS = 0x80808080
/** Bytes that are searched word by word; `indexOfByte` searches the rest of a longer line. */
const NEAR = 128

/**
 * The index of the first such byte from `from` on, or -1: as `Uint8Array.prototype.indexOf`, but with C's `memchr`,
 * which takes a tenth of the time if the byte is far away.
 */
export function indexOfByte(bytes: Uint8Array, byte: number, from: number): number {
  return Buffer.prototype.indexOf.call(bytes, byte, from)
}

/** Whether the first `length` bytes of `prefix` are at that position. */
export function startsWith(
  bytes: Uint8Array,
  at: number,
  prefix: Uint8Array,
  length = prefix.length,
): boolean {
  for (let i = 0; i < length; i++) if (bytes[at + i] !== prefix[i]) return false
  return true
}

/** Whether none of the four bytes of a word is a line feed. */
function lacksLineFeed(word: number): boolean {
  // A line feed becomes a zero byte; the expression below has a high bit set only if there is one.
  const difference = word ^ LF_WORD
  return ((difference - LOW_BITS) & ~difference & HIGH_BITS) === 0
}

/** Finds line feeds four bytes at a time. For lines of some tens of bytes, a call out of JavaScript takes longer. */
export class LineFeeds {
  readonly bytes: Uint8Array
  /** The same bytes as words of four, from the last word boundary at or before their beginning. */
  readonly words: Int32Array
  /** How many bytes of the first word precede them. */
  readonly shift: number

  constructor(bytes: Uint8Array) {
    const { buffer, byteOffset, length } = bytes
    this.bytes = bytes
    this.shift = byteOffset & 3
    this.words = new Int32Array(buffer, byteOffset - this.shift, (this.shift + length) >> 2)
  }

  /** The index of the first line feed from `from` on, or the number of bytes if there is none. */
  next(from: number): number {
    const { bytes, shift } = this
    const { length } = bytes
    let at = from
    for (; ((at + shift) & 3) !== 0 && at < length; at++) if (bytes[at] === LINE_FEED) return at
    return this.after(at)
  }

  /** As `next`, if the up to three bytes before `from` are no line feeds. */
  after(from: number): number {
    const { bytes, words, shift } = this
    const { length } = bytes
    let word = (from + shift) >> 2
    const near = Math.min(words.length, word + (NEAR >> 2))
    while (word < near && lacksLineFeed(words[word] ?? 0)) word++
    let at = Math.max(from, (word << 2) - shift)
    const end = Math.min(length, at + 4)
    for (; at < end; at++) if (bytes[at] === LINE_FEED) return at
    if (at >= length) return length
    const index = indexOfByte(bytes, LINE_FEED, at)
    return index < 0 ? length : index
  }
}
