/** Finds out whether a member occurs twice in an object, for objects in each other. */

/** Objects with more members are sorted to find out. */
const FEW = 16

export class MemberNames {
  /** Numbers of the names of the objects that are being read, innermost last. */
  #names = new Int32Array(256)
  #count = 0

  get count(): number {
    return this.#count
  }

  clear(): void {
    this.#count = 0
  }

  push(name: number): void {
    if (this.#count === this.#names.length) {
      const grown = new Int32Array(this.#names.length * 2)
      grown.set(this.#names)
      this.#names = grown
    }
    this.#names[this.#count++] = name
  }

  /** Forgets the names from a position on. */
  dropFrom(from: number): void {
    this.#count = from
  }

  /** Whether two of the names from a position on have the same number. */
  areRepeated(from: number): boolean {
    const names = this.#names
    const to = this.#count
    if (to - from > FEW) {
      const sorted = names.slice(from, to).sort()
      return sorted.some((name, at) => at > 0 && name === sorted[at - 1])
    }
    for (let one = from + 1; one < to; one++)
      for (let other = from; other < one; other++) if (names[one] === names[other]) return true
    return false
  }
}
