/** The requests and answers of each connection, for the timeline. Takes about 40 bytes for each request. */
import {
  type Exchange,
  type ExchangeCounts,
  type LaneFigures,
  MAX_ROWS,
  type RequestFigures,
} from '../shared/exchange.ts'
import { getOrMake } from '../shared/maps.ts'
import { fullNameOf } from '../shared/protocol-words.ts'
import type { PairedRequest } from './client-requests.ts'
import { ExchangeTable } from './exchange-table.ts'
import type { PairedAnswer } from './pairing.ts'
import { figuresOf } from './request-counter.ts'

/** Maximum number of requests and heartbeats in a list. More requests are counted; more heartbeats are left out. */
const MAX_LISTED = 500
const MAX_HEARTBEATS = 1000
/** Buckets of counted requests. */
const BUCKETS = 512
/** The latest heartbeats of a connection that are kept. */
const KEPT_HEARTBEATS = 65_536

export interface ExchangesInSpan {
  readonly exchanges: readonly Exchange[]
  readonly counts: ExchangeCounts | null
  readonly heartbeats: readonly number[]
}

interface Lane {
  readonly table: ExchangeTable
  readonly heartbeats: number[]
  /** Lines that its requests take: 0 before the first request, more than 1 after some have overlapped. */
  rows: number
}

export class Exchanges {
  readonly #lanes = new Map<number, Lane>()
  /** The lane of the last call: calls often come in runs for one connection. */
  #last: { readonly connection: number; readonly lane: Lane } | undefined

  asked(request: PairedRequest): void {
    const { connection, kind, time, isHeartbeat } = request
    if (isHeartbeat) return
    const lane = this.#lane(connection)
    const { table } = lane
    if (!table.add(request, fullNameOf(request))) return
    lane.rows = Math.max(lane.rows, 1)
    if (kind !== 'handshake' && table.isBusy(time)) lane.rows = MAX_ROWS
  }

  answered(request: PairedRequest, by: number, answer: PairedAnswer): void {
    this.#lane(request.connection).table.answer(request.number, by, fullNameOf(request), answer)
  }

  abandoned(request: PairedRequest): void {
    this.#lanes.get(request.connection)?.table.abandon(request.number, fullNameOf(request))
  }

  heartbeat(connection: number, time: number): void {
    const { heartbeats } = this.#lane(connection)
    heartbeats.push(time)
    if (heartbeats.length >= 2 * KEPT_HEARTBEATS) heartbeats.splice(0, KEPT_HEARTBEATS)
  }

  /** The connections with requests, and how many lines those take. */
  rows(): (readonly [connection: number, rows: number])[] {
    const rows: (readonly [number, number])[] = []
    for (const [connection, lane] of this.#lanes) if (lane.rows > 0) rows.push([connection, lane.rows])
    return rows
  }

  /** Of all requests of a connection; undefined if it has none. `now` is the time of the latest event. */
  figures(connection: number, now: number): LaneFigures | undefined {
    const lane = this.#lanes.get(connection)
    return lane === undefined || lane.rows === 0 ? undefined : lane.table.figures(now)
  }

  /**
   * Of the requests with the name and direction of the one in event `number`, on its connection and those that belong to it.
   * Undefined if that one is not known.
   */
  figuresLike(
    { connection, number }: Pick<PairedRequest, 'connection' | 'number'>,
    connections: Iterable<number>,
    now: number,
  ): RequestFigures | undefined {
    const likeness = this.#lanes.get(connection)?.table.likeness(number)
    if (likeness === undefined) return undefined
    const found = Array.from(connections).flatMap((each) => {
      return this.#lanes.get(each)?.table.alike(likeness, now) ?? []
    })
    const waiting = found.reduce((sum, each) => sum + each.waiting, 0)
    return figuresOf(
      found.map(({ counter }) => counter),
      waiting,
    )
  }

  /** The requests of a connection that were open at some time from `from` to `to`. */
  between(connection: number, from: number, to: number): ExchangesInSpan {
    const lane = this.#lanes.get(connection)
    if (lane === undefined) return { exchanges: [], counts: null, heartbeats: [] }
    const { table } = lane
    const found = table.between(from, to)
    const isListed = found.length <= MAX_LISTED
    const listed = isListed ? found : found.filter((at) => table.isStream(at)).slice(-MAX_LISTED)
    const beats = lane.heartbeats.filter((time) => time >= from && time <= to)
    return {
      exchanges: listed.map((at) => table.at(at)),
      counts: isListed ? null : countsOf(table, found, from, Math.min(to, table.end)),
      heartbeats: beats.length > MAX_HEARTBEATS ? [] : beats,
    }
  }

  /** Forgets requests before event `firstKept` that are over. */
  drop(firstKept: number): void {
    for (const { table } of this.#lanes.values()) table.drop(firstKept)
  }

  clear(): void {
    this.#last = undefined
    this.#lanes.clear()
  }

  #lane(connection: number): Lane {
    if (this.#last?.connection === connection) return this.#last.lane
    const lane = getOrMake(this.#lanes, connection, () => ({
      table: new ExchangeTable(),
      heartbeats: [],
      rows: 0,
    }))
    this.#last = { connection, lane }
    return lane
  }
}

function countsOf(table: ExchangeTable, found: readonly number[], from: number, to: number): ExchangeCounts {
  const start = Math.max(from, 0)
  const width = Math.max((to - start) / BUCKETS, Number.MIN_VALUE)
  // Sums of differences: each request costs two additions, however long it takes.
  const counts = new Array<number>(BUCKETS + 1).fill(0)
  const waiting = new Array<number>(BUCKETS + 1).fill(0)
  const bucketOf = (time: number) => Math.max(0, Math.min(BUCKETS - 1, Math.floor((time - start) / width)))
  for (const at of found) {
    if (table.isStream(at)) continue
    const [first, last] = table.spanOf(at)
    const differences = table.isAnswered(at) ? [counts] : [counts, waiting]
    for (const each of differences) {
      each[bucketOf(first)] = (each[bucketOf(first)] ?? 0) + 1
      each[bucketOf(last) + 1] = (each[bucketOf(last) + 1] ?? 0) - 1
    }
  }
  return { from: start, to: Math.max(to, start), counts: summed(counts), waiting: summed(waiting) }
}

function summed(differences: readonly number[]): number[] {
  let sum = 0
  return differences.slice(0, BUCKETS).map((difference) => {
    sum += difference
    return sum
  })
}
