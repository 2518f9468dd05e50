/** What a recorded client sent, packet by packet, and why. Replays of the same recording share it. */
import { type Id, idsOf, type WholePacket } from '../../decode/ids/ids.ts'
import { addTo, forgetOldest, getOrMake } from '../../shared/maps.ts'
import { contentKey } from '../packets/content-key.ts'
import type { RecordedPacket, RecordedPackets } from '../packets/recorded-packets.ts'

/** Distinct heartbeats of the peer that are remembered. */
const MOST_HEARTBEATS = 100

interface Description {
  readonly ids: readonly Id[]
  readonly key: string
}

export class PacketScript {
  readonly recorded: RecordedPackets
  /** Packets of the recorded client, by the number of the event in which they end. */
  readonly sent: ReadonlyMap<number, readonly WholePacket[]>
  /** Packets of the recorded peer from which a replay learns: those with ids, and those of handshakes, in order. */
  readonly awaited: readonly RecordedPacket[]
  /** What the recorded client answered to heartbeats of the peer, by what these say. */
  readonly reactions: ReadonlyMap<string, WholePacket>
  readonly #descriptions = new WeakMap<RecordedPacket, Description>()

  constructor(recorded: RecordedPackets) {
    this.recorded = recorded
    const sent = new Map<number, WholePacket[]>()
    const reactions = new Map<string, WholePacket>()
    const heartbeats = new Map<number, RecordedPacket>()
    for (const each of recorded.packets) {
      const { packet, event, isHeartbeat, answers } = each
      if (packet.direction === 'in') {
        if (isHeartbeat) {
          heartbeats.set(event, each)
          forgetOldest(heartbeats, MOST_HEARTBEATS)
        }
        continue
      }
      const beat = isHeartbeat && answers !== undefined ? heartbeats.get(answers) : undefined
      if (beat === undefined) addTo(sent, event, packet)
      else {
        reactions.set(contentKey(beat.packet), packet)
        forgetOldest(reactions, MOST_HEARTBEATS)
      }
    }
    this.sent = sent
    this.reactions = reactions
    this.awaited = recorded.packets.filter(
      ({ packet, isHandshake }) => packet.direction === 'in' && (isHandshake || idsOf(packet).length > 0),
    )
  }

  /** The ids of a recorded packet, and what it says. It is compared with many live ones. */
  describe(recorded: RecordedPacket): Description {
    return getOrMake(this.#descriptions, recorded, () => ({
      ids: idsOf(recorded.packet),
      key: contentKey(recorded.packet),
    }))
  }
}
