/** Halves of hashes of 64 bits, by their numbers. */
export interface Hashes {
  readonly low: Int32Array<ArrayBuffer>
  readonly high: Int32Array<ArrayBuffer>
}

const FIRST_CAPACITY = 1024
/** The table is at most half full. */
const LOAD = 2

/** Gives equal hashes of 64 bits the same number, from 0: an open-addressing table of 16 bytes for each hash or more. */
export class HashInterner {
  /** The halves of the hash of each number. */
  #low = new Int32Array(FIRST_CAPACITY / LOAD)
  #high = new Int32Array(FIRST_CAPACITY / LOAD)
  /** Numbers + 1, or 0. The hashes are keyed, so nobody can make them meet in one place. */
  #table = new Int32Array(FIRST_CAPACITY)
  #size = 0

  get size(): number {
    return this.#size
  }

  /** All hashes, valid until the next one is added. */
  hashes(): Hashes {
    return { low: this.#low.subarray(0, this.#size), high: this.#high.subarray(0, this.#size) }
  }

  /** Adds the hashes of another interner. Returns their numbers here, by their numbers there. */
  internAll({ low, high }: Hashes): Uint32Array<ArrayBuffer> {
    const numbers = new Uint32Array(low.length)
    for (let at = 0; at < numbers.length; at++) numbers[at] = this.intern(low[at] ?? 0, high[at] ?? 0)
    return numbers
  }

  intern(low: number, high: number): number {
    const table = this.#table
    const mask = table.length - 1
    let place = low & mask
    for (;;) {
      const known = table[place] ?? 0
      if (known === 0) return this.#add(low, high, place)
      if (this.#low[known - 1] === low && this.#high[known - 1] === high) return known - 1
      place = (place + 1) & mask
    }
  }

  #add(low: number, high: number, place: number): number {
    const number = this.#size++
    this.#low[number] = low
    this.#high[number] = high
    this.#table[place] = number + 1
    if (this.#size === this.#low.length) this.#grow()
    return number
  }

  #grow(): void {
    const capacity = this.#table.length * 2
    this.#low = grown(this.#low)
    this.#high = grown(this.#high)
    const table = new Int32Array(capacity)
    for (let number = 0; number < this.#size; number++) {
      let place = (this.#low[number] ?? 0) & (capacity - 1)
      while (table[place] !== 0) place = (place + 1) & (capacity - 1)
      table[place] = number + 1
    }
    this.#table = table
  }
}

function grown(values: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const twice = new Int32Array(values.length * 2)
  twice.set(values)
  return twice
}
