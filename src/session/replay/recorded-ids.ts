/** Where ids are in a recording, and who had them first. Replays of the same recording share it. */
import { type Id, idsOf, type ProtocolIds, type ReplaceId, type RequestHead } from '../../decode/ids/ids.ts'
import type { Direction } from '../../shared/event.ts'
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

/** Who had an id first. */
export type Origin = Pick<Use, 'connection' | 'direction'>

export class RecordedIds {
  readonly #protocols: readonly ProtocolIds[]
  readonly #origins = new Map<string, Origin>()
  readonly #byConnection = new Map<number, Map<string, Origin>>()

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

  /** Who had the id first; with `connection`, on that one. */
  originOf(id: Id, connection?: number): Origin | undefined {
    const origins = connection === undefined ? this.#origins : this.#byConnection.get(connection)
    return origins?.get(keyOf(id))
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

  #originsOf(connection: number): Map<string, Origin> {
    return getOrMake(this.#byConnection, connection, () => new Map())
  }
}

function keyOf({ kind, id, side }: Id): string {
  return `${side} ${kind} ${id}`
}
