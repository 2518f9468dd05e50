/**
 * A recorded connection whose packets are sent again to a live peer: learns the ids that the peer gives, and puts them in the
 * place of the recorded ones.
 */
import {
  type CarriedMessage,
  type Id,
  idsOf,
  type PacketSplitter,
  replaceIds,
  type WholePacket,
} from '../../decode/ids/ids.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import { isAlike } from '../packets/alike.ts'
import { contentKey } from '../packets/content-key.ts'
import type { RecordedPacket } from '../packets/recorded-packets.ts'
import type { PacketScript } from './packet-script.ts'
import type { ConnectionIds } from './replay-ids.ts'

/** Recorded packets of the peer that are looked through for one that is like a live one. */
const MOST_LOOKED_AT = 1000
export class ReplayedPackets {
  readonly #script: PacketScript
  readonly #ids: ConnectionIds
  /** Packets of the recorded peer that no live packet was found for, in order. */
  readonly #awaited: Set<RecordedPacket>
  /** Those that complete a handshake, before which a peer may refuse everything else. */
  readonly #handshakes: Set<RecordedPacket>
  #splitter: PacketSplitter

  constructor(script: PacketScript, ids: ConnectionIds) {
    this.#script = script
    this.#ids = ids
    this.#splitter = this.#newSplitter()
    this.#awaited = new Set(script.awaited)
    this.#handshakes = new Set(script.awaited.filter(({ isHandshake }) => isHandshake))
  }

  /** Call when the connection opens: a new attempt begins with a new packet. */
  opened(): void {
    this.#splitter = this.#newSplitter()
  }

  /**
   * Learns the ids in a message of the live peer. Returns the messages to send at once: answers to heartbeats, which the peer
   * sends when it likes.
   */
  received(message: CarriedMessage): readonly OutboundMessage[] {
    return this.#splitter.push(message).flatMap((packet) => {
      const key = contentKey(packet)
      const like = this.#like(packet, key)
      if (like !== undefined) this.#learn(like, packet)
      const reaction = this.#script.reactions.get(key)
      return reaction === undefined ? [] : this.#written(reaction)
    })
  }

  /** The messages to send for the recorded message of event `number`. Empty if no packet ends in it. */
  messagesOf(number: number): readonly OutboundMessage[] {
    return (this.#script.sent.get(number) ?? []).flatMap((packet) => this.#written(packet))
  }

  /**
   * Whether the packets in event `number` can be sent: the peer has completed the handshakes before them, and has given all
   * ids that they have from it.
   */
  isReady(number: number): boolean {
    for (const { event } of this.#handshakes) if (event < number) return false
    return (this.#script.sent.get(number) ?? []).every((packet) => !this.#ids.areAwaited(idsOf(packet)))
  }

  #newSplitter(): PacketSplitter {
    const { protocol, facts } = this.#script.recorded
    return protocol.splitter(facts)
  }

  /** The first recorded packet of the peer that says the same, or else has the same form and the same kinds of ids. */
  #like(packet: WholePacket, key: string): RecordedPacket | undefined {
    const ids = idsOf(packet)
    if (ids.length === 0 && this.#handshakes.size === 0) return undefined
    let alike: RecordedPacket | undefined
    let looked = 0
    for (const each of this.#awaited) {
      if (looked++ === MOST_LOOKED_AT) break
      if (each.isHandshake && isAlike(each.packet, packet)) return each
      const known = this.#script.describe(each)
      if (ids.length === 0 || !this.#answersSame(known.ids, ids)) continue
      if (known.key === key) return each
      if (isAlike(each.packet, packet)) alike ??= each
    }
    return alike
  }

  /** Whether a recorded packet has ids of the same kinds, and the same ids of the client. */
  #answersSame(others: readonly Id[], ids: readonly Id[]): boolean {
    return (
      others.length === ids.length &&
      others.every((other, at) => {
        const { kind, side, id } = ids[at] ?? {}
        if (other.kind !== kind || other.side !== side) return false
        return this.#ids.isGiven(other) || other.id === id
      })
    )
  }

  #learn(recorded: RecordedPacket, packet: WholePacket): void {
    this.#awaited.delete(recorded)
    this.#handshakes.delete(recorded)
    const ids = [...idsOf(packet)]
    for (const { kind, side, id } of idsOf(recorded.packet)) {
      const at = ids.findIndex((other) => other.kind === kind && other.side === side)
      const [given] = at < 0 ? [] : ids.splice(at, 1)
      if (given !== undefined) this.#ids.set({ kind, side, id }, given.id)
    }
  }

  #written(packet: WholePacket): readonly OutboundMessage[] {
    const { protocol, facts } = this.#script.recorded
    return protocol
      .write([replaceIds(packet, this.#ids.replace)], facts)
      .map(({ payload, binary = false }) => ({ opcode: binary ? 'binary' : 'text', payload }))
  }
}
