/** A list of ascending event numbers, four bytes each. It grows at the end and is dropped from the start. */
import { lowerBound } from './numbers.ts'

const PAGE_BITS = 14
const PAGE_SIZE = 1 << PAGE_BITS
const PAGE_MASK = PAGE_SIZE - 1

export class NumberList {
  #pages: Uint32Array[] = []
  /** Number of the page at #pages[0]. */
  #origin = 0
  #first = 0
  #length = 0

  /** Position of the first value that is kept. */
  get first(): number {
    return this.#first
  }

  /** Number of values ever pushed, which is the position after the last. */
  get length(): number {
    return this.#length
  }

  push(value: number): void {
    const slot = (this.#length >>> PAGE_BITS) - this.#origin
    let page = this.#pages[slot]
    if (page === undefined) {
      page = new Uint32Array(PAGE_SIZE)
      this.#pages[slot] = page
    }
    page[this.#length & PAGE_MASK] = value
    this.#length++
  }

  /** The value at a position; -1 if it is not kept. */
  at(position: number): number {
    if (position < this.#first || position >= this.#length) return -1
    return this.#pages[(position >>> PAGE_BITS) - this.#origin]?.[position & PAGE_MASK] ?? -1
  }

  /** Position of the first kept value that is not below `value`. */
  positionOf(value: number): number {
    return lowerBound(this.#first, this.#length, (position) => this.at(position) >= value)
  }

  /** Drops the values below `value`. Positions do not change. */
  dropBefore(value: number): void {
    if (this.#first === this.#length || this.at(this.#first) >= value) return
    this.#first = this.positionOf(value)
    const origin = this.#first >>> PAGE_BITS
    if (origin === this.#origin) return
    this.#pages.splice(0, origin - this.#origin)
    this.#origin = origin
  }

  /** Copies the kept values at positions [from, to). */
  slice(from: number, to = this.#length): Uint32Array<ArrayBuffer> {
    const start = Math.max(from, this.#first)
    const end = Math.max(start, Math.min(to, this.#length))
    const values = new Uint32Array(end - start)
    for (let position = start; position < end; ) {
      const offset = position & PAGE_MASK
      const count = Math.min(end - position, PAGE_SIZE - offset)
      const page = this.#pages[(position >>> PAGE_BITS) - this.#origin]
      if (page !== undefined) values.set(page.subarray(offset, offset + count), position - start)
      position += count
    }
    return values
  }
}
