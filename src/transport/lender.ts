/** Lends what a connection needs only while it reads, so that an idle connection owns none of it. */

/** Unused items to keep: more than one is lent only if something reads while another one is reading. */
const MAX_KEPT = 4

export class Lender<T> {
  readonly #make: () => T
  readonly #kept: T[] = []

  constructor(make: () => T) {
    this.#make = make
  }

  /** An item with any content. It may be kept instead of being given back. */
  lend(): T {
    return this.#kept.pop() ?? this.#make()
  }

  giveBack(item: T): void {
    if (this.#kept.length < MAX_KEPT) this.#kept.push(item)
  }
}
