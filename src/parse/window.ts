import { ByteBuffer } from './byte-buffer.ts'

const EMPTY = new Uint8Array(0)

/**
 * The bytes of a stream that a parser has not consumed yet, as one contiguous view. A chunk that
 * begins where nothing is left over is looked at in place; only a remainder is copied.
 */
export class Window {
  readonly #carry = new ByteBuffer()
  #inCarry = false
  /** Bytes not consumed yet are [head, view.length) of this. */
  view: Uint8Array = EMPTY
  head = 0
  /** Where in `view` the latest chunk begins. */
  fresh = 0
  /** Position of `view[0]` in the stream. */
  base = 0

  /** Bytes not consumed yet. */
  get length(): number {
    return this.view.length - this.head
  }

  /** Position in the stream of the first byte not consumed. */
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

  /** Ends work on the latest chunk: what is not consumed is copied, the chunk is let go. */
  keep(): void {
    if (this.#inCarry) this.#carry.drop(this.head)
    else this.#carry.append(this.view.subarray(this.head))
    this.base += this.head
    this.head = 0
    this.view = this.#carry.view()
  }
}
