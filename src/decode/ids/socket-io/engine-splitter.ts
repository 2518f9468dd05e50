/**
 * Splits the messages and bodies of Engine.IO into packets, and writes them. An event of Socket.IO and its attachments
 * are one packet.
 */
import type { Direction } from '../../../shared/event.ts'
import { isFields } from '../../../shared/fields.ts'
import type { ConnectionFacts } from '../../decoder.ts'
import {
  bodyPackets,
  type EnginePacket,
  socketPacket,
  textOfPacket,
} from '../../protocols/socket-io/engine-packets.ts'
import { parsePacket } from '../../protocols/socket-io/packets.ts'
import { addressOf } from '../../protocols/socket-io/socket-io.ts'
import { asBuffer, textOf } from '../../values.ts'
import type { CarriedMessage, PacketSplitter, ProtocolIds, WholePacket } from '../ids.ts'
import { packetIn, packetOf } from '../splitters.ts'
import { packedHead } from './msgpack-ids.ts'
import { isOffset } from './offset.ts'

/** Maximum number of bytes of attachments. Beyond it, an event is dropped if attachments are missing. */
const MAX_ATTACHED = 64 * 1024 * 1024
/** The beginning of a CONNECT packet of Socket.IO. */
const CONNECT = '40'
/** Namespaces of a connection whose clients can recover. */
const MAX_NAMESPACES = 1000
const RECORD_SEPARATOR = '\x1e'
/** The first byte of a binary packet in version 3: the type `message`. */
const MESSAGE_TYPE = 4
/** Types of Engine.IO and Socket.IO: an event or an acknowledgment with attachments, and their number. */
const WITH_ATTACHMENTS = /^4[56](\d{1,4})-/
/** What a server answers to a request without packets. */
const WITHOUT_PACKETS = /^(?:ok$|\{"code":\d|$)/

interface EngineWholePacket extends WholePacket {
  /** The client can recover what it misses, and the last argument of the event is its offset. */
  readonly hasOffset: boolean
}

interface Waiting {
  readonly packet: EngineWholePacket
  readonly count: number
  readonly size: number
}

export class EngineSplitter implements PacketSplitter {
  readonly #protocol: ProtocolIds
  readonly #carrier: Carrier
  readonly #waiting: Partial<Record<Direction, Waiting>> = {}
  /** Namespaces whose clients can recover. */
  readonly #recoverable = new Set<string>()

  constructor(protocol: ProtocolIds, facts: ConnectionFacts) {
    this.#protocol = protocol
    this.#carrier = carrierOf(facts)
  }

  push(message: CarriedMessage): readonly WholePacket[] {
    const packets = partsOf(message, this.#carrier)
    if (packets === undefined) return [packetIn(this.#protocol, message)]
    // Attachments are parts of the packet before them, not messages of their own, if one body has both.
    return packets.flatMap((packet) => this.#take(packet, message))
  }

  finish(): readonly WholePacket[] {
    return [...this.#release('in'), ...this.#release('out')]
  }

  #take(enginePacket: EnginePacket, message: CarriedMessage): readonly WholePacket[] {
    const text = textOfPacket(enginePacket)
    if (text === undefined) return this.#binary(enginePacket.data, message)
    const packet = this.#packetOf(text, message)
    if (enginePacket.type !== 'message') return [packet]
    const count = Number(WITH_ATTACHMENTS.exec(text)?.[1] ?? 0)
    const earlier = this.#release(message.direction)
    if (count === 0) return [...earlier, packet]
    this.#waiting[message.direction] = { packet, count, size: 0 }
    return earlier
  }

  #packetOf(text: string, message: CarriedMessage): EngineWholePacket {
    const packet = packetOf(this.#protocol, { ...message, binary: false }, Buffer.from(text))
    return { ...packet, hasOffset: message.direction === 'in' && this.#hasOffset(text) }
  }

  /** Whether a packet from the server ends with its offset. Takes note of the namespaces that have offsets. */
  #hasOffset(text: string): boolean {
    if (this.#recoverable.size === 0 && !text.startsWith(CONNECT)) return false
    const { type, namespace = '', data, id } = (text[0] === '4' && parsePacket(text.slice(1))) || {}
    if (type === 'CONNECT' && isFields(data) && 'pid' in data && this.#recoverable.size < MAX_NAMESPACES)
      this.#recoverable.add(namespace)
    if (type !== 'EVENT' || id !== undefined || !this.#recoverable.has(namespace)) return false
    return Array.isArray(data) && data.length > 1 && isOffset(data.at(-1))
  }

  /** The same for a packet in MessagePack. */
  #hasPackedOffset(bytes: Uint8Array): boolean {
    const { namespace, isRecoverable, mayHaveOffset } = packedHead(bytes)
    if (isRecoverable && this.#recoverable.size < MAX_NAMESPACES) this.#recoverable.add(String(namespace))
    return mayHaveOffset && this.#recoverable.has(String(namespace))
  }

  #binary(data: string | Uint8Array, message: CarriedMessage): readonly WholePacket[] {
    const bytes = typeof data === 'string' ? Buffer.from(data) : new Uint8Array(data)
    const waiting = this.#waiting[message.direction]
    if (waiting === undefined) {
      const packet = packetOf(this.#protocol, { ...message, binary: true }, bytes)
      const hasOffset = message.direction === 'in' && this.#hasPackedOffset(bytes)
      const found: EngineWholePacket = { ...packet, hasOffset }
      return [found]
    }
    const { packet, count, size } = waiting
    const attachments = [...packet.attachments, bytes]
    const parts = packet.parts + (this.#carrier.isPolling ? 0 : 1)
    this.#waiting[message.direction] = {
      packet: { ...packet, attachments, parts },
      count,
      size: size + bytes.length,
    }
    const isComplete = attachments.length === count || size + bytes.length > MAX_ATTACHED
    return isComplete ? this.#release(message.direction) : []
  }

  /** The packet whose attachments have not all come, because no more are expected. */
  #release(direction: Direction): readonly WholePacket[] {
    const waiting = this.#waiting[direction]
    delete this.#waiting[direction]
    return waiting === undefined ? [] : [waiting.packet]
  }
}

interface Carrier {
  readonly version: number
  readonly isPolling: boolean
}

function carrierOf({ url = '', transport }: ConnectionFacts): Carrier {
  const { version, isPolling } = addressOf(url)
  return { version, isPolling: isPolling || transport !== 'websocket' }
}

/** The packets of Engine.IO in a message; undefined if it has none. */
function partsOf(message: CarriedMessage, { version, isPolling }: Carrier): EnginePacket[] | undefined {
  const { payload, binary = false, direction } = message
  try {
    if (!isPolling) return [socketPacket(payload, binary, version)]
    if (direction === 'in' && WITHOUT_PACKETS.test(textOf(payload.subarray(0, 16)))) return undefined
    return bodyPackets(payload, version)
  } catch {
    return undefined
  }
}

/** Writes packets as messages of a WebSocket, or as one body. */
export function writeEngine(
  packets: readonly WholePacket[],
  facts: ConnectionFacts,
): readonly CarriedMessage[] {
  const { version, isPolling } = carrierOf(facts)
  const pieces = packets.flatMap(({ direction, bytes, binary, attachments }) => [
    { direction, payload: bytes, binary },
    ...attachments.map((payload) => ({ direction, payload, binary: true })),
  ])
  const [first] = pieces
  if (first === undefined) return []
  if (isPolling) return [{ direction: first.direction, payload: Buffer.from(bodyOf(pieces, version)) }]
  if (version !== 3) return pieces
  return pieces.map((piece) =>
    piece.binary ? { ...piece, payload: Buffer.from([MESSAGE_TYPE, ...piece.payload]) } : piece,
  )
}

function bodyOf(pieces: readonly CarriedMessage[], version: number): string {
  const texts = pieces.map(({ payload, binary = false }) => {
    if (!binary) return textOf(payload)
    return `b${version === 3 ? MESSAGE_TYPE : ''}${asBuffer(payload).toString('base64')}`
  })
  return version === 3 ? texts.map((text) => `${text.length}:${text}`).join('') : texts.join(RECORD_SEPARATOR)
}
