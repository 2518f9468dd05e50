/** A typed array that grows as values are added: eight bytes a number or fewer, however many there are. */
type Numbers = Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>

/** Small enough for the engine to keep the first numbers on its heap: there may be many that stay short. */
const FIRST_CAPACITY = 8

export class Growing<T extends Numbers> {
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

  /** The values so far; a view that is good until the next `push`. */
  view(): T {
    return this.#values.subarray(0, this.#length) as T
  }
}

export const growingFloats = () => new Growing((length) => new Float64Array(length))
export const growingInts = () => new Growing((length) => new Uint32Array(length))
export const growingBytes = () => new Growing((length) => new Uint8Array(length))
