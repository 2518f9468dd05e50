/** The ids that a live peer gives in the place of the recorded ones, over all connections of a session. */
import { IdMapping } from '../../decode/ids/id-mapping.ts'
import { type Id, idsOf, type ProtocolIds, type ReplaceId, type RequestHead } from '../../decode/ids/ids.ts'
import type { Direction, Headers } from '../../shared/event.ts'
import { getOrMake } from '../../shared/maps.ts'
import type { RecordedPackets } from '../packets/recorded-packets.ts'

/** Where ids are in the recording. */
interface Use {
  readonly connection: number
  /** Number of the event. */
  readonly number: number
  readonly direction: Direction
  readonly ids: readonly Id[]
}

/** The head of a recorded request or of its response. */
export interface RecordedHead {
  readonly connection: number
  readonly number: number
  readonly direction: Direction
  readonly head: RequestHead
}

/** A recorded message with an event ID with which a request continues. */
export interface ResumedEvent extends RecordedHead {
  readonly id: string
  /** Number of inbound messages of its connection before it. */
  readonly answersBefore: number
}

/** Who had an id first. */
type Origins = Map<string, Pick<Use, 'connection' | 'direction'>>

/** The ids of one recorded connection. */
export class ConnectionIds {
  readonly #session: SessionIds
  readonly #origins: Origins
  readonly #ids = new IdMapping()

  constructor(session: SessionIds, origins: Origins) {
    this.#session = session
    this.#origins = origins
  }

  /** Whether the recorded peer gave the id, here or, before the client used it here, on another connection. */
  isGiven(id: Id): boolean {
    // The other ids are those of the client's requests.
    return id.side === 'in' && (this.#origins.get(keyOf(id))?.direction === 'in' || this.#session.isGiven(id))
  }

  /** The live id for a recorded one; undefined if it is not known. */
  readonly replace: ReplaceId = (kind, id, side) => {
    // Peers may number what they ask alike on each of their connections.
    const isOwn = this.#origins.get(keyOf({ kind, id, side }))?.direction === 'in'
    const ids = isOwn ? this.#ids : this.#session.ids
    return ids.get(kind, id, side)
  }

  /** Whether the live ids are known for all of these that the peer gives. */
  areKnown(ids: readonly Id[]): boolean {
    return ids.every((id) => !this.isGiven(id) || this.#isKnown(id))
  }

  /** Whether some of these are not known yet, and the connection on which the peer gives them has not ended. */
  areAwaited(ids: readonly Id[]): boolean {
    return ids.some(
      (id) =>
        this.isGiven(id) && !this.#isKnown(id) && !this.#session.hasEnded(this.#origins.get(keyOf(id)), id),
    )
  }

  #isKnown({ kind, id, side }: Id): boolean {
    return this.replace(kind, id, side) !== undefined
  }

  /** Learns an id. */
  set({ kind, side, id }: Id, live: string | number): void {
    if (!this.isGiven({ kind, side, id })) return
    for (const ids of [this.#ids, this.#session.ids]) ids.set(kind, side, id, live)
  }

  /** Learns the ids in the head of a response. */
  learnHead(recorded: Headers, live: Headers): void {
    const given = this.#session.idsInHead({ url: '', headers: live })
    for (const id of this.#session.idsInHead({ url: '', headers: recorded })) {
      const found = given.find(({ kind, side }) => kind === id.kind && side === id.side)
      if (found !== undefined) this.set(id, found.id)
    }
  }
}

export class SessionIds {
  readonly ids = new IdMapping()
  readonly #protocols: readonly ProtocolIds[]
  readonly #origins: Origins = new Map()
  readonly #byConnection = new Map<number, Origins>()
  readonly #ended = new Set<number>()

  constructor(packets: ReadonlyMap<number, RecordedPackets>, heads: readonly RecordedHead[]) {
    this.#protocols = [...new Set([...packets.values()].map(({ protocol }) => protocol))]
    const uses: Use[] = heads.map(({ connection, number, direction, head }) => ({
      ...{ connection, number, direction },
      ids: this.idsInHead(head),
    }))
    for (const [connection, recorded] of packets)
      for (const { packet, event } of recorded.packets)
        uses.push({ connection, number: event, direction: packet.direction, ids: idsOf(packet) })
    for (const { connection, direction, ids } of uses.sort((a, b) => a.number - b.number))
      for (const id of ids)
        for (const origins of [this.#originsOf(connection), this.#origins]) {
          const key = keyOf(id)
          if (!origins.has(key)) origins.set(key, { connection, direction })
        }
  }

  of(connection: number): ConnectionIds {
    return new ConnectionIds(this, this.#originsOf(connection))
  }

  isGiven(id: Id): boolean {
    return this.#origins.get(keyOf(id))?.direction === 'in'
  }

  /** A recorded connection has ended for good: the ids that it has not given do not come. */
  ended(connection: number): void {
    this.#ended.add(connection)
  }

  /** Whether the connection has ended on which an id first was: `own` if that is where it is used. */
  hasEnded(own: Pick<Use, 'connection' | 'direction'> | undefined, id: Id): boolean {
    const origin = own?.direction === 'in' ? own : this.#origins.get(keyOf(id))
    return origin !== undefined && this.#ended.has(origin.connection)
  }

  /** The head of a request with its ids replaced. */
  replaceInHead(head: RequestHead, replace: ReplaceId): RequestHead {
    return this.#protocols.reduce(
      (changed, protocol) => protocol.replaceInRequest?.(changed, replace) ?? changed,
      head,
    )
  }

  idsInHead(head: RequestHead): readonly Id[] {
    const ids: Id[] = []
    this.replaceInHead(head, (kind, id, side) => {
      ids.push({ kind, id, side })
      return undefined
    })
    return ids
  }

  #originsOf(connection: number): Origins {
    return getOrMake(this.#byConnection, connection, () => new Map())
  }
}

function keyOf({ kind, id, side }: Id): string {
  return `${side} ${kind} ${id}`
}
