/** Text out of a file, read ahead for whoever reads one record after the other; the memory is used again and again. */

/** Bytes read where the records before were read too; beyond them, just what is asked for and a little more. */
const AHEAD = 256 * 1024
const ELSEWHERE = 16 * 1024

export class ReadAhead {
  #buffer: Buffer | undefined
  /** What of the stream is in the buffer. */
  #start = 0
  #end = 0

  /** Bytes that can be asked for at once. */
  static readonly LIMIT = AHEAD

  /**
   * The UTF-8 text of `length` bytes at an offset. `read` fills what it is given from the offset on, as far as
   * there is something, and returns how much that was. Undefined where it was too little.
   */
  text(offset: number, length: number, read: (into: Buffer) => number): string | undefined {
    this.#buffer ??= Buffer.allocUnsafeSlow(AHEAD)
    if (offset < this.#start || offset + length > this.#end) {
      const goesOn = offset >= this.#start && offset <= this.#end + ELSEWHERE
      const size = goesOn ? AHEAD : Math.max(ELSEWHERE, length)
      this.#start = offset
      // Where reading throws, there is nothing.
      this.#end = offset
      this.#end = offset + read(this.#buffer.subarray(0, size))
      if (offset + length > this.#end) return undefined
    }
    const from = offset - this.#start
    return this.#buffer.toString('utf8', from, from + length)
  }
}
