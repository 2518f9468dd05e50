/**
 * Ids in the packets of a protocol: where they are, and how to replace them. Two runs of the same program differ in their
 * ids, so code that serves, replays or compares packets first replaces the ids.
 */
import type { Direction, Headers } from '../../shared/event.ts'
import type { ConnectionFacts } from '../decoder.ts'
import { asBuffer } from '../values.ts'

/**
 * What an id is for: `request`, which an answer has too, `session`, `subscription`, `message`, `client`, … Ids of different
 * kinds do not clash.
 */
export type IdKind = string

/**
 * Returns the new id, or undefined to keep this one. `side` is the direction of the packet that first has the id of a
 * request, because both sides may number their requests alike. For other kinds, it is always `in`.
 */
export type ReplaceId = (kind: IdKind, id: string | number, side: Direction) => string | number | undefined

/** A message that carries packets, or the body of a request or of a poll's response. */
export interface CarriedMessage {
  readonly direction: Direction
  readonly payload: Uint8Array
  /** A binary WebSocket message. Default false. */
  readonly binary?: boolean
  /** The SSE event type. Default empty. */
  readonly eventName?: string
}

/** A packet, whichever messages carry it. */
export interface WholePacket {
  /** The protocol that knows its ids: the one inside, if a protocol carries another. */
  readonly protocol: ProtocolIds
  readonly direction: Direction
  /** Without what only carries it, such as SockJS's frame or the Base64 of a poll's body. */
  readonly bytes: Uint8Array
  /** Bytes of a binary WebSocket message or of what stands for one. */
  readonly binary: boolean
  /** The SSE event type, or empty. */
  readonly eventName: string
  /** Binary messages that belong to the packet and follow it. */
  readonly attachments: readonly Uint8Array[]
  /** Number of messages that carry it. */
  readonly parts: number
}

/** Splits the messages of one connection into packets. Every split of the same bytes gives the same packets. */
export interface PacketSplitter {
  /**
   * The packets that end in this message, as copies of its bytes. Never throws: what is not of the protocol is a packet
   * without ids.
   */
  push(message: CarriedMessage): readonly WholePacket[]
  /** What is left at the end of the connection: incomplete packets. */
  finish(): readonly WholePacket[]
}

/** The parts of a request that may have ids. */
export interface RequestHead {
  readonly url: string
  readonly headers: Headers
}

/** What a packet consists of. */
export interface PacketParts {
  /** What the protocol says, by the names of its fields, but not the sizes of what follows. */
  readonly head: Readonly<Record<string, string>>
  /** The data of the application. */
  readonly data: Uint8Array
}

/** A row of the table of protocols with ids. */
export interface ProtocolIds {
  /** The name of the decoder. */
  readonly name: string
  splitter(facts: ConnectionFacts): PacketSplitter
  /** The bytes of a packet with its ids replaced; the same array if nothing changes. Never throws. */
  replace(packet: WholePacket, replace: ReplaceId): Uint8Array
  /** The parts of a packet; undefined if all of its bytes are data. Never throws. */
  parts?(packet: WholePacket): PacketParts | undefined
  /** Writes packets of one direction as messages of a connection. */
  write(packets: readonly WholePacket[], facts: ConnectionFacts): readonly CarriedMessage[]
  /** Ids in the URL and the header fields of a request or its response; the same object if nothing changes. */
  replaceInRequest?(head: RequestHead, replace: ReplaceId): RequestHead
}

/** The opposite direction: whose ids an answer has. */
export function opposite(direction: Direction): Direction {
  return direction === 'in' ? 'out' : 'in'
}

/** A packet with its ids replaced; the same object if nothing changes. */
export function replaceIds<P extends WholePacket>(packet: P, replace: ReplaceId): P {
  const bytes = packet.protocol.replace(packet, replace)
  return bytes === packet.bytes ? packet : { ...packet, bytes }
}

export interface Id {
  readonly kind: IdKind
  readonly id: string | number
  readonly side: Direction
}

/** The ids of a packet, in an order that depends only on its kind. */
export function idsOf(packet: WholePacket): readonly Id[] {
  const ids: Id[] = []
  packet.protocol.replace(packet, (kind, id, side) => {
    ids.push({ kind, id, side })
    return undefined
  })
  return ids
}

/** Stands for every id. A number, because some protocols have no other ids. */
const PLACEHOLDER = 0

/** A packet with a placeholder for each id: two packets that say the same have the same bytes. */
export function withoutIds<P extends WholePacket>(packet: P): P {
  return replaceIds(packet, () => PLACEHOLDER)
}

/** A text that is the same for packets of a direction that say the same, whatever their ids. */
export function keyWithoutIds(packet: WholePacket): string {
  const { protocol, direction, eventName, bytes, attachments } = withoutIds(packet)
  const contents = [bytes, ...attachments].map((each) => asBuffer(each).toString('latin1'))
  return JSON.stringify([protocol.name, direction, eventName, ...contents])
}
