/** Which events came on which connections, and when. Remembers the latest events, and of older ones only counts. */
import { createHash } from 'node:crypto'
import { addTo, getOrMake } from '../../shared/maps.ts'
import { PairSample } from '../figures/pair-sample.ts'

/** Events that are remembered at most, and connections that are compared. */
const MAX_ENTRIES = 20_000
const MAX_CONNECTIONS = 64
/** Longer keys are replaced by their hash. */
const MAX_KEY = 48
/** Events that two connections share at least if they carry the same feed. */
const MIN_SHARED = 3
/** Events that are forgotten at once. */
const FORGOTTEN = 1024

/** An event of a feed. */
interface Entry {
  /** When it first came on any connection, in ms of session time. */
  first: number
  readonly connections: number[]
  readonly times: number[]
}

/** What a connection got of what others got. */
export interface Matched {
  /** Events that at least one other connection got, too, and events that only others got. */
  shared: number
  lost: number
  /** Delay after the first connection that got the event, and session time when that was. */
  readonly delays: PairSample
}

/** Finds connections that carry the same events. */
export class FeedTable {
  /** Whether an event belongs to the feed even if only one connection got it, because it has a counter. */
  readonly #isCounted: boolean
  #entries = new Map<string, Entry>()
  readonly #ids = new Set<number>()
  /** Events that two connections both got. */
  readonly #pairs = new Map<number, Map<number, number>>()
  readonly #events = new Map<number, number>()
  /** Entries that no longer fit. */
  readonly #older: EntryFigures

  constructor(isCounted: boolean) {
    this.#isCounted = isCounted
    this.#older = new EntryFigures(isCounted)
  }

  /** An event came on a connection. Returns false if the same one has come on it before, as far as remembered. */
  add(key: string, connection: number, time: number): boolean {
    if (!this.#ids.has(connection)) {
      if (this.#ids.size >= MAX_CONNECTIONS) return true
      this.#ids.add(connection)
    }
    const short = key.length <= MAX_KEY ? key : createHash('sha1').update(key).digest('base64')
    const entry = this.#entries.get(short)
    if (entry === undefined) {
      this.#entries.set(short, { first: time, connections: [connection], times: [time] })
      this.#count(connection)
      if (this.#entries.size > MAX_ENTRIES) this.#forget()
      return true
    }
    if (entry.connections.includes(connection)) return false
    for (const other of entry.connections) this.#pair(other, connection)
    entry.connections.push(connection)
    entry.times.push(time)
    entry.first = Math.min(entry.first, time)
    this.#count(connection)
    return true
  }

  /** The groups of connections that share at least half of the events of the one that has fewer, the largest first. */
  groups(): number[][] {
    const groupOf = new Map<number, number>([...this.#ids].map((id) => [id, id]))
    const rootOf = (id: number): number => {
      const parent = groupOf.get(id) ?? id
      return parent === id ? id : rootOf(parent)
    }
    for (const [one, others] of this.#pairs)
      for (const [other, shared] of others)
        if (shared >= MIN_SHARED && shared * 2 >= this.#fewer(one, other))
          groupOf.set(rootOf(one), rootOf(other))
    const groups = new Map<number, number[]>()
    for (const id of this.#ids) addTo(groups, rootOf(id), id)
    const events = (group: readonly number[]) =>
      group.reduce((sum, id) => sum + (this.#events.get(id) ?? 0), 0)
    return [...groups.values()]
      .filter(({ length }) => length > 1)
      .sort((one, other) => other.length - one.length || events(other) - events(one))
  }

  /** What the connections of a group got of each other's events. */
  matched(group: readonly number[]): ReadonlyMap<number, Matched> {
    const figures = this.#older.copy()
    for (const entry of [...this.#entries.values()].sort((one, other) => one.first - other.first))
      figures.add(entry, [group])
    return figures.of(group)
  }

  /** When events of a group first came from session time `from` on, in order. */
  firstTimes(group: readonly number[], from: number): number[] {
    const members = new Set(group)
    const times: number[] = []
    for (const { first, connections } of this.#entries.values())
      if (
        first >= from &&
        (this.#isCounted || connections.length > 1) &&
        connections.some((id) => members.has(id))
      )
        times.push(first)
    return times.sort((one, other) => one - other)
  }

  #count(connection: number): void {
    this.#events.set(connection, (this.#events.get(connection) ?? 0) + 1)
  }

  #pair(one: number, other: number): void {
    const shared = getOrMake(this.#pairs, Math.min(one, other), () => new Map<number, number>())
    const id = Math.max(one, other)
    shared.set(id, (shared.get(id) ?? 0) + 1)
  }

  #fewer(one: number, other: number): number {
    return Math.min(this.#events.get(one) ?? 0, this.#events.get(other) ?? 0)
  }

  /** Forgets many at once, because finding the oldest entry of a map takes longer the more were deleted. */
  #forget(): void {
    const groups = this.groups()
    let left = FORGOTTEN
    for (const [key, entry] of this.#entries) {
      if (left-- === 0) return
      this.#entries.delete(key)
      this.#older.add(entry, groups)
    }
  }
}

/** Adds up what each connection got of the events, which come in order of time. */
class EntryFigures {
  readonly #isCounted: boolean
  /** By connection. `missing` are events that came after its last one so far: lost once a later one comes. */
  #connections = new Map<number, { matched: Matched; missing: number; hasBegun: boolean }>()

  constructor(isCounted: boolean) {
    this.#isCounted = isCounted
  }

  add({ first, connections, times }: Entry, groups: readonly (readonly number[])[]): void {
    for (const [at, id] of connections.entries()) {
      const figures = getOrMake(this.#connections, id, newFigures)
      const { matched } = figures
      figures.hasBegun = true
      matched.lost += figures.missing
      figures.missing = 0
      if (connections.length < 2) continue
      matched.shared++
      matched.delays.add((times[at] ?? first) - first, first)
    }
    if (connections.length < 2 && !this.#isCounted) return
    const group = groups.find((members) => connections.some((id) => members.includes(id))) ?? []
    for (const id of group) {
      const figures = this.#connections.get(id)
      if (figures?.hasBegun && !connections.includes(id)) figures.missing++
    }
  }

  of(group: readonly number[]): ReadonlyMap<number, Matched> {
    return new Map(
      group.flatMap((id) => {
        const figures = this.#connections.get(id)
        return figures === undefined ? [] : [[id, figures.matched] as const]
      }),
    )
  }

  copy(): EntryFigures {
    const copy = new EntryFigures(this.#isCounted)
    for (const [id, { matched, missing, hasBegun }] of this.#connections)
      copy.#connections.set(id, {
        matched: { ...matched, delays: matched.delays.copy() },
        missing,
        hasBegun,
      })
    return copy
  }
}

function newFigures() {
  return { matched: { shared: 0, lost: 0, delays: new PairSample() }, missing: 0, hasBegun: false }
}
