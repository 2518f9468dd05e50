/** Which entries of a HAR become which connections of the session. */
import { TRANSPORTS, type TransportName } from '../../../shared/transports.ts'
import { type EntryLists, type HarIndex, type IndexedList, ownTransport } from './har-index.ts'
import type { ListName } from './read-entry-fields.ts'
import { ENTRY_FIELDS } from './written-har.ts'

export const MAX_CONNECTIONS = 0xffff

/** An entry that is part of the session. */
export interface PlannedEntry {
  /** Its number in the index. */
  readonly entry: number
  readonly connection: number
  readonly transport: TransportName
  /** Whether this program wrote it, with all of its events. */
  readonly isOwn: boolean
  /** Whether it starts its connection. */
  readonly isFirst: boolean
  /** Its lists that are read, in this order. */
  readonly lists: readonly IndexedList[]
}

export class EntryPlan {
  /** Numbers of skipped requests: for page resources, and above the limit of connections. */
  leftOut = 0
  beyond = 0
  readonly #index: HarIndex
  /** Entries in the order of their start. */
  readonly #order: Uint32Array
  /** For each entry its connection, or 0. */
  readonly #connections: Uint16Array
  readonly #isFirst: Uint8Array
  readonly #isOwn: boolean

  constructor(index: HarIndex) {
    const { starts } = index.entries
    this.#index = index
    this.#isOwn = index.ownStart !== undefined
    this.#order = Uint32Array.from(starts.keys()).sort((a, b) => (starts[a] ?? 0) - (starts[b] ?? 0) || a - b)
    this.#connections = new Uint16Array(starts.length)
    this.#isFirst = new Uint8Array(starts.length)
    this.#number()
  }

  /** Gives each entry its connection. */
  #number(): void {
    const { transports, polls, own } = this.#index.entries
    const connections = new Map<number, number>()
    let latest = 0
    for (const entry of this.#order) {
      const transport = TRANSPORTS[transports[entry] ?? -1]
      const ownConnection = this.#isOwn ? (own[entry] ?? 0) : 0
      if (ownConnection > 0) {
        this.#connections[entry] = ownConnection
        latest = Math.max(latest, ownConnection)
        continue
      }
      if (transport === undefined) {
        this.leftOut++
        continue
      }
      const poll = polls[entry] ?? 0
      const known = transport === 'poll' ? connections.get(poll) : undefined
      if (known === undefined && latest >= MAX_CONNECTIONS) {
        this.beyond++
        continue
      }
      const connection = known ?? ++latest
      if (transport === 'poll') connections.set(poll, connection)
      this.#connections[entry] = connection
      this.#isFirst[entry] = known === undefined ? 1 : 0
    }
  }

  /** Whether no entry has events. */
  get isEmpty(): boolean {
    return !this.#connections.some((connection) => connection > 0)
  }

  /** Yields the entries of the session in the order of their start. */
  *entries(): Generator<PlannedEntry> {
    for (const entry of this.#order) if ((this.#connections[entry] ?? 0) > 0) yield this.planned(entry)
  }

  planned(entry: number): PlannedEntry {
    const { transports, own, lists } = this.#index.entries
    const found = lists.get(entry) ?? {}
    const isOwn = this.#isOwn && (own[entry] ?? 0) > 0
    const transport = isOwn ? ownTransport(found) : (TRANSPORTS[transports[entry] ?? -1] ?? 'poll')
    return {
      ...{ entry, isOwn, transport },
      connection: this.#connections[entry] ?? 0,
      isFirst: this.#isFirst[entry] === 1,
      lists: listsOf(found, transport, isOwn),
    }
  }
}

function listsOf(lists: EntryLists, transport: TransportName, isOwn: boolean): IndexedList[] {
  const name: ListName | undefined = ENTRY_FIELDS[transport].list
  const messages = name === undefined ? undefined : lists[name]
  const found = isOwn ? [lists.events, messages] : [messages]
  return found.filter((list) => list !== undefined)
}
