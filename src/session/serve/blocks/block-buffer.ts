/** Collects the bytes of a block. */
import type { JsonText } from '../../../capture/recording.ts'
import { writeString } from '../../json-string.ts'
import { type BlockMemory, PIECE } from './block-memory.ts'

/** Bytes copied at once. Longer ones become a part of their own, without a copy. */
const MAX_COPIED = 16 * 1024
/** Up to this many bytes, a loop is faster than a call of the engine. */
const MAX_LOOP = 48

export class BlockBuffer {
  readonly #scratch = Buffer.allocUnsafeSlow(PIECE)
  #used = 0
  #parts: Uint8Array[] = []
  #size = 0
  readonly #memory: BlockMemory

  constructor(memory: BlockMemory) {
    this.#memory = memory
  }

  /** Bytes appended since the last `take`. */
  get size(): number {
    return this.#size
  }

  byte(value: number): void {
    if (this.#used === PIECE) this.#seal()
    this.#scratch[this.#used++] = value
    this.#size++
  }

  /** Appends a whole number, most significant byte first. */
  integer(value: number, bytes: number): void {
    for (let power = 256 ** (bytes - 1); power >= 1; power /= 256) this.byte(Math.floor(value / power) & 0xff)
  }

  /** Appends bytes, which must not change afterwards. */
  append(bytes: Uint8Array): void {
    const { length } = bytes
    this.#size += length
    if (length > MAX_COPIED) {
      this.#seal()
      this.#parts.push(bytes)
      return
    }
    if (this.#used + length > PIECE) this.#seal()
    if (length > MAX_LOOP) this.#scratch.set(bytes, this.#used)
    else for (let at = 0; at < length; at++) this.#scratch[this.#used + at] = bytes[at] ?? 0
    this.#used += length
  }

  /** Makes room for bytes that are appended without a new part, so that `cut` can remove them. False if they are too many. */
  reserve(length: number): boolean {
    if (length > MAX_COPIED) return false
    if (this.#used + length > PIECE) this.#seal()
    return true
  }

  /**
   * Appends a payload that is still in JSON, after `reserve` for the length of its JSON. Returns false, with nothing appended, if
   * the JSON is not valid, does not have its `size`, or has a line end although it must be one line.
   */
  text({ bytes, from, to, size }: JsonText, isOneLine: boolean): boolean {
    const end = writeString(bytes, from, to, this.#scratch, this.#used, isOneLine)
    if (end - this.#used !== size) return false
    this.#used = end
    this.#size += size
    return true
  }

  /** Removes the bytes after the first `size`. They must have been appended since `reserve`. */
  cut(size: number): void {
    this.#used -= this.#size - size
    this.#size = size
  }

  /** Returns what was appended, in parts, and starts over. */
  take(): readonly Uint8Array[] {
    this.#seal()
    const parts = this.#parts
    this.#parts = []
    this.#size = 0
    return parts
  }

  #seal(): void {
    if (this.#used === 0) return
    this.#parts.push(this.#memory.copy(this.#scratch.subarray(0, this.#used)))
    this.#used = 0
  }
}
