/** Finds the plain events of event streams: one line of data, and a blank line. */
import { LINE_FEED, type LineFeeds, lacksLineFeed } from './byte-search.ts'

const BATCH = 4096
/** The bytes of `data:`. */
const [D, A, T, COLON, SPACE] = [0x64, 0x61, 0x74, 0x3a, 0x20]
const FIELD_LENGTH = 5

/** Collects the plain events of a chunk. */
export class PlainEvents {
  count = 0
  readonly starts = new Uint32Array(BATCH)
  readonly sizes = new Uint32Array(BATCH)
  readonly from = new Float64Array(BATCH)
  readonly to = new Float64Array(BATCH)

  get isFull(): boolean {
    return this.count === BATCH
  }

  /**
   * Adds the events at `first` and right after it that end before `end`, as long as they are plain, have lines of at most `limit` bytes, and
   * there is room. Returns where the next one would begin. `base` is the position of the bytes in the stream.
   */
  read({ bytes, words, shift }: LineFeeds, first: number, end: number, limit: number, base: number): number {
    const { starts, sizes, from, to } = this
    const { length } = words
    let count = this.count
    let head = first
    while (count < BATCH) {
      if (bytes[head] !== D || bytes[head + 1] !== A || bytes[head + 2] !== T) break
      if (bytes[head + 3] !== A || bytes[head + 4] !== COLON) break
      // Bytes of the first word that precede the value are known, and are no line feeds.
      let word = (head + FIELD_LENGTH + shift) >> 2
      while (word < length && lacksLineFeed(words[word] ?? 0)) word++
      let eol = Math.max((word << 2) - shift, head + FIELD_LENGTH)
      while (eol < end && bytes[eol] !== LINE_FEED) eol++
      if (eol + 1 >= end || bytes[eol + 1] !== LINE_FEED || eol - head > limit) break
      const start = bytes[head + FIELD_LENGTH] === SPACE ? head + FIELD_LENGTH + 1 : head + FIELD_LENGTH
      starts[count] = start
      sizes[count] = eol - start
      from[count] = base + head
      head = eol + 2
      to[count] = base + head
      count++
    }
    this.count = count
    return head
  }
}
