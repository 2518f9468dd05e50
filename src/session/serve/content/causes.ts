/** Finds which packets of a recorded client caused those of its peer. */
import { type Id, idsOf } from '../../../decode/ids/ids.ts'
import type { DecodedKind } from '../../../shared/decoded.ts'
import { addTo } from '../../../shared/maps.ts'
import type { RecordedPacket } from '../../packets/recorded-packets.ts'
import type { Exchange } from './exchange.ts'
import { covers } from './topics.ts'

/** Milliseconds in which a peer reacts to a request. */
const PROMPT = 1000
/** Recent requests, and subscriptions, that are looked at. */
const MOST = 256
/** Kinds of packets to which peers rarely react. */
const RARELY_CAUSES: ReadonlySet<DecodedKind | undefined> = new Set([
  'ack',
  'unsubscribe',
  'response',
  'error',
  'complete',
  'close',
])

/** The exchanges of one attempt that may get replies. */
export class Causes {
  readonly #byEvent = new Map<number, Exchange[]>()
  readonly #byId = new Map<string, Exchange>()
  readonly #bySubscription = new Map<string, Exchange>()
  /** Requests to which the peer may react, the oldest first. */
  #recent: Exchange[] = []
  #subscriptions: Exchange[] = []
  /** The exchange that caused the latest packet of the peer that answers no request. */
  #cause: Exchange | undefined

  add(exchange: Exchange): void {
    const { packet, event, isHeartbeat, kind } = exchange.request
    addTo(this.#byEvent, event, exchange)
    const ids = idsOf(packet)
    for (const id of ids.filter(isRequest)) this.#byId.set(keyOf(id), exchange)
    if (isHeartbeat) return
    if (kind === 'subscribe') {
      for (const id of ids.filter(isSubscription)) this.#bySubscription.set(keyOf(id), exchange)
      this.#subscriptions = [...this.#subscriptions, exchange].slice(-MOST)
    }
    if (!RARELY_CAUSES.has(kind) || this.#cause === undefined) this.#cause = exchange
    this.#recent.push(exchange)
    if (this.#recent.length > 2 * MOST) this.#recent = this.#recent.slice(-MOST)
  }

  /** The exchange whose request a packet of the peer answers. */
  answeredBy({ packet, answers }: RecordedPacket): Exchange | undefined {
    const ids = idsOf(packet)
    const asked = ids.filter(isRequest).map((id) => this.#byId.get(keyOf(id)))
    const answered =
      asked.find((each) => each !== undefined) ??
      (answers === undefined ? undefined : this.#byEvent.get(answers)?.[0])
    // The answer to a subscription may be the first to have its id.
    if (answered?.request.kind === 'subscribe')
      for (const id of ids.filter(isSubscription)) this.#bySubscription.set(keyOf(id), answered)
    return answered
  }

  /**
   * The exchange that probably caused a packet that answers no request: a recent one that has the same name or nothing
   * back yet, then the subscription that it belongs to. Peers react in the order of what they get.
   */
  causeOf(packet: RecordedPacket): Exchange | undefined {
    this.#recent = this.#recent.filter(({ request }) => packet.time - request.time < PROMPT)
    const waiting = this.#recent.filter(isWaiting)
    const mayCause = waiting.filter(
      ({ request: { kind } }) => !RARELY_CAUSES.has(kind) && kind !== 'subscribe',
    )
    const prompt =
      mayCause.find(({ request }) => request.name !== undefined && request.name === packet.name) ??
      mayCause.find(expectsNoAnswer) ??
      this.#subscriptionOf(packet) ??
      waiting.find(expectsNoAnswer)
    this.#cause = prompt ?? this.#cause
    return this.#cause
  }

  clear(): void {
    this.#byEvent.clear()
    this.#byId.clear()
    this.#bySubscription.clear()
    this.#recent = []
    this.#subscriptions = []
    this.#cause = undefined
  }

  #subscriptionOf({ packet, name }: RecordedPacket): Exchange | undefined {
    const known = idsOf(packet)
      .filter(isSubscription)
      .map((id) => this.#bySubscription.get(keyOf(id)))
    return (
      known.find((each) => each !== undefined) ??
      (name === undefined
        ? undefined
        : this.#subscriptions.findLast(({ request }) => covers(request.name ?? '', name)))
    )
  }
}

/** Whether nothing came back but acknowledgments. */
function isWaiting({ replies }: Exchange): boolean {
  return replies.every(({ kind }) => kind === 'ack')
}

/** Whether the request gets no answer with its id, but perhaps other reactions. */
function expectsNoAnswer({ request: { kind, packet }, replies }: Exchange): boolean {
  return kind === 'event' || (replies.length === 0 && !idsOf(packet).some(isRequest))
}

/** Whether the client gave the id to a request. */
function isRequest({ kind, side }: Id): boolean {
  return side === 'out' && kind.startsWith('request')
}

function isSubscription({ kind }: Id): boolean {
  return kind === 'subscription'
}

function keyOf({ kind, id }: Id): string {
  return `${kind} ${id}`
}
