/** Chunks of a body whose framing has not been asked for yet; one begins where the one before ends. */

/** Chunks remembered at most where nobody asks. */
const MAX_REMEMBERED = 1 << 18
const FIRST_CAPACITY = 64

export class ChunkLog {
  /** Where the chunks' data start in the body, and how long their size lines were. */
  #starts = new Float64Array(FIRST_CAPACITY)
  #lines = new Uint32Array(FIRST_CAPACITY)
  /** Those that are remembered: [head, tail). */
  #head = 0
  #tail = 0
  /** Where the last one's data end. */
  #past = 0
  readonly #closing: number
  /** Spans that begin before this body offset can no longer be told. */
  #forgotten = 0

  /** `closing` is how many bytes close a chunk. */
  constructor(closing: number) {
    this.#closing = closing
  }

  /** A chunk of `size` bytes begins at body offset `start`, after a size line of `line` bytes. */
  add(start: number, size: number, line: number): void {
    if (this.#tail === this.#starts.length) this.#makeRoom()
    const at = this.#tail++
    this.#starts[at] = start
    this.#lines[at] = line
    this.#past = start + size
  }

  /**
   * Bytes of framing that go with the body range [start, end), whose end has arrived: size lines with the first byte
   * of chunks, closing line ends with the last. Undefined where that is forgotten; what lies before `start` then is.
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
