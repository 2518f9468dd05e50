/** Splits connections into packets: a packet for each message, or packets in a stream of bytes. */
import type { Direction } from '../../shared/event.ts'
import type { ByDirection } from '../by-direction.ts'
import { PacketBytes } from '../packet-bytes.ts'
import type { CarriedMessage, PacketSplitter, ProtocolIds, WholePacket } from './ids.ts'

const NONE: readonly Uint8Array[] = []
/** Longer packets are not put together. */
const MAX_PACKET = 64 * 1024 * 1024

/** A packet that is all of a message. */
export function packetIn(protocol: ProtocolIds, message: CarriedMessage): WholePacket {
  return packetOf(protocol, message, new Uint8Array(message.payload))
}

/** A packet with these bytes of a message. */
export function packetOf(protocol: ProtocolIds, message: CarriedMessage, bytes: Uint8Array): WholePacket {
  const { direction, binary = false, eventName = '' } = message
  return { protocol, direction, bytes, binary, eventName, attachments: NONE, parts: 1 }
}

/** Writes each packet as a message. */
export function writeEach(packets: readonly WholePacket[]): readonly CarriedMessage[] {
  return packets.map(({ direction, bytes, binary, eventName }) => ({
    direction,
    payload: bytes,
    binary,
    eventName,
  }))
}

/** Each message is a packet. */
export class MessageSplitter implements PacketSplitter {
  readonly #protocol: ProtocolIds

  constructor(protocol: ProtocolIds) {
    this.#protocol = protocol
  }

  push(message: CarriedMessage): readonly WholePacket[] {
    return [packetIn(this.#protocol, message)]
  }

  finish(): readonly WholePacket[] {
    return []
  }
}

/**
 * The size of the packet at the head of the bytes, which may not have come completely; undefined if it is not known yet. May
 * throw if the bytes are not of the protocol.
 */
export type SizeOfPacket = (bytes: PacketBytes) => number | undefined

/** Packets that do not end where messages do. */
export class StreamSplitter implements PacketSplitter {
  readonly #protocol: ProtocolIds
  readonly #sizeOf: ByDirection<SizeOfPacket>
  readonly #bytes: ByDirection<PacketBytes> = { in: new PacketBytes(), out: new PacketBytes() }
  /** The latest message of each direction with bytes of an incomplete packet. */
  readonly #unfinished: Partial<Record<Direction, CarriedMessage>> = {}
  /** How many bytes have to be there before the size of a packet is read, so that no header is read for each byte. */
  readonly #wanted = { in: 1, out: 1 }
  /** Directions with bytes that are not of the protocol. Their messages are packets from then on. */
  readonly #foreign = new Set<Direction>()

  /** `newSizeOf` makes a function for each direction, which may remember what it has read of a packet. */
  constructor(protocol: ProtocolIds, newSizeOf: () => SizeOfPacket) {
    this.#protocol = protocol
    this.#sizeOf = { in: newSizeOf(), out: newSizeOf() }
  }

  push(message: CarriedMessage): readonly WholePacket[] {
    const { direction } = message
    if (this.#foreign.has(direction)) return [packetIn(this.#protocol, message)]
    const bytes = this.#bytes[direction]
    const packets: WholePacket[] = []
    bytes.add(message.payload)
    try {
      for (let size = this.#next(direction); size !== undefined; size = this.#next(direction)) {
        packets.push(this.#take(message, size))
        bytes.endPacket()
      }
    } catch {
      this.#foreign.add(direction)
      if (bytes.length > 0) packets.push(this.#take(message, bytes.length))
    }
    bytes.keep()
    this.#unfinished[direction] = { ...message, payload: new Uint8Array(0) }
    return packets
  }

  finish(): readonly WholePacket[] {
    return Object.values(this.#unfinished).flatMap((message) => {
      const { length } = this.#bytes[message.direction]
      return length === 0 ? [] : [this.#take(message, length)]
    })
  }

  #next(direction: Direction): number | undefined {
    const bytes = this.#bytes[direction]
    if (bytes.length < this.#wanted[direction]) return undefined
    const size = this.#sizeOf[direction](bytes)
    if (size === undefined && bytes.length > MAX_PACKET) throw new Error('The packet does not end.')
    const isComplete = size !== undefined && size <= bytes.length
    this.#wanted[direction] = isComplete || size === undefined ? 1 : size
    return isComplete ? size : undefined
  }

  #take(message: CarriedMessage, size: number): WholePacket {
    const bytes = this.#bytes[message.direction]
    const { parts } = bytes
    return { ...packetOf(this.#protocol, message, new Uint8Array(bytes.take(size))), parts }
  }
}
