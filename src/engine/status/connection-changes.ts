/**
 * Finds what has changed in the connections of a live session since the last call. Changes that are reported to it are in the next answer.
 * Of the others it looks at some each time, in turn, so that nothing is missed, and the work is bounded with any number of them.
 */
import { isDeepStrictEqual } from 'node:util'
import { type ConnectionChanges, TRAFFIC_FIELDS, TRAFFIC_ROW } from '../../shared/protocol/status-update.ts'
import type { ConnectionStatus } from '../../shared/status.ts'
import { IdQueue } from './id-queue.ts'

/** Connections without a report that are looked at each time. */
const LOOKED_AT = 64
/** Connections whose traffic is in an answer. Those of more that have some wait for the next one. */
const MOST_ROWS = 512
const TRAFFIC: ReadonlySet<string> = new Set(TRAFFIC_FIELDS)

export interface ReportedConnections {
  /** Changes if connections are gone or are back, or if times count from another start. */
  readonly generation: number
  /** Undefined if it is gone. */
  connection(id: number): ConnectionStatus | undefined
  /** All of them, in the order in which they were opened. */
  connections(): readonly ConnectionStatus[]
  /**
   * Writes the number and the traffic of a connection from `at` on, and returns its rate. Undefined if its traffic may
   * have changed more than that.
   */
  writeTraffic(id: number, into: Float64Array, at: number): number | undefined
}

export class ConnectionChangesReader {
  readonly #source: ReportedConnections
  /** As they were last reported. */
  readonly #reported = new Map<number, ConnectionStatus>()
  readonly #changed = new Set<number>()
  /** Those with traffic since the last answer, and those whose rate will fall. */
  readonly #moved = new IdQueue()
  readonly #falling = new Set<number>()
  #generation = -1
  /** The next connections to look at, and how many have not been looked at since `touch`. */
  #next: Iterator<number> = [].values()
  #unseen = 0

  constructor(source: ReportedConnections) {
    this.#source = source
  }

  /** Anything may have changed. */
  touch(): void {
    this.#unseen = Number.POSITIVE_INFINITY
  }

  /** Anything may have changed of a connection. */
  changed(id: number): void {
    this.#changed.add(id)
  }

  /** Messages of a connection were captured, or requests and responses of a poll. */
  moved(id: number): void {
    this.#moved.add(id)
  }

  /** Whether there will be changes although nobody tells of any. */
  get isMoving(): boolean {
    return this.#moved.size > 0 || this.#falling.size > 0 || this.#unseen > 0
  }

  /** All connections, if changes would not do: before the first answer, and if some are gone. */
  whole(): readonly ConnectionStatus[] | undefined {
    const { generation } = this.#source
    if (generation === this.#generation) return undefined
    this.#generation = generation
    const all = this.#source.connections()
    this.#reported.clear()
    for (const connection of all) this.#tell(connection)
    this.#changed.clear()
    this.#moved.clear()
    this.#unseen = 0
    return all
  }

  /** What has changed. With `looks` also of rates that fall, and of connections without a report. */
  take(looks: boolean): ConnectionChanges {
    const traffic = this.#traffic(looks)
    const connections: ConnectionStatus[] = []
    // In the order in which they were opened, so that new ones are appended in that order.
    for (const id of [...this.#changed].sort((a, b) => a - b)) this.#read(id, connections)
    this.#changed.clear()
    if (looks) this.#look(connections)
    return { connections, traffic }
  }

  /** The connections as they were last reported. */
  reported(): Iterable<ConnectionStatus> {
    return this.#reported.values()
  }

  #traffic(looks: boolean): Float64Array<ArrayBuffer> {
    const moved = this.#moved
    if (looks)
      for (const id of this.#falling) {
        if (moved.size >= MOST_ROWS) break
        moved.add(id)
      }
    const most = Math.min(moved.size, MOST_ROWS)
    const rows = new Float64Array(most * TRAFFIC_ROW)
    let end = 0
    for (let left = most; left > 0; left--) {
      const id = moved.take()
      if (id === undefined || this.#changed.has(id)) continue
      const rate = this.#reported.has(id) ? this.#source.writeTraffic(id, rows, end) : undefined
      if (rate === undefined) this.#changed.add(id)
      else {
        this.#note(id, rate)
        end += TRAFFIC_ROW
      }
    }
    return end === rows.length ? rows : rows.slice(0, end)
  }

  #read(id: number, into: ConnectionStatus[]): void {
    const connection = this.#source.connection(id)
    if (connection === undefined) return
    this.#tell(connection)
    into.push(connection)
  }

  #look(into: ConnectionStatus[]): void {
    this.#unseen = Math.min(this.#unseen, this.#reported.size)
    for (let left = Math.min(this.#unseen, LOOKED_AT); left > 0; left--) {
      const id = this.#advance()
      if (id === undefined) return
      this.#unseen--
      const before = this.#reported.get(id)
      const now = this.#source.connection(id)
      if (before === undefined || now === undefined || isSame(before, now)) continue
      this.#tell(now)
      into.push(now)
    }
  }

  /** The next connection to look at, over and over. */
  #advance(): number | undefined {
    const { value, done } = this.#next.next()
    if (done !== true) return value
    this.#next = this.#reported.keys()
    return this.#next.next().value
  }

  #tell(connection: ConnectionStatus): void {
    this.#reported.set(connection.id, connection)
    this.#note(connection.id, connection.rate)
  }

  #note(id: number, rate: number): void {
    // The one that was reported last comes last.
    this.#falling.delete(id)
    if (rate > 0) this.#falling.add(id)
  }
}

/** Whether only the traffic differs, which is sent as rows of numbers. */
function isSame(one: ConnectionStatus, other: ConnectionStatus): boolean {
  const before = one as unknown as Record<string, unknown>
  const after = other as unknown as Record<string, unknown>
  for (const name of Object.keys(after)) {
    const value = after[name]
    if (value !== before[name] && !TRAFFIC.has(name) && !isDeepStrictEqual(value, before[name])) return false
  }
  return true
}
