/** Requests of one direction that wait for an answer, on connections that may belong to several clients. */
import type { DecodedKind } from '../shared/decoded.ts'
import type { Direction } from '../shared/event.ts'
import type { PairingKey } from './decoder.ts'
import { WaitingRequests } from './waiting-requests.ts'

/** Maximum number of requests that share their key. If there are more, only the latest request with a key is kept. */
const MAX_CLASHING = 10_000

/** A packet that asks for an answer. */
export interface PairedRequest {
  /** Number of its event, counted from 0. */
  readonly number: number
  readonly time: number
  readonly connection: number
  readonly protocol: string
  readonly direction: Direction
  readonly kind: DecodedKind
  readonly name: string | undefined
  readonly channel: string | undefined
  /** It only asks whether the other side is there, so its answer does not matter. */
  readonly isHeartbeat: boolean
}

/** A request that waits for an answer. */
export interface Waiting extends PairedRequest {
  /** It was sent over a WebSocket. */
  readonly isSocket: boolean
  /** At least one of its answers has come. */
  readonly isAnswered: boolean
  /** Its keys, if it has several. */
  readonly keys?: readonly PairingKey[]
}

/** Requests with the same key, by connection. */
type Clash = Map<number, Waiting>

/**
 * Clients that share a scope may number their requests alike, so that several connections ask with the same key. An answer
 * then belongs to the request of its own connection. If that one has none, nothing says which request is answered.
 */
export class ClientRequests {
  readonly #requests: WaitingRequests<Waiting | Clash>
  #clashing: number

  constructor(requests = new WaitingRequests<Waiting | Clash>(), clashing = 0) {
    this.#requests = requests
    this.#clashing = clashing
  }

  /** Number of requests, plus the number of keys that several connections use. */
  get size(): number {
    return this.#requests.size + this.#clashing
  }

  copy(): ClientRequests {
    const copyOf = (each: Waiting | Clash) => (each instanceof Map ? new Map(each) : each)
    return new ClientRequests(this.#requests.copy(this.#clashing > 0 ? copyOf : undefined), this.#clashing)
  }

  /** Visits the requests. */
  each(visit: (request: Waiting) => void): void {
    this.#requests.each((found) => {
      if (found instanceof Map) for (const request of found.values()) visit(request)
      else visit(found)
    })
  }

  clear(): void {
    this.#requests.clear()
    this.#clashing = 0
  }

  /** Replaces an earlier request of the same connection with this key. */
  add(key: PairingKey, request: Waiting): void {
    const before = this.#requests.get(key)
    const isClash =
      before instanceof Map || (before !== undefined && before.connection !== request.connection)
    const forgotten = this.#requests.add(key, isClash ? this.#clash(before, request) : request)
    if (forgotten instanceof Map) this.#clashing -= forgotten.size
  }

  /**
   * The request that an answer on this connection belongs to. Undefined if there is none, or if it may be one of several.
   */
  find(key: PairingKey, connection: number, isSocket: boolean): Waiting | undefined {
    const found = this.#requests.get(key)
    if (found === undefined) return undefined
    const own = found instanceof Map ? found.get(connection) : found
    if (own?.connection === connection) return own
    // A request on a WebSocket is answered there.
    const others = found instanceof Map ? [...found.values()] : [found]
    const possible = isSocket ? others.filter((each) => !each.isSocket) : others
    return possible.length === 1 ? possible[0] : undefined
  }

  /** One of several answers to the request has come. */
  keep(key: PairingKey, request: Waiting): void {
    if (request.isAnswered) return
    const answered = { ...request, isAnswered: true }
    const found = this.#requests.get(key)
    if (found instanceof Map) found.set(request.connection, answered)
    else this.#requests.replace(key, answered)
  }

  /** The last answer to the request has come. */
  remove(key: PairingKey, { connection }: Waiting): void {
    const found = this.#requests.get(key)
    if (found instanceof Map) {
      if (found.delete(connection)) this.#clashing--
      if (found.size > 0) return
    }
    this.#requests.delete(key)
  }

  #clash(before: Waiting | Clash, request: Waiting): Waiting | Clash {
    const clash = before instanceof Map ? before : new Map([[before.connection, before]])
    const size = before instanceof Map ? clash.size : 0
    if (this.#clashing >= MAX_CLASHING && !clash.has(request.connection)) {
      this.#clashing -= size
      return request
    }
    clash.delete(request.connection)
    clash.set(request.connection, request)
    this.#clashing += clash.size - size
    return clash
  }
}
