/** Amazon's event stream encoding (application/vnd.amazon.eventstream), as Bedrock and other services of AWS use it. */
import type { EventStreamCodec } from '@smithy/eventstream-codec'
import type { Direction } from '../../../shared/event.ts'
import { type ByDirection, copied } from '../../by-direction.ts'
import type { ConnectionDecoder, ConnectionFacts, Decoder, EncodedMessage, Packet } from '../../decoder.ts'
import { headerOf } from '../../facts.ts'
import { FieldCursor } from '../../field-cursor.ts'
import { PacketBytes } from '../../packet-bytes.ts'
import type { PacketMap } from '../../packet-map.ts'
import { contentOf } from '../../values.ts'
import { stringOf } from '../fields.ts'
import { pathIn } from '../language-models/dialect.ts'
import { answerPacket, requestPacket } from '../language-models/model-packets.ts'
import { tryJson } from '../language-models/read-json.ts'
import { bedrock } from './bedrock.ts'
import { frameSize, mapFields, nextFrame } from './frames.ts'
import { frameValue } from './value.ts'

const TYPE = 'application/vnd.amazon.eventstream'

let codec: EventStreamCodec | undefined

export const eventStream: Decoder = {
  name: 'event-stream',
  recognize: (facts) => (isEventStream(facts) ? `content type ${TYPE}` : bedrock.recognize(facts)),
  recognizeMessage: ({ payload, isRequest }) =>
    !isRequest && frameSize(payload) !== undefined
      ? 'a message of an AWS event stream with its checksum'
      : undefined,
  async load() {
    const { EventStreamCodec } = await import('@smithy/eventstream-codec')
    codec = new EventStreamCodec(
      (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString()),
      (text) => Buffer.from(text),
    )
  },
  open: () => new EventStreamDecoding(),
}

function isEventStream({ responseHeaders }: ConnectionFacts): boolean {
  return headerOf(responseHeaders, 'content-type')?.toLowerCase().startsWith(TYPE) === true
}

class EventStreamDecoding implements ConnectionDecoder {
  readonly #bytes: ByDirection<PacketBytes>

  constructor(bytes: ByDirection<PacketBytes> = { in: new PacketBytes(), out: new PacketBytes() }) {
    this.#bytes = bytes
  }

  get stateSize(): number {
    return this.#bytes.in.length + this.#bytes.out.length
  }

  isInsidePacket({ direction }: EncodedMessage): boolean {
    return this.#bytes[direction].hasBegun
  }

  copy(): EventStreamDecoding {
    return new EventStreamDecoding(copied(this.#bytes))
  }

  decode({ payload, direction, isRequest, url }: EncodedMessage, map?: PacketMap): readonly Packet[] {
    if (isRequest) return [requestPacket(bedrock, tryJson(payload) ?? contentOf(payload), pathIn(url))]
    const bytes = this.#bytes[direction]
    const next = () => {
      const { position } = bytes
      const frame = nextFrame(bytes)
      if (frame === undefined) return undefined
      if (map !== undefined) mapFields(new FieldCursor(map, frame, position))
      return packetOf(frame, direction)
    }
    return bytes.read(payload, next, map)
  }
}

function packetOf(frame: Uint8Array, direction: Direction): Packet {
  const value = frameValue(decoded(frame))
  if (direction === 'in') return answerPacket(bedrock, value)
  const name = stringOf(value.headers[':event-type'])
  return { kind: 'event', ...(name !== undefined && { name }), value }
}

function decoded(frame: Uint8Array): ReturnType<EventStreamCodec['decode']> {
  if (codec === undefined) throw new Error('The codec of event streams is not loaded.')
  try {
    return codec.decode(frame)
  } catch {
    throw new Error('A message of the AWS event stream is damaged.')
  }
}
