/** Requests of sub-protocols that were not answered yet, over all connections: an answer may come on another one. */
import type { DecodedEvent } from '../../../shared/decoded.ts'
import { forgetOldest, getOrMake } from '../../../shared/maps.ts'
import type { RuleEvent } from '../../rule-event.ts'

/** Requests that are kept at most. */
const MAX_PENDING = 10_000
/** Names of requests that are known to be answered, at most. */
const MAX_NAMES = 1000
/** In these, the other side need not answer a request: only names that were answered before count. */
const MAY_STAY_SILENT: ReadonlySet<string> = new Set(['phoenix'])

export interface PendingRequest {
  /** Counted from 1. */
  readonly number: number
  readonly time: number
  readonly connection: number
  readonly protocol: string
  readonly name: string
  readonly id: string
}

export class PendingRequests {
  /** By the number of the event, counted from 1: a message may have several requests. */
  readonly #pending = new Map<number, PendingRequest[]>()
  readonly #answered = new Set<string>()

  /** Takes a packet of an event. Returns the request that it answers, if that was pending. */
  add(packet: DecodedEvent, event: RuleEvent): PendingRequest | undefined {
    const { answers, kind, id } = packet
    if (answers !== undefined) return this.#answer(answers, id)
    if (kind === 'request' && id !== undefined) this.#ask(packet, id, event)
    return undefined
  }

  /** The requests, in order. */
  *all(): Generator<PendingRequest> {
    for (const requests of this.#pending.values()) yield* requests
  }

  /** Whether the other side has to answer. */
  isOwed({ protocol, name }: PendingRequest): boolean {
    return !MAY_STAY_SILENT.has(protocol) || this.#answered.has(name)
  }

  /** Forgets requests. */
  drop(isDropped: (request: PendingRequest) => boolean): void {
    for (const [number, requests] of this.#pending) {
      const kept = requests.filter((request) => !isDropped(request))
      if (kept.length === 0) this.#pending.delete(number)
      else if (kept.length < requests.length) this.#pending.set(number, kept)
    }
  }

  #ask({ protocol, name, kind }: DecodedEvent, id: string, { number, time, connection }: RuleEvent): void {
    const request = { number: number + 1, time, connection, protocol, name: name ?? kind, id }
    getOrMake(this.#pending, request.number, () => []).push(request)
    forgetOldest(this.#pending, MAX_PENDING)
  }

  #answer(number: number, id: string | undefined): PendingRequest | undefined {
    const requests = this.#pending.get(number)
    if (requests === undefined) return undefined
    const at = requests.length === 1 ? 0 : requests.findIndex((each) => each.id === id)
    const [request] = at < 0 ? [] : requests.splice(at, 1)
    if (requests.length === 0) this.#pending.delete(number)
    if (request !== undefined && MAY_STAY_SILENT.has(request.protocol)) {
      this.#answered.add(request.name)
      forgetOldest(this.#answered, MAX_NAMES)
    }
    return request
  }
}
