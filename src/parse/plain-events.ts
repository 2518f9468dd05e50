/** Finds the plain events of event streams: one line of data, and a blank line. */
import { LINE_FEED, type LineFeeds } from './byte-search.ts'

const BATCH = 4096
/** The bytes of `data:`. */
const [D, A, T, COLON, SPACE] = [0x64, 0x61, 0x74, 0x3a, 0x20]
const FIELD_LENGTH = 5

/** Where plain events are read. */
export interface PlainRange {
  readonly first: number
  readonly firstEnd: number
  readonly end: number
  readonly limit: number
  readonly base: number
}

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
   * Adds the event at `first`, which begins with `data:` and whose line ends at `firstEnd`, and those right after it that end before `end`,
   * as long as they are plain, have lines of at most `limit` bytes, and there is room. Returns where the next one would begin. `base` is the
   * position of the bytes in the stream.
   */
  read(lineFeeds: LineFeeds, { first, firstEnd, end, limit, base }: PlainRange): number {
    const { starts, sizes, from, to } = this
    const { bytes } = lineFeeds
    let count = this.count
    let head = first
    let eol = firstEnd
    while (eol + 1 < end && bytes[eol + 1] === LINE_FEED && eol - head <= limit) {
      const start = bytes[head + FIELD_LENGTH] === SPACE ? head + FIELD_LENGTH + 1 : head + FIELD_LENGTH
      starts[count] = start
      sizes[count] = eol - start
      from[count] = base + head
      head = eol + 2
      to[count] = base + head
      count++
      if (count === BATCH) break
      if (bytes[head] !== D || bytes[head + 1] !== A || bytes[head + 2] !== T) break
      if (bytes[head + 3] !== A || bytes[head + 4] !== COLON) break
      eol = lineFeeds.after(head + FIELD_LENGTH)
    }
    this.count = count
    return head
  }
}
