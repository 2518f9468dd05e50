/** What the widths of the columns depend on. */

export interface ListFacts {
  /** Number of the last event. */
  readonly events: number
  readonly connections: number
  /** Characters of the longest name of a connection, within bounds. */
  readonly connectionCharacters: number
  readonly timeCharacters: number
  /** Characters of the longest type that was shown, within bounds. */
  readonly typeCharacters: number
  /** Whether an event that was shown has answered another, or should have been answered. */
  readonly hasLatency: boolean
  /** Pixels of a character. */
  readonly character: number
}

/** `reconnect` */
const LEAST_TYPE = 9
const MOST_TYPE = 40
/** Share of the list that a type may take, but at least as many characters. */
const TYPE_SHARE = 0.3
const SHORT_TYPE = 22
const LEAST_CONNECTION = 10
const MOST_CONNECTION = 20

/** Remembers the longest types and names that were shown. It only grows, so that columns do not move while one scrolls. */
export class ListMeasure {
  #type = LEAST_TYPE
  #hasLatency = false

  /** Takes note of a row that is shown. */
  see(type: string, hasLatency: boolean): void {
    if (type.length > this.#type) this.#type = Math.min(MOST_TYPE, type.length)
    if (hasLatency) this.#hasLatency = true
  }

  /** The session was cleared. */
  reset(): void {
    this.#type = LEAST_TYPE
    this.#hasLatency = false
  }

  facts(now: {
    readonly events: number
    readonly names: ReadonlyMap<number, string>
    readonly timeCharacters: number
    readonly character: number
    /** Pixels of all columns. */
    readonly room: number
  }): ListFacts {
    const { names, room, ...others } = now
    const mostType = Math.max(SHORT_TYPE, Math.floor((TYPE_SHARE * room) / now.character))
    let longest = LEAST_CONNECTION
    for (const name of names.values()) longest = Math.max(longest, name.length)
    return {
      ...others,
      connections: names.size,
      connectionCharacters: Math.min(MOST_CONNECTION, longest),
      typeCharacters: Math.min(this.#type, mostType),
      hasLatency: this.#hasLatency,
    }
  }
}
