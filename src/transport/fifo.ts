/** The array is compacted once this many items have been taken, at least. */
const COMPACT_AT = 1024

/** A queue whose `shift` takes constant time, unlike that of a long array. */
export class Fifo<T> {
  #items: T[] = []
  #head = 0

  get length(): number {
    return this.#items.length - this.#head
  }

  push(item: T): void {
    this.#items.push(item)
  }

  peek(): T | undefined {
    return this.#items[this.#head]
  }

  shift(): T | undefined {
    const item = this.#items[this.#head]
    if (item === undefined) return undefined
    this.#head++
    if (this.#head === this.#items.length) this.#reset([])
    else if (this.#head >= COMPACT_AT && this.#head * 2 >= this.#items.length)
      this.#reset(this.#items.slice(this.#head))
    return item
  }

  /** Takes all items. */
  drain(): T[] {
    const items = this.#items.slice(this.#head)
    this.#reset([])
    return items
  }

  #reset(items: T[]): void {
    this.#items = items
    this.#head = 0
  }
}
