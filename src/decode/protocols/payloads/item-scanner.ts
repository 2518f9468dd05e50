/** Finds where an item of a binary format ends, in bytes that arrive in any pieces. No byte is read twice. */

/** Bytes that may be incomplete. */
export interface Bytes {
  readonly length: number
  at(index: number): number | undefined
}

/** Items that are nested deeper are refused: what decodes and prints them is recursive. */
const MAX_DEPTH = 400
const MAX_SIZE = 64 * 1024 * 1024

/** The beginning of an item, up to the items that it contains. */
export interface ItemHeader {
  /** Bytes before the first item within. If there are no items within, all bytes of the item. */
  readonly size: number
  /** Number of items within; `Infinity` if a break ends them. */
  readonly children?: number
  /** It ends the items of the innermost container. */
  readonly isBreak?: boolean
}

/** Reads the header at an index. Undefined if it is incomplete. */
export type ReadHeader = (bytes: Bytes, at: number) => ItemHeader | undefined

export class ItemScanner {
  readonly #readHeader: ReadHeader
  /** Items that are still to come in each open container, from the outside in. */
  #open: number[] = []
  #at = 0

  constructor(readHeader: ReadHeader) {
    this.#readHeader = readHeader
  }

  copy(): ItemScanner {
    const copy = new ItemScanner(this.#readHeader)
    copy.#open = [...this.#open]
    copy.#at = this.#at
    return copy
  }

  /** The length of the item at the head of `bytes`; undefined if it is incomplete. */
  next(bytes: Bytes): number | undefined {
    for (;;) {
      const header = this.#readHeader(bytes, this.#at)
      if (header === undefined) return undefined
      const { size, children = 0, isBreak = false } = header
      if (this.#at + size > MAX_SIZE) throw new Error('The bytes have a value that is too large.')
      if (this.#at + size > bytes.length) return undefined
      this.#at += size
      if (isBreak && this.#open.pop() !== Number.POSITIVE_INFINITY)
        throw new Error('The bytes have an end of a list that did not begin.')
      if (children > 0) {
        if (this.#open.push(children) > MAX_DEPTH)
          throw new Error(`The value is nested more than ${MAX_DEPTH} levels deep.`)
      } else if (this.#complete()) return this.#finish()
    }
  }

  /** Notes that an item is complete, and with it the containers that it ends. Returns whether the outermost one is. */
  #complete(): boolean {
    for (;;) {
      const left = this.#open.pop()
      if (left === undefined) return true
      if (left > 1) {
        this.#open.push(left - 1)
        return false
      }
    }
  }

  #finish(): number {
    const length = this.#at
    this.#at = 0
    return length
  }
}

/** A big-endian unsigned integer; undefined if it is incomplete. */
export function uintAt(bytes: Bytes, at: number, size: number): number | undefined {
  if (at + size > bytes.length) return undefined
  let value = 0
  for (let index = 0; index < size; index++) value = value * 256 + (bytes.at(at + index) ?? 0)
  return value
}
