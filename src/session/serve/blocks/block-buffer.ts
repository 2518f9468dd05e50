/** Collects the bytes of a block. */

/** Bytes copied at once. Longer ones become a part of their own, without a copy. */
const MAX_COPIED = 16 * 1024
const SCRATCH = 64 * 1024
/** Up to this many bytes, a loop is faster than a call of the engine. */
const MAX_LOOP = 48

export class BlockBuffer {
  readonly #scratch = Buffer.allocUnsafeSlow(SCRATCH)
  #used = 0
  #parts: Uint8Array[] = []
  #size = 0

  /** Bytes appended since the last `take`. */
  get size(): number {
    return this.#size
  }

  byte(value: number): void {
    if (this.#used === SCRATCH) this.#seal()
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
    if (this.#used + length > SCRATCH) this.#seal()
    if (length > MAX_LOOP) this.#scratch.set(bytes, this.#used)
    else for (let at = 0; at < length; at++) this.#scratch[this.#used + at] = bytes[at] ?? 0
    this.#used += length
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
    this.#parts.push(Buffer.from(this.#scratch.subarray(0, this.#used)))
    this.#used = 0
  }
}
