/** Ids of SockJS, which are in its paths, and those of the protocols inside it. */
import { tryParseJson } from '../../shared/text/json-text.ts'
import type { ConnectionFacts, Decoder, EncodedMessage } from '../decoder.ts'
import { compilePath } from '../dialects/path.ts'
import type { PacketBytes } from '../packet-bytes.ts'
import { textOf } from '../values.ts'
import type {
  CarriedMessage,
  PacketSplitter,
  ProtocolIds,
  ReplaceId,
  RequestHead,
  WholePacket,
} from './ids.ts'
import { editAt } from './json-edits.ts'
import { editedBytes, packetText } from './packet-text.ts'
import { type RequestParts, replaceParts } from './request-ids.ts'
import { packetOf, StreamSplitter } from './splitters.ts'

/** A protocol that runs inside SockJS. */
interface InnerProtocol {
  readonly decoder: Decoder
  readonly protocol: ProtocolIds
}

/** The server, the session and the transport end the path. */
const SESSION =
  /\/([^/.?#]+)\/([^/.?#]+)(?=\/(?:websocket|xhr|xhr_send|xhr_streaming|eventsource|htmlfile|jsonp|jsonp_send)(?:$|[?#]))/
const QUERY: RequestParts = {
  query: new Map([
    ['c', 'callback'],
    ['t', 'nonce'],
  ]),
}
const LINE_FEED = 0x0a
const OPENING_BRACE = 0x7b
const ENTROPY = compilePath('$.entropy').steps
/** Messages in which the protocol inside is looked for. */
const FIRST_MESSAGES = 10

export function sockJsIds(inner: readonly InnerProtocol[]): ProtocolIds {
  const protocol: ProtocolIds = {
    name: 'sockjs',
    splitter: (facts) => new SockJsSplitter(protocol, inner, facts),
    replace: replaceInInfo,
    write: (packets, facts) => packets.map((packet) => frameOf(packet, protocol, facts)),
    replaceInRequest,
  }
  return protocol
}

/** A server gives a random number with the information about itself. */
function replaceInInfo(packet: WholePacket, replace: ReplaceId): Uint8Array {
  const { bytes, direction } = packet
  const text = direction === 'in' && bytes[0] === OPENING_BRACE ? packetText(bytes) : undefined
  if (text === undefined || 'isInFrame' in packet || tryParseJson(text) === undefined) return bytes
  const edit = editAt(text, 0, ENTROPY, (id) => replace('nonce', id, 'in'))
  return edit === undefined ? bytes : editedBytes(bytes, text, [edit])
}

class SockJsSplitter implements PacketSplitter {
  readonly #protocol: ProtocolIds
  readonly #decoders: readonly InnerProtocol[]
  readonly #facts: ConnectionFacts
  #inner: { readonly splitter: PacketSplitter } | undefined
  /** Of a stream that has a line feed after each frame. */
  #lines: PacketSplitter | undefined
  #seen = 0

  constructor(protocol: ProtocolIds, inner: readonly InnerProtocol[], facts: ConnectionFacts) {
    this.#protocol = protocol
    this.#decoders = inner
    this.#facts = facts
  }

  push(message: CarriedMessage): readonly WholePacket[] {
    if (message.direction === 'out') return this.#sent(textOf(message.payload), message)
    const isTerminated = this.#facts.transport !== 'websocket' && message.payload.at(-1) === LINE_FEED
    if (isTerminated) this.#lines ??= new StreamSplitter(this.#protocol, () => sizeOfLine)
    if (this.#lines === undefined) return this.#received(message.payload, message)
    return this.#lines.push(message).flatMap((line) => this.#received(line.bytes, message))
  }

  finish(): readonly WholePacket[] {
    return [...(this.#lines?.finish() ?? []), ...(this.#inner?.splitter.finish() ?? [])]
  }

  #received(bytes: Uint8Array, message: CarriedMessage): readonly WholePacket[] {
    const frame = textOf(bytes)
    const content = frame.slice(1).trimEnd()
    if (frame[0] === 'o') {
      this.#inner = undefined
      this.#seen = 0
    }
    const json = frame[0] === 'a' ? content : frame[0] === 'm' ? `[${content}]` : ''
    const packets = this.#messages(json, message)
    // A line feed after a frame belongs to its transport.
    const end = frame.endsWith('\n') ? bytes.length - 1 : bytes.length
    return packets ?? [packetOf(this.#protocol, message, new Uint8Array(bytes.subarray(0, end)))]
  }

  #sent(text: string, message: CarriedMessage): readonly WholePacket[] {
    const json = text.startsWith('d=') ? (new URLSearchParams(text).get('d') ?? '') : text
    const packets = this.#messages(json.startsWith('[') ? json : `[${json}]`, message)
    return packets ?? [packetOf(this.#protocol, message, new Uint8Array(message.payload))]
  }

  /** The packets in an array of strings; undefined if it is something else. */
  #messages(json: string, message: CarriedMessage): readonly WholePacket[] | undefined {
    const texts = tryParseJson(json)
    if (!Array.isArray(texts) || !texts.every((text) => typeof text === 'string')) return undefined
    return texts.flatMap((text) => this.#message({ ...message, binary: false, payload: Buffer.from(text) }))
  }

  #message(message: CarriedMessage): readonly WholePacket[] {
    this.#recognize(message)
    if (this.#inner !== undefined) return this.#inner.splitter.push(message)
    return [plainPacket(this.#protocol, message)]
  }

  #recognize({ direction, payload }: CarriedMessage): void {
    if (this.#inner !== undefined || this.#seen >= FIRST_MESSAGES) return
    this.#seen++
    const facts = this.#facts
    const message: EncodedMessage = {
      facts,
      number: 0,
      time: 0,
      direction,
      isRequest: false,
      url: facts.url ?? '',
      binary: false,
      eventName: '',
      payload,
      size: payload.length,
    }
    const found = this.#decoders.find(({ decoder }) => decoder.recognizeMessage?.(message) !== undefined)
    if (found !== undefined) this.#inner = { splitter: found.protocol.splitter(facts) }
  }
}

/** A message that a frame carries, without a known protocol. Its ids are not known. */
interface PlainPacket extends WholePacket {
  readonly isInFrame: true
}

function plainPacket(protocol: ProtocolIds, message: CarriedMessage): PlainPacket {
  return { ...packetOf(protocol, message, message.payload), isInFrame: true }
}

function sizeOfLine(bytes: PacketBytes): number | undefined {
  const end = bytes.indexOf(LINE_FEED)
  return end === undefined ? undefined : end + 1
}

/** A frame for each packet: in a stream, with a line feed. */
function frameOf(
  packet: WholePacket,
  own: ProtocolIds,
  { transport, url = '' }: ConnectionFacts,
): CarriedMessage {
  const { direction, bytes, protocol } = packet
  const isFrame = protocol === own && !('isInFrame' in packet)
  const array = JSON.stringify([textOf(bytes)])
  const frame = isFrame ? textOf(bytes) : direction === 'in' ? `a${array}` : array
  const isLine =
    direction === 'in' && (transport === 'http-stream' || /\/xhr(?:_streaming)?(?:$|\?)/.test(url))
  return { direction, payload: Buffer.from(isLine ? `${frame}\n` : frame), binary: false }
}

function replaceInRequest(head: RequestHead, replace: ReplaceId): RequestHead {
  const url = head.url.replace(SESSION, (whole, server: string, session: string) => {
    const [first, second] = [replace('server', server, 'in'), replace('session', session, 'in')]
    return first === undefined && second === undefined
      ? whole
      : `/${encodeURIComponent(first ?? server)}/${encodeURIComponent(second ?? session)}`
  })
  return replaceParts(url === head.url ? head : { ...head, url }, QUERY, replace)
}
