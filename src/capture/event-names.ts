/** Short texts that many events share (SSE event names, status codes), kept once and named by number. */

const MAX_NAMES = 4096
const MAX_NAME_LENGTH = 200
/** Stands for every event name that came after the table was full, or was too long for it. */
const OVERFLOW = 1

export class EventNames {
  #list: string[] = ['', '…']
  /** The one asked for last is the likeliest to be asked for next. */
  #latest = ''
  #latestIndex = 0
  #indexes = new Map<string, number>([['', 0]])

  /** All event names in the order of their numbers; 0 is the empty one. */
  get list(): readonly string[] {
    return this.#list
  }

  /** The number of an event name. A server that invents ever new names cannot make the table grow without bound. */
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

  /** Adds the next event name of a list that was written down: the first two are there already. */
  restore(eventName: string, index: number): void {
    if (index !== this.#list.length) return
    this.#list.push(eventName)
    this.#indexes.set(eventName, index)
  }

  /** Whether this number gives back the very event name it was made from. */
  isExact(index: number): boolean {
    return index !== OVERFLOW
  }
}
