/** The chunks of a body whose framing sizes were not requested yet. Each begins where the one before ends. */

/** Largest number of chunks that are remembered. */
const MAX_REMEMBERED = 1 << 18
const FIRST_CAPACITY = 64

export class ChunkLog {
  /** Where the data of each chunk starts in the body, and the length of its size line. */
  #starts = new Float64Array(FIRST_CAPACITY)
  #lines = new Uint32Array(FIRST_CAPACITY)
  /** The remembered chunks are [head, tail). */
  #head = 0
  #tail = 0
  /** Where the data of the last chunk ends. */
  #past = 0
  readonly #closing: number
  /** Spans that begin before this offset of the body are forgotten. */
  #forgotten = 0

  /** `closing` is the length of the line ending that closes a chunk. */
  constructor(closing: number) {
    this.#closing = closing
  }

  /** Adds a chunk of `size` bytes at offset `start` of the body, after a size line of `line` bytes. */
  add(start: number, size: number, line: number): void {
    if (this.#tail === this.#starts.length) this.#makeRoom()
    const at = this.#tail++
    this.#starts[at] = start
    this.#lines[at] = line
    this.#past = start + size
  }

  /**
   * Size of the framing in the body range [start, end), which must have arrived: size lines count with the first byte of
   * a chunk, closing line endings with its last one. Undefined if it is forgotten. Forgets what precedes `start`.
   */
  framing(start: number, end: number): number | undefined {
    if (start < this.#forgotten) return undefined
    const starts = this.#starts
    const lines = this.#lines
    const tail = this.#tail
    let framing = 0
    let index = this.#head
    for (; index < tail; index++) {
      const first = starts[index] ?? 0
      if (first >= end) break
      const past = index + 1 < tail ? (starts[index + 1] ?? 0) : this.#past
      if (first >= start) framing += lines[index] ?? 0
      if (past > end) break
      if (past > start) framing += this.#closing
    }
    this.#head = index === tail ? 0 : index
    if (index === tail) this.#tail = 0
    return framing
  }

  #makeRoom(): void {
    if (this.#tail - this.#head >= MAX_REMEMBERED) {
      this.#head += MAX_REMEMBERED >> 1
      this.#forgotten = this.#starts[this.#head] ?? 0
    }
    const kept = this.#tail - this.#head
    const isCrowded = kept > this.#starts.length / 2
    const starts = isCrowded ? new Float64Array(2 * this.#starts.length) : this.#starts
    const lines = isCrowded ? new Uint32Array(2 * this.#lines.length) : this.#lines
    starts.set(this.#starts.subarray(this.#head, this.#tail))
    lines.set(this.#lines.subarray(this.#head, this.#tail))
    this.#starts = starts
    this.#lines = lines
    this.#head = 0
    this.#tail = kept
  }
}
