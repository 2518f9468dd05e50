/** Which recording the next client of a path gets. */
import type { RecordedStream, Take } from './recorded.ts'

export interface Part {
  readonly recorded: RecordedStream
  readonly take: Take
  /** Whether no attempt follows. */
  readonly isLast: boolean
}

/** Attempts that clients are expected to make; beyond that the oldest are forgotten. */
const MAX_AWAITED = 1000

/**
 * Clients have no names, so an attempt is taken for the next one of the client that was interrupted first, as
 * long as one is awaited. Otherwise it is a new client, and gets the next recorded connection of its path.
 */
export class Lineage {
  readonly #connections: readonly RecordedStream[]
  readonly #awaited: { readonly recorded: RecordedStream; readonly number: number }[] = []
  #clients = 0

  constructor(connections: readonly RecordedStream[]) {
    this.#connections = connections
  }

  /** The part for a client that asks now: the attempt awaited longest, or the first of a connection. */
  next(): Part {
    const awaited = this.takeAwaited()
    if (awaited !== undefined) return awaited
    const recorded = this.#connections[this.#clients % this.#connections.length]
    if (recorded === undefined) throw new RangeError('A path has at least one connection.')
    this.#clients++
    return partOf(recorded, 0)
  }

  /** The attempt awaited longest of those that `fits`; it is no longer awaited then. */
  takeAwaited(fits: (take: Take) => boolean = () => true): Part | undefined {
    const at = this.#awaited.findIndex(({ recorded, number }) => {
      const take = recorded.takes[number]
      return take !== undefined && fits(take)
    })
    const [awaited] = at < 0 ? [] : this.#awaited.splice(at, 1)
    return awaited && partOf(awaited.recorded, awaited.number)
  }

  /** A part that `fits`, of any connection. */
  find(fits: (take: Take) => boolean): Part | undefined {
    for (const recorded of this.#connections) {
      const number = recorded.takes.findIndex(fits)
      if (number >= 0) return partOf(recorded, number)
    }
    return undefined
  }

  /** A part was played to its recorded end: its client may come again. */
  ended({ recorded, take, isLast }: Part): void {
    if (isLast) return
    this.#awaited.push({ recorded, number: recorded.takes.indexOf(take) + 1 })
    if (this.#awaited.length > MAX_AWAITED) this.#awaited.shift()
  }
}

/** An attempt of a connection, by its number there. */
export function partOf(recorded: RecordedStream, number: number): Part {
  const take = recorded.takes[number]
  if (take === undefined) throw new RangeError(`Connection ${recorded.id} has no attempt ${number}.`)
  return { recorded, take, isLast: number === recorded.takes.length - 1 }
}

/** The lineage of each route, by its connections. */
export class Lineages {
  readonly #lineages = new WeakMap<readonly RecordedStream[], Lineage>()

  of(connections: readonly RecordedStream[]): Lineage {
    const lineage = this.#lineages.get(connections) ?? new Lineage(connections)
    this.#lineages.set(connections, lineage)
    return lineage
  }
}
