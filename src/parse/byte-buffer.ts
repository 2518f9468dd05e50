/** A buffer larger than this many bytes is released when it is empty. */
const KEPT_CAPACITY = 1 << 20

const EMPTY = new Uint8Array(0)

/** A growing buffer of bytes, at amortized constant cost per byte. */
export class ByteBuffer {
  #bytes = EMPTY
  #length = 0

  get length(): number {
    return this.#length
  }

  /** The content as a view, which is valid until the next change. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  appendByte(byte: number): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = byte
  }

  /** Removes the first `count` bytes. */
  drop(count: number): void {
    this.#bytes.copyWithin(0, count, this.#length)
    this.#length -= count
    this.#release()
  }

  clear(): void {
    this.#length = 0
    this.#release()
  }

  #reserve(more: number): void {
    const needed = this.#length + more
    if (needed <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2, 256))
    grown.set(this.view())
    this.#bytes = grown
  }

  #release(): void {
    if (this.#length === 0 && this.#bytes.length > KEPT_CAPACITY) this.#bytes = EMPTY
  }
}
