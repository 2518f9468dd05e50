/** Short texts that many events share (SSE event names, status codes), kept once and named by number. */

const MAX_LABELS = 4096
const MAX_LABEL_LENGTH = 200
/** Stands for every label that came after the table was full, or was too long for it. */
const OVERFLOW = 1

export class Labels {
  #list: string[] = ['', '…']
  /** The one asked for last is the likeliest to be asked for next. */
  #latest = ''
  #latestIndex = 0
  #indexes = new Map<string, number>([['', 0]])

  /** All labels in the order of their numbers; 0 is the empty one. */
  get list(): readonly string[] {
    return this.#list
  }

  /** The number of a label. A server that invents ever new names cannot make the table grow without bound. */
  intern(label: string): number {
    if (label === this.#latest) return this.#latestIndex
    const known = this.#indexes.get(label)
    if (known !== undefined) {
      this.#latest = label
      this.#latestIndex = known
      return known
    }
    if (this.#list.length >= MAX_LABELS || label.length > MAX_LABEL_LENGTH) return OVERFLOW
    const index = this.#list.length
    this.#list.push(label)
    this.#indexes.set(label, index)
    return index
  }

  /** Adds the next label of a list that was written down: the first two are there already. */
  restore(label: string, index: number): void {
    if (index !== this.#list.length) return
    this.#list.push(label)
    this.#indexes.set(label, index)
  }

  /** Whether this number gives back the very label it was made from. */
  isExact(index: number): boolean {
    return index !== OVERFLOW
  }
}
