/** Finds what a live client says in the recording, and makes the recorded answers those to its own ids. */
import { IdMapping } from '../../../decode/ids/id-mapping.ts'
import { idsOf, type ReplaceId, type WholePacket } from '../../../decode/ids/ids.ts'
import { getOrMake } from '../../../shared/maps.ts'
import { beginAlike, isAlike } from '../../packets/alike.ts'
import { beforeJson, contentKey } from '../../packets/content-key.ts'
import type { RecordedPacket } from '../../packets/recorded-packets.ts'
import type { Exchange } from './exchange.ts'
import type { RecordedTalk } from './recorded-talk.ts'

/** Requests that are compared to find the nearest one, and characters of them. */
const MOST_COMPARED = 2000
const LONGEST_COMPARED = 2000

/** A recorded exchange that fits a request of the client. */
export interface Found {
  readonly exchange: Exchange
  /** The ids of the client for recorded ones. Those of this request come first: the client may soon ask the same again. */
  readonly ids: ReplaceId
}

export interface ClientTalkOptions {
  /** Default true. */
  readonly isConnection?: boolean
  readonly others?: readonly RecordedTalk[]
}

export class ClientTalk {
  readonly #talk: RecordedTalk
  readonly #others: readonly RecordedTalk[]
  readonly #ids = new IdMapping()
  /** By key. */
  readonly #sorted = new Map<string, readonly Exchange[]>()
  #handshakes: readonly Exchange[] | undefined
  /** How often requests with a key came. */
  readonly #turns = new Map<string, number>()
  /** Whether the next packet is the first of a connection, with which the handshake begins. */
  #isFirst: boolean
  /** Exchanges of this attempt are preferred. */
  readonly #attempt: number

  /** `others` are what was said on other connections, which a client may ask as well. */
  constructor(
    talk: RecordedTalk,
    attempt: number,
    { isConnection = true, others = [] }: ClientTalkOptions = {},
  ) {
    this.#talk = talk
    this.#others = others
    this.#attempt = attempt
    this.#isFirst = isConnection
  }

  /**
   * The recorded exchange whose request says the same. If there are several, returns them in turn, those of the client's
   * attempt first. Undefined if nothing that was recorded says the same.
   */
  find(packet: WholePacket): Found | undefined {
    const key = contentKey(packet)
    const all = this.#recordedWith(key)
    const isFirst = this.#isFirst
    this.#isFirst = false
    if (all.length === 0) {
      const handshake = this.#handshake(packet, isFirst)
      return handshake === undefined ? undefined : this.#learn(handshake, packet)
    }
    const turn = this.#turns.get(key) ?? 0
    this.#turns.set(key, turn + 1)
    const exchange = this.#withIds(this.#preferred(key, all), turn, packet)
    return exchange === undefined ? undefined : this.#learn(exchange, packet)
  }

  /** The exchanges of its connection, else of another that was recorded at the same place. */
  #recordedWith(key: string): readonly Exchange[] {
    const own = this.#talk.withKey(key)
    if (own.length > 0) return own
    return this.#others.map((talk) => talk.withKey(key)).find(({ length }) => length > 0) ?? own
  }

  /** Those of the client's attempt, then the others. Sorted once, because a key may have many exchanges. */
  #preferred(key: string, all: readonly Exchange[]): readonly Exchange[] {
    const isHere = ({ request }: Exchange) => request.attempt === this.#attempt
    // Attempts follow each other.
    if (all.slice(0, 1).every(isHere)) return all
    return getOrMake(this.#sorted, key, () => [
      ...all.filter(isHere),
      ...all.filter((exchange) => !isHere(exchange)),
    ])
  }

  /** The exchange whose turn it is, or one that is about the same subscription or message. */
  #withIds(all: readonly Exchange[], turn: number, packet: WholePacket): Exchange | undefined {
    const usual = all[turn % all.length]
    const named = (each: WholePacket) =>
      idsOf(each).filter(({ kind, side }) => kind !== 'request' || side === 'in')
    const live = named(packet)
    if (live.length === 0 || all.length === 1) return usual
    const isSame = ({ request }: Exchange) =>
      named(request.packet).every(
        ({ kind, id, side }, n) => (this.#ids.get(kind, id, side) ?? id) === live[n]?.id,
      )
    return all.slice(0, MOST_COMPARED).find(isSame) ?? usual
  }

  /** The recorded handshake for one with other credentials or other options. */
  #handshake(packet: WholePacket, isFirst: boolean): Exchange | undefined {
    this.#handshakes ??= this.#talk.exchanges.filter(({ request }) => request.isHandshake)
    const handshakes = this.#handshakes
    const own = handshakes.filter(({ request }) => request.attempt === this.#attempt)
    const prefix = beforeJson(packet)
    const alike = [...own, ...handshakes].find(({ request }) =>
      prefix === '' ? isAlike(request.packet, packet) : beforeJson(request.packet) === prefix,
    )
    const first = own[0] ?? handshakes[0]
    const isLikeFirst = isFirst && first !== undefined && beginAlike(first.request.packet, packet)
    return alike ?? (isLikeFirst ? first : undefined)
  }

  #learn(exchange: Exchange, packet: WholePacket): Found {
    const own = new IdMapping()
    for (const ids of [own, this.#ids]) ids.learn(exchange.request.packet, packet)
    return {
      exchange,
      ids: (kind, id, side) => own.get(kind, id, side) ?? this.#ids.get(kind, id, side),
    }
  }

  /** The recorded request that has most in common with one that is not in the recording. */
  nearest(packet: WholePacket): RecordedPacket | undefined {
    const key = contentKey(packet).slice(0, LONGEST_COMPARED)
    let nearest: RecordedPacket | undefined
    let most = -1
    for (const { request, key: recorded } of this.#talk.exchanges.slice(0, MOST_COMPARED)) {
      if (request.isHeartbeat) continue
      const common = commonLength(key, recorded.slice(0, LONGEST_COMPARED))
      if (common <= most) continue
      most = common
      nearest = request
    }
    return nearest
  }
}

/** Characters that two texts have in common at their beginnings and at their ends. */
function commonLength(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length)
  let start = 0
  while (start < shorter && a[start] === b[start]) start++
  let end = 0
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  return start + end
}
