/** The latest values of a run, for charts and event numbers: a bounded list. */

/** Event numbers in a finding at most. */
export const MAX_EVENTS = 100

/** Keeps the latest `most` values. */
export class Latest<T> {
  readonly #most: number
  readonly #values: T[] = []

  constructor(most: number) {
    this.#most = most
  }

  add(value: T): void {
    // Removes in groups, so that a value costs the same whether the list is full or not.
    if (this.#values.length >= 2 * this.#most) this.#values.splice(0, this.#most)
    this.#values.push(value)
  }

  get values(): readonly T[] {
    return this.#values.slice(-this.#most)
  }
}

/** Keeps the latest `most` numbers with a value each. In an array of numbers only, each takes 8 bytes. */
export class LatestPairs<T> {
  readonly #numbers: Latest<number>
  readonly #values: Latest<T>

  constructor(most: number) {
    this.#numbers = new Latest(most)
    this.#values = new Latest(most)
  }

  add(number: number, value: T): void {
    this.#numbers.add(number)
    this.#values.add(value)
  }

  /** Makes something of each pair, the oldest first. */
  map<R>(make: (number: number, value: T) => R): R[] {
    const values = this.#values.values
    return this.#numbers.values.map((number, index) => make(number, values[index] as T))
  }
}
