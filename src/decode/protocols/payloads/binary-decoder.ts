/** Makes the decoder of a format of binary values: in messages, or one after the other in a stream. */
import { type ByDirection, copied } from '../../by-direction.ts'
import type { ConnectionDecoder, ConnectionFacts, Decoder, EncodedMessage, Packet } from '../../decoder.ts'
import { PacketBytes } from '../../packet-bytes.ts'
import type { PacketMap } from '../../packet-map.ts'
import { ItemScanner, type ReadHeader } from './item-scanner.ts'
import { contentType, payloadType } from './payload-type.ts'
import { nameIn } from './value-name.ts'

export interface BinaryFormat {
  readonly name: string
  /** The name of the format, as users read it. */
  readonly title: string
  /** Subtypes of `application/`, and subprotocols. */
  readonly types: ReadonlySet<string>
  readonly readHeader: ReadHeader
  readonly load?: () => Promise<void>
  /** The JSON of one whole value. Throws if the bytes are not of the format. */
  decode(bytes: Uint8Array): unknown
}

export function binaryDecoder(format: BinaryFormat): Decoder {
  return {
    name: format.name,
    recognize: (facts) => payloadType(facts, format.types),
    ...(format.load !== undefined && { load: format.load }),
    open: (facts) => new BinaryDecoding(format, isStream(facts)),
  }
}

/** Whether the bytes are a stream, so that values need not end where messages do. */
function isStream({ transport }: ConnectionFacts): boolean {
  return transport === 'http-stream'
}

class BinaryDecoding implements ConnectionDecoder {
  readonly #format: BinaryFormat
  readonly #isStream: boolean
  readonly #bytes: ByDirection<PacketBytes>
  readonly #scanners: ByDirection<ItemScanner>

  constructor(
    format: BinaryFormat,
    isStream: boolean,
    bytes: ByDirection<PacketBytes> = { in: new PacketBytes(), out: new PacketBytes() },
    scanners: ByDirection<ItemScanner> = {
      in: new ItemScanner(format.readHeader),
      out: new ItemScanner(format.readHeader),
    },
  ) {
    this.#format = format
    this.#isStream = isStream
    this.#bytes = bytes
    this.#scanners = scanners
  }

  get stateSize(): number {
    return this.#bytes.in.length + this.#bytes.out.length
  }

  isInsidePacket({ direction }: EncodedMessage): boolean {
    return this.#bytes[direction].hasBegun
  }

  copy(): BinaryDecoding {
    return new BinaryDecoding(this.#format, this.#isStream, copied(this.#bytes), copied(this.#scanners))
  }

  decode(message: EncodedMessage, map?: PacketMap): readonly Packet[] {
    if (!mayBeBinary(message, this.#format)) return []
    const { direction } = message
    const bytes = this.#bytes[direction]
    const next = () => {
      const size = bytes.length === 0 ? undefined : this.#scanners[direction].next(bytes)
      return size === undefined ? undefined : this.#packet(bytes.take(size))
    }
    const packets = bytes.read(message.payload, next, map)
    if (bytes.length > 0 && !(this.#isStream && !message.isRequest))
      throw new Error(`The message ends inside a value of ${this.#format.title}.`)
    return packets
  }

  #packet(bytes: Uint8Array): Packet {
    const value = this.#value(bytes)
    const name = nameIn(value)
    return { kind: 'event', ...(name !== undefined && { name }), value }
  }

  #value(bytes: Uint8Array): unknown {
    try {
      return this.#format.decode(bytes)
    } catch {
      throw new Error(`The bytes are not ${this.#format.title}.`)
    }
  }
}

/** Text messages of a WebSocket are something else, such as a greeting in JSON; so is a body of another type. */
function mayBeBinary({ facts, binary, isRequest }: EncodedMessage, { types }: BinaryFormat): boolean {
  if (facts.transport === 'websocket') return binary
  return !isRequest || contentType(facts.requestHeaders, types) !== undefined
}
