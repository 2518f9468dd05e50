import { ByteBuffer } from './byte-buffer.ts'

const EMPTY = new Uint8Array(0)

/**
 * The bytes of a stream that a parser has not consumed yet, as one contiguous view. If nothing is left of earlier
 * chunks, a chunk is read in place; only what is left of it is copied.
 */
export class Window {
  readonly #carry = new ByteBuffer()
  #inCarry = false
  /** The bytes [head, view.length) are not consumed yet. */
  view: Uint8Array = EMPTY
  head = 0
  /** Where the latest chunk begins in `view`. */
  fresh = 0
  /** Position of `view[0]` in the stream. */
  base = 0

  /** How many bytes are not consumed yet. */
  get length(): number {
    return this.view.length - this.head
  }

  /** Position in the stream of the first byte that is not consumed yet. */
  get position(): number {
    return this.base + this.head
  }

  add(chunk: Uint8Array): void {
    this.fresh = this.#carry.length
    this.#inCarry = this.fresh > 0
    if (this.#inCarry) {
      this.#carry.append(chunk)
      this.view = this.#carry.view()
    } else {
      this.view = chunk
    }
  }

  /** Call it after each chunk: copies what is not consumed, and drops the reference to the chunk. */
  keep(): void {
    if (this.#inCarry) this.#carry.drop(this.head)
    else this.#carry.append(this.view.subarray(this.head))
    this.base += this.head
    this.head = 0
    this.view = this.#carry.view()
  }
}
