/** Short texts that many events share (SSE event names, status codes), stored once and referred to by index. */

const MAX_NAMES = 4096
const MAX_NAME_LENGTH = 200
/** The index of names that are too long, or that came when the table was full. */
const OVERFLOW = 1

export class EventNames {
  #list: string[] = ['', '…']
  /** The last name looked up, which is likely to be looked up next. */
  #latest = ''
  #latestIndex = 0
  #indexes = new Map<string, number>([['', 0]])

  /** All event names by index; index 0 is the empty name. */
  get list(): readonly string[] {
    return this.#list
  }

  /**
   * The index of an event name. The table is bounded, so a server that keeps inventing names cannot make it grow
   * without limit.
   */
  intern(eventName: string): number {
    if (eventName === this.#latest) return this.#latestIndex
    const known = this.#indexes.get(eventName)
    if (known !== undefined) {
      this.#latest = eventName
      this.#latestIndex = known
      return known
    }
    if (this.#list.length >= MAX_NAMES || eventName.length > MAX_NAME_LENGTH) return OVERFLOW
    const index = this.#list.length
    this.#list.push(eventName)
    this.#indexes.set(eventName, index)
    return index
  }

  /** Adds the next name of a saved list; the first two are already there. */
  restore(eventName: string, index: number): void {
    if (index !== this.#list.length) return
    this.#list.push(eventName)
    this.#indexes.set(eventName, index)
  }

  /** Whether the index stands for a single name. */
  isExact(index: number): boolean {
    return index !== OVERFLOW
  }
}
