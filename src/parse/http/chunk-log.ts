/** The chunks of a body whose framing sizes were not requested yet. Each begins where the one before ends. */

import type { BodyRanges } from '../record.ts'

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
    this.#forgetBefore(index)
    return framing
  }

  /**
   * Sets `into` to the sizes of ranges with their framing, as by a call of `framing` for each. Returns false if the framing of the first
   * is forgotten.
   */
  sizes({ count, from, to }: BodyRanges, into: Uint32Array): boolean {
    if ((from[0] ?? 0) < this.#forgotten) return false
    const starts = this.#starts
    const lines = this.#lines
    const tail = this.#tail
    const closing = this.#closing
    let index = this.#head
    /** Where the data of the chunk starts, and where it ends. */
    let first = index < tail ? (starts[index] ?? 0) : Number.POSITIVE_INFINITY
    let past = index + 1 < tail ? (starts[index + 1] ?? 0) : this.#past
    for (let range = 0; range < count; range++) {
      const start = from[range] ?? 0
      const end = to[range] ?? 0
      let size = end - start
      while (first < end) {
        if (first >= start) size += lines[index] ?? 0
        if (past > end) break
        if (past > start) size += closing
        index++
        first = index < tail ? past : Number.POSITIVE_INFINITY
        past = index + 1 < tail ? (starts[index + 1] ?? 0) : this.#past
      }
      into[range] = size
    }
    this.#forgetBefore(index)
    return true
  }

  #forgetBefore(index: number): void {
    const isEmpty = index === this.#tail
    this.#head = isEmpty ? 0 : index
    if (isEmpty) this.#tail = 0
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
