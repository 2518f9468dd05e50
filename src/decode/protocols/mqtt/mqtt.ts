/** MQTT 3.1, 3.1.1 and 5.0 over WebSocket, whose packets do not end where messages do (section 6.0 of MQTT 5.0). */
import type { Direction } from '../../../shared/event.ts'
import { latin1 } from '../../../shared/text/decode.ts'
import { type ByDirection, copied } from '../../by-direction.ts'
import type { ConnectionDecoder, Decoder, EncodedMessage, Packet } from '../../decoder.ts'
import { FieldCursor } from '../../field-cursor.ts'
import { PacketBytes } from '../../packet-bytes.ts'
import type { PacketMap } from '../../packet-map.ts'
import { eventOf } from './events.ts'
import { mapFields, typeOf } from './fields.ts'
import { fixedHeader } from './packet-size.ts'
import { loadParser, type MqttPacket, PacketParser } from './parse.ts'

/** The first bytes of CONNECT: its type, the length of the rest, and the protocol's name. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are bytes
const CONNECT = /^\x10[\x80-\xff]{0,3}[\0-\x7f]\0(?:\x04MQTT|\x06MQIsdp)/
/** Topic aliases of one direction. Beyond it, new ones are not remembered. */
const MAX_ALIASES = 1000

export const mqtt: Decoder = {
  name: 'mqtt',
  load: loadParser,
  recognize: ({ subprotocol = '' }) =>
    /^mqtt(v3\.1)?$/.test(subprotocol) ? `subprotocol ${subprotocol}` : undefined,
  recognizeMessage: ({ payload, direction }) =>
    direction === 'out' && CONNECT.test(latin1(payload.subarray(0, 16)))
      ? 'a CONNECT packet of MQTT'
      : undefined,
  open: () => new MqttDecoding(),
}

class MqttDecoding implements ConnectionDecoder {
  readonly #bytes: ByDirection<PacketBytes>
  readonly #aliases: ByDirection<Map<number, string>>
  readonly #parser: PacketParser

  constructor(
    bytes: ByDirection<PacketBytes> = { in: new PacketBytes(), out: new PacketBytes() },
    aliases: ByDirection<Map<number, string>> = { in: new Map(), out: new Map() },
    version?: number,
  ) {
    this.#bytes = bytes
    this.#aliases = aliases
    this.#parser = new PacketParser(version)
  }

  get stateSize(): number {
    const { in: incoming, out: outgoing } = this.#bytes
    return incoming.length + outgoing.length + 128 * (this.#aliases.in.size + this.#aliases.out.size)
  }

  isInsidePacket({ direction }: EncodedMessage): boolean {
    return this.#bytes[direction].hasBegun
  }

  copy(): MqttDecoding {
    const aliases = { in: new Map(this.#aliases.in), out: new Map(this.#aliases.out) }
    return new MqttDecoding(copied(this.#bytes), aliases, this.#parser.version)
  }

  decode({ payload, direction }: EncodedMessage, map?: PacketMap): readonly Packet[] {
    const bytes = this.#bytes[direction]
    const next = () => {
      const size = fixedHeader(bytes)?.size
      if (size === undefined || bytes.length < size) return undefined
      const { position } = bytes
      const taken = bytes.take(size)
      const packet = this.#parser.parse(taken)
      if (map !== undefined) mapFields(new FieldCursor(map, taken, position), this.#parser.version)
      return eventOf(packet, this.#topicOf(packet, direction))
    }
    return bytes.read(payload, next, map, () => typeOf(bytes.at(0)))
  }

  /** The topic of a PUBLISH packet, which may be given by its alias. */
  #topicOf({ topic, properties }: MqttPacket, direction: Direction): string | undefined {
    const aliases = this.#aliases[direction]
    const alias = Number(properties?.topicAlias)
    if (Number.isNaN(alias) || typeof topic !== 'string') return topic ?? undefined
    if (topic === '') return aliases.get(alias)
    if (aliases.size < MAX_ALIASES || aliases.has(alias)) aliases.set(alias, topic)
    return topic
  }
}
