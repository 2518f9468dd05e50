/**
 * A stream of messages of Protocol Buffers, such as the body of a call of gRPC-Web.
 * https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md
 */
import { areFrames, inflatedFrame, trailersIn } from '../../../../parse/grpc.ts'
import type { Direction } from '../../../../shared/event.ts'
import { fieldsOf } from '../../../../shared/fields.ts'
import { latin1 } from '../../../../shared/text/decode.ts'
import { type ByDirection, copied } from '../../../by-direction.ts'
import type { ConnectionDecoder, EncodedMessage, Packet } from '../../../decoder.ts'
import { urlOf } from '../../../facts.ts'
import { PacketBytes } from '../../../packet-bytes.ts'
import type { PacketMap } from '../../../packet-map.ts'
import { base64, jsonOrText, textOf } from '../../../values.ts'
import { Base64Text } from './base64-text.ts'
import { type Frame, takeFrame } from './frames.ts'
import type { Framing } from './framing.ts'

/** The service and the method of a call. */
const METHOD = /\/([\w.]+\/\w+)$/

/** Makes the packet of a message. */
export type ReadMessage = (bytes: Uint8Array, direction: Direction) => Packet

export class FramedDecoding implements ConnectionDecoder {
  readonly #read: ReadMessage
  readonly #framing: Framing
  readonly #bytes: ByDirection<PacketBytes>
  readonly #texts: ByDirection<Base64Text>

  constructor(
    read: ReadMessage,
    framing: Framing,
    bytes: ByDirection<PacketBytes> = { in: new PacketBytes(), out: new PacketBytes() },
    texts: ByDirection<Base64Text> = { in: new Base64Text(), out: new Base64Text() },
  ) {
    this.#read = read
    this.#framing = framing
    this.#bytes = bytes
    this.#texts = texts
  }

  get stateSize(): number {
    return this.#bytes.in.length + this.#bytes.out.length
  }

  isInsidePacket({ direction }: EncodedMessage): boolean {
    return this.#bytes[direction].hasBegun
  }

  copy(): FramedDecoding {
    return new FramedDecoding(this.#read, this.#framing, copied(this.#bytes), copied(this.#texts))
  }

  decode(message: EncodedMessage, map?: PacketMap): readonly Packet[] {
    const { payload, direction, binary, isRequest, facts, url } = message
    if (facts.transport === 'websocket' && !binary) return []
    const isText = this.#framing === 'grpc-text'
    // What the user gave as the body is put into a frame when it is sent.
    if (isRequest && this.#framing === 'grpc' && !areFrames(payload)) {
      const whole = { bytes: payload, isCompressed: false, end: undefined }
      return [this.#packet(whole, direction, url)]
    }
    if (this.#framing === 'delimited' && isRequest) return []
    const content = isText ? this.#texts[direction].decode(latin1(payload)) : payload
    const bytes = this.#bytes[direction]
    const next = (): Packet | undefined => {
      const frame = takeFrame(bytes, this.#framing)
      return frame && this.#packet(frame, direction, url)
    }
    return bytes.read(content, next, isText ? undefined : map)
  }

  #packet(frame: Frame, direction: Direction, url: string): Packet {
    if (this.#framing === 'delimited') return this.#read(frame.bytes, direction)
    if (frame.end !== undefined) return { ...ending(frame), answersTo: 'call' }
    const content = frame.isCompressed ? inflatedFrame(frame.bytes) : frame.bytes
    const message: Packet =
      content === undefined
        ? { kind: 'data', value: { compressed: base64(frame.bytes) } }
        : this.#read(content, direction)
    const name = METHOD.exec(urlOf(url)?.pathname ?? '')?.[1] ?? message.name
    const named = { ...message, ...(name !== undefined && { name }) }
    return direction === 'out'
      ? { ...named, kind: 'request', asks: 'call' }
      : { ...named, kind: 'data', answersTo: 'call', continues: true }
  }
}

/** How a call ended. */
function ending({ bytes: given, end, isCompressed }: Frame): Packet {
  const bytes = isCompressed ? (inflatedFrame(given) ?? given) : given
  if (isCompressed && bytes === given)
    return { kind: 'close', name: 'trailers', value: { compressed: base64(bytes) } }
  if (end === 'json') {
    const value = jsonOrText(textOf(bytes))
    return { kind: fieldsOf(value).error === undefined ? 'close' : 'error', name: 'end of stream', value }
  }
  const trailers = trailersIn(textOf(bytes))
  const hasFailed = (trailers['grpc-status'] ?? '0') !== '0'
  return { kind: hasFailed ? 'error' : 'close', name: 'trailers', value: trailers }
}
