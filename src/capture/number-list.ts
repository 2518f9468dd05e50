/** A growing list of event numbers, four bytes each. */
export class NumberList {
  #values = new Uint32Array(1024)
  #length = 0

  get length(): number {
    return this.#length
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = new Uint32Array(this.#values.length * 2)
      grown.set(this.#values)
      this.#values = grown
    }
    this.#values[this.#length++] = value
  }

  /** A copy of the values [from, to). */
  slice(from: number, to = this.#length): Uint32Array<ArrayBuffer> {
    return this.#values.slice(from, Math.min(to, this.#length))
  }
}
