/** Reads text from a file, with read-ahead for sequential access. The buffer is reused. */

/** Bytes read at once if access is sequential; otherwise at least `ELSEWHERE`. */
const AHEAD = 256 * 1024
const ELSEWHERE = 16 * 1024

export class ReadAhead {
  #buffer: Buffer | undefined
  /** The part of the stream that is in the buffer. */
  #start = 0
  #end = 0

  /** The longest text that can be read. */
  static readonly LIMIT = AHEAD

  /**
   * The UTF-8 text of `length` bytes at an offset; undefined if there are fewer. `read` fills a buffer from the offset
   * on and returns the number of bytes read.
   */
  text(offset: number, length: number, read: (into: Buffer) => number): string | undefined {
    this.#buffer ??= Buffer.allocUnsafeSlow(AHEAD)
    if (offset < this.#start || offset + length > this.#end) {
      const continues = offset >= this.#start && offset <= this.#end + ELSEWHERE
      const size = continues ? AHEAD : Math.max(ELSEWHERE, length)
      this.#start = offset
      // If reading throws, the buffer is empty.
      this.#end = offset
      this.#end = offset + read(this.#buffer.subarray(0, size))
      if (offset + length > this.#end) return undefined
    }
    const from = offset - this.#start
    return this.#buffer.toString('utf8', from, from + length)
  }
}
