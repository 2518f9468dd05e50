/** A typed array that grows as values are added; a number takes at most eight bytes. */
type Numbers = Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>

/** Small enough to be allocated on the heap of V8, because many arrays stay short. */
const FIRST_CAPACITY = 8

class Growing<T extends Numbers> {
  readonly #make: (length: number) => T
  #values: T
  #length = 0

  constructor(make: (length: number) => T) {
    this.#make = make
    this.#values = make(0)
  }

  get length(): number {
    return this.#length
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = this.#make(Math.max(this.#length * 2, FIRST_CAPACITY))
      grown.set(this.#values)
      this.#values = grown
    }
    this.#values[this.#length++] = value
  }

  /** A view of the values so far, valid until the next `push`. */
  view(): T {
    return this.#values.subarray(0, this.#length) as T
  }
}

export const growingFloats = () => new Growing((length) => new Float64Array(length))
export const growingInts = () => new Growing((length) => new Uint32Array(length))
