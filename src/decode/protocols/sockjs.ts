/**
 * SockJS (https://sockjs.github.io/sockjs-protocol/), over WebSocket and its HTTP transports. Other protocols run inside it:
 * the decoders of these get the messages that its frames carry.
 */
import { forgetOldest } from '../../shared/maps.ts'
import { tryParseJson } from '../../shared/text/json-text.ts'
import type { ConnectionDecoder, ConnectionFacts, Decoder, EncodedMessage, Packet } from '../decoder.ts'
import { onceForFacts, urlOf } from '../facts.ts'
import { MAX_PACKETS, PacketBytes } from '../packet-bytes.ts'
import type { PacketMap } from '../packet-map.ts'
import { jsonOrText, textOf } from '../values.ts'
import { FrameMapping } from './sockjs-mapping.ts'

/** The server, the session and the transport end the path. Only `websocket` and `xhr` are names that others use too. */
const SESSION_PATH =
  /^(.*\/(?:\d{3}\/[^/.]+\/(?=websocket$|xhr$)|[^/.]+\/[^/.]+\/(?=xhr_|eventsource$|htmlfile$|jsonp)))(\w+)$/
const TRANSPORTS: ReadonlySet<string> = new Set([
  'websocket',
  'xhr',
  'xhr_send',
  'xhr_streaming',
  'eventsource',
  'htmlfile',
  'jsonp',
  'jsonp_send',
])
const SENDING_URL = /_send(?:\?|$)/
const HTML_URL = /\/htmlfile(?:\?|$)/
const SCRIPT_URL = /\/jsonp(?:\?|$)/
const LINE_FEED = 0x0a
const MAX_FRAME = 64 * 1024 * 1024
/** Messages in which another protocol is looked for. */
const FIRST_MESSAGES = 10
/** Connections of a session whose frames are incomplete. */
const MAX_STREAMS = 100

/** `inner` are the protocols that run inside SockJS, in order of precedence. */
export function sockJs(inner: readonly Decoder[]): Decoder {
  return {
    name: 'sockjs',
    async load() {
      await Promise.all(inner.map(({ load }) => load?.()))
    },
    scope: onceForFacts((facts) => {
      const url = urlOf(facts.url)
      const session = SESSION_PATH.exec(url?.pathname ?? '')?.[1]
      return session === undefined ? `connection ${facts.connection}` : `${url?.host}${session}`
    }),
    // A connection that polls may go on to another session.
    sessionOf: ({ facts, url }) =>
      `${facts.connection} ${SESSION_PATH.exec(urlOf(url)?.pathname ?? '')?.[1]}`,
    recognize({ url }) {
      const path = urlOf(url)?.pathname ?? ''
      const transport = SESSION_PATH.exec(path)?.[2] ?? ''
      return TRANSPORTS.has(transport) ? `path ${path}` : undefined
    },
    recognizeMessage: (message) =>
      isInfo(message) ? 'the information that a SockJS server gives' : undefined,
    open: () => new SockJsDecoding(inner),
  }
}

/** The protocol inside, once it is recognized. */
interface Inner {
  readonly decoder: Decoder
  readonly decoding: ConnectionDecoder
}

class SockJsDecoding implements ConnectionDecoder {
  readonly #decoders: readonly Decoder[]
  /** By connection: the bytes of a stream, which has a line feed after each frame. */
  readonly #streams: Map<number, PacketBytes>
  #inner: Inner | undefined
  #seen: number
  /** Whether a packet goes on after the latest message. */
  #isInside = false

  constructor(decoders: readonly Decoder[], streams: ReadonlyMap<number, PacketBytes> = new Map(), seen = 0) {
    this.#decoders = decoders
    this.#streams = new Map(streams)
    this.#seen = seen
  }

  get stateSize(): number {
    let size = this.#inner?.decoding.stateSize ?? 0
    for (const stream of this.#streams.values()) size += stream.length
    return size
  }

  isInsidePacket(): boolean {
    return this.#isInside
  }

  copy(): SockJsDecoding {
    const streams = new Map([...this.#streams].map(([connection, stream]) => [connection, stream.copy()]))
    const copy = new SockJsDecoding(this.#decoders, streams, this.#seen)
    if (this.#inner !== undefined)
      copy.#inner = { decoder: this.#inner.decoder, decoding: this.#inner.decoding.copy() }
    return copy
  }

  opened({ connection }: ConnectionFacts): void {
    this.#streams.delete(connection)
  }

  forget({ facts }: EncodedMessage): void {
    this.#streams.delete(facts.connection)
  }

  decode(message: EncodedMessage, map?: PacketMap): readonly Packet[] {
    this.#isInside = false
    if (message.size === 0) return []
    if (isInfo(message))
      return [{ kind: 'handshake', name: 'info', value: jsonOrText(textOf(message.payload)) }]
    const frame = map && new FrameMapping(map, message.payload, 0)
    if (message.direction === 'out') return this.#sent(textOf(message.payload), message, frame)
    if (SENDING_URL.test(message.url)) return answerToSent(textOf(message.payload).trim())
    const { connection, transport } = message.facts
    const isTerminated = transport !== 'websocket' && message.payload.at(-1) === LINE_FEED
    const isPage = HTML_URL.test(message.url) && message.payload.includes(LINE_FEED)
    const stream =
      this.#streams.get(connection) ?? (isTerminated || isPage ? this.#newStream(connection) : undefined)
    if (stream === undefined) {
      const text = textOf(message.payload)
      const unwrappedText = unwrapped(text, message.url)
      return this.#received(unwrappedText, message, unwrappedText === text ? frame : undefined)
    }
    return this.#lines(stream, message, map)
  }

  #newStream(connection: number): PacketBytes {
    const stream = new PacketBytes()
    this.#streams.set(connection, stream)
    forgetOldest(this.#streams, MAX_STREAMS)
    return stream
  }

  #lines(stream: PacketBytes, message: EncodedMessage, map: PacketMap | undefined): readonly Packet[] {
    const packets: Packet[] = []
    stream.add(message.payload)
    for (let end = stream.indexOf(LINE_FEED); end !== undefined; end = stream.indexOf(LINE_FEED)) {
      const { parts, position } = stream
      const line = stream.take(end)
      const text = textOf(line)
      const frame = unwrapped(text, message.url)
      const mapping = map && frame === text ? new FrameMapping(map, line, position) : undefined
      stream.take(1)
      stream.endPacket()
      for (const packet of this.#received(frame, message, mapping))
        packets.push(parts > 1 ? { ...packet, parts } : packet)
    }
    this.#isInside ||= stream.hasBegun
    if (map !== undefined && stream.hasBegun) {
      const { position, length, parts } = stream
      map.unfinished(position, position + length, parts > 1)
    }
    if (stream.length > MAX_FRAME) throw new Error('A frame of SockJS has more than 64 MiB.')
    stream.keep()
    return packets
  }

  #received(frame: string, message: EncodedMessage, mapping?: FrameMapping): readonly Packet[] {
    mapping?.type(frame[0])
    const content = frame.slice(1)
    if (frame[0] === 'a') return this.#messages(content, message, mapping)
    if (frame[0] === 'm') return this.#messages(`[${content}]`, message, mapping)
    const packet = this.#control(frame)
    if (packet === undefined) return []
    mapping?.whole()
    return [packet]
  }

  /** A frame without messages. */
  #control(frame: string): Packet | undefined {
    if (frame === 'o') {
      this.#inner = undefined
      this.#seen = 0
      return { kind: 'handshake', name: 'open' }
    }
    if (frame === 'h') return { kind: 'heartbeat', name: 'heartbeat' }
    // Streams begin with 2048 times `h`, because browsers used to hold back the beginning.
    if (/^h+$/.test(frame)) return { kind: 'handshake', name: 'prelude' }
    if (frame[0] === 'c') {
      const [code, reason] = strictArray(frame.slice(1))
      return { kind: 'close', name: 'close', value: { code, reason } }
    }
    if (frame === '' || frame[0] === '\r') return undefined
    throw new Error('The message is not a frame of SockJS.')
  }

  /** What a client sends: an array of messages, or a single one. */
  #sent(text: string, message: EncodedMessage, mapping?: FrameMapping): readonly Packet[] {
    // Forms of `jsonp_send` have the field `d`.
    const json = text.startsWith('d=') ? (new URLSearchParams(text).get('d') ?? '') : text
    return this.#messages(
      json.startsWith('[') ? json : `[${json}]`,
      message,
      json === text ? mapping : undefined,
    )
  }

  #messages(json: string, message: EncodedMessage, mapping?: FrameMapping): readonly Packet[] {
    const texts = strictArray(json)
    if (texts.length > MAX_PACKETS)
      throw new Error(`A frame of SockJS has more than ${MAX_PACKETS} messages.`)
    const packets = texts.map((text) => {
      if (typeof text !== 'string') throw new Error('A message in SockJS is not a string.')
      if (mapping === undefined) return this.#message(text, message)
      return mapping.string(text, texts.length, (map) => this.#message(text, message, map))
    })
    return packets.flat()
  }

  #message(text: string, outer: EncodedMessage, map?: PacketMap): readonly Packet[] {
    const payload = Buffer.from(text)
    const message = { ...outer, binary: false, payload, size: payload.length }
    const inner = this.#recognize(message)
    if (inner === undefined) return [{ kind: 'event', value: jsonOrText(text) }]
    const { name } = inner.decoder
    const packets = inner.decoding.decode(message, map)
    this.#isInside = packets.length === 0 && inner.decoding.isInsidePacket?.(message) === true
    return packets.map((packet) => ({ protocol: name, ...packet }))
  }

  #recognize(message: EncodedMessage): Inner | undefined {
    if (this.#inner !== undefined || this.#seen >= FIRST_MESSAGES) return this.#inner
    this.#seen++
    const decoder = this.#decoders.find((each) => each.recognizeMessage?.(message) !== undefined)
    if (decoder !== undefined) this.#inner = { decoder, decoding: decoder.open(message.facts) }
    return this.#inner
  }
}

/** The frame in a line of the transports that run as scripts; an empty text for markup around it. */
function unwrapped(line: string, url: string): string {
  if (HTML_URL.test(url)) return scriptArgument(/^p\((".*")\);\r?$/.exec(line)?.[1]) ?? ''
  if (!SCRIPT_URL.test(url)) return line
  return scriptArgument(/^(?:\/\*\*\/)?[\w$.[\]]{1,200}\((".*")\);\r?$/.exec(line)?.[1]) ?? line
}

function scriptArgument(json = ''): string | undefined {
  const value = tryParseJson(json)
  return typeof value === 'string' ? value : undefined
}

/** What a server says of a body that a client sent. */
function answerToSent(text: string): readonly Packet[] {
  return text === 'ok' || text === '' ? [] : [{ kind: 'error', name: 'error', value: text }]
}

/** What a server says of itself before a session. */
function isInfo({ payload, direction }: EncodedMessage): boolean {
  if (direction === 'out' || payload[0] !== 0x7b || payload.length > 1000) return false
  const text = textOf(payload)
  return ['"websocket":', '"origins":', '"cookie_needed":', '"entropy":'].every((field) =>
    text.includes(field),
  )
}

function strictArray(json: string): unknown[] {
  const array = tryParseJson(json)
  if (Array.isArray(array)) return array
  throw new Error('A frame of SockJS does not have an array in JSON.')
}
