/** Pairs of numbers in bounded memory: every one at first, then every second, every fourth, and so on. */

const MAX_PAIRS = 16_384

export class PairSample {
  /** The first number of each pair, then the second. */
  #values: number[] = []
  #every = 1
  /** All pairs so far. */
  count = 0

  add(one: number, other: number): void {
    if (this.count++ % this.#every !== 0) return
    this.#values.push(one, other)
    if (this.#values.length < 2 * MAX_PAIRS) return
    this.#every *= 2
    this.#values = this.#values.filter((_, at) => at % 4 < 2)
  }

  copy(): PairSample {
    const copy = new PairSample()
    copy.#values = [...this.#values]
    copy.#every = this.#every
    copy.count = this.count
    return copy
  }

  /** How many pairs are kept. */
  get kept(): number {
    return this.#values.length / 2
  }

  /** The numbers of the kept pair at a position from 0 on. */
  first(at: number): number {
    return this.#values[2 * at] ?? 0
  }

  second(at: number): number {
    return this.#values[2 * at + 1] ?? 0
  }

  *pairs(): Generator<readonly [one: number, other: number]> {
    for (let at = 0; at < this.kept; at++) yield [this.first(at), this.second(at)]
  }
}
