/**
 * Socket.IO and Engine.IO (https://socket.io/docs/v4/engine-io-protocol/), versions 3 and 4 of the latter. The polls and
 * the WebSocket of a session share its state.
 */
import { forgetOldest } from '../../../shared/maps.ts'
import type { ByteSpan } from '../../byte-spans.ts'
import type { ConnectionDecoder, ConnectionFacts, Decoder, EncodedMessage, Packet } from '../../decoder.ts'
import { onceForFacts, urlOf } from '../../facts.ts'
import type { PacketMap } from '../../packet-map.ts'
import { jsonOrText, textOf } from '../../values.ts'
import { bodyPackets, type EnginePacket, socketPacket } from './engine-packets.ts'
import { PacketMapping } from './packet-mapping.ts'
import { EngineSession } from './session.ts'
import { loadUnpack, unpack } from './unpack.ts'

/** Sessions of one server at the same time. Beyond it, the oldest are forgotten. */
const MAX_SESSIONS = 100
const OPEN_PACKET = /^(?:\d+:)?0\{"sid":"/
/** The first byte of a `message` packet. */
const MESSAGE = 0x34
/** The first byte of bytes in Base64. */
const BASE64 = 0x62
/** What servers answer to a body that they accept. */
const ACCEPTED = 'ok'

/** What the URL of a request says. */
export interface Address {
  readonly url: string
  readonly version: number
  readonly isPolling: boolean
  readonly sid: string | undefined
}

export const socketIo: Decoder = decoderOf('socket.io', false)

/** Engine.IO without Socket.IO. */
export const engineIo: Decoder = decoderOf('engine.io', true)

function decoderOf(name: string, isBare: boolean): Decoder {
  return {
    name,
    load: loadUnpack,
    // A WebSocket without a session ID is a session of its own. Polls get their session ID in the first response.
    scope: onceForFacts((facts) => {
      const { sid, isPolling } = addressOf(facts.url ?? '')
      const url = urlOf(facts.url)
      return sid === undefined && !isPolling
        ? `connection ${facts.connection}`
        : `${url?.host}${url?.pathname}`
    }),
    sessionOf: ({ url }) => addressOf(url).sid,
    recognize(facts) {
      const url = urlOf(facts.url)
      const version = url?.searchParams.get('EIO') ?? ''
      const isBarePath = url !== undefined && /\/engine\.io\/?$/.test(url.pathname)
      if (!/^[34]$/.test(version) || isBarePath !== isBare) return undefined
      return `path ${url?.pathname} and EIO=${version}`
    },
    ...(!isBare && {
      recognizeMessage: ({ payload, binary, direction }: EncodedMessage) =>
        !binary && direction === 'in' && OPEN_PACKET.test(textOf(payload.subarray(0, 32)))
          ? 'an open packet of Engine.IO'
          : undefined,
    }),
    open: () => new SocketIoDecoding(isBare),
  }
}

class SocketIoDecoding implements ConnectionDecoder {
  readonly #isBare: boolean
  readonly #sessions: Map<string, EngineSession>
  /** The session of each connection whose URL has no session ID. */
  readonly #names: Map<number, string>
  #opened: number
  #address: Address = addressOf('')
  /** The session of the latest message; undefined if it may be another one now. */
  #latest: { readonly connection: number; readonly session: EngineSession } | undefined

  constructor(
    isBare: boolean,
    sessions: ReadonlyMap<string, EngineSession> = new Map(),
    names: ReadonlyMap<number, string> = new Map(),
    opened = 0,
  ) {
    this.#isBare = isBare
    this.#sessions = new Map([...sessions].map(([name, session]) => [name, session.copy()]))
    this.#names = new Map(names)
    this.#opened = opened
  }

  get stateSize(): number {
    let size = 64 * this.#names.size
    for (const session of this.#sessions.values()) size += session.stateSize
    return size
  }

  isInsidePacket(message: EncodedMessage): boolean {
    return this.#current(message).isIncomplete(message.direction)
  }

  copy(): SocketIoDecoding {
    return new SocketIoDecoding(this.#isBare, this.#sessions, this.#names, this.#opened)
  }

  opened({ connection }: ConnectionFacts): void {
    this.#latest = undefined
    this.#names.delete(connection)
    this.#names.set(connection, `opening ${++this.#opened}`)
    forgetOldest(this.#names, MAX_SESSIONS)
  }

  forget({ facts, url }: EncodedMessage): void {
    this.#latest = undefined
    this.#sessions.delete(addressOf(url).sid ?? this.#names.get(facts.connection) ?? '')
  }

  decode(message: EncodedMessage, map?: PacketMap): readonly Packet[] {
    if (message.url !== this.#address.url) {
      this.#address = addressOf(message.url)
      this.#latest = undefined
    }
    const { version, isPolling } = this.#address
    const { payload, binary, facts } = message
    if (!isPolling && facts.transport === 'websocket') {
      const packet =
        !binary && payload[0] === MESSAGE
          ? this.#current(message).takeText(payload, message)
          : this.#take(socketPacket(payload, binary, version), message)
      if (map !== undefined) {
        const mapping = new PacketMapping(map, version)
        mapping.add(packet, payload, [0, payload.length], binary)
        mapping.end(payload.length)
      }
      return packet === undefined ? [] : [packet]
    }
    const response = message.direction === 'in' ? responseOf(payload) : undefined
    if (response !== undefined) return response
    const packets: Packet[] = []
    const mapping = map && new PacketMapping(map, version)
    const spans: ByteSpan[] = []
    const note = mapping && ((from: number, to: number) => void spans.push([from, to]))
    for (const [index, enginePacket] of bodyPackets(payload, version, note).entries()) {
      const packet = this.#take(enginePacket, message)
      if (packet !== undefined) packets.push(packet)
      const { data } = enginePacket
      const [from, to] = spans[index] ?? [0, 0]
      mapping?.add(packet, payload, [from, to], typeof data !== 'string' && payload[from] !== BASE64)
    }
    mapping?.end(payload.length)
    return packets
  }

  #take(packet: EnginePacket, message: EncodedMessage): Packet | undefined {
    const { connection } = message.facts
    if (packet.type === 'open') {
      this.#latest = undefined
      const sid = sidIn(packet.data)
      if (sid !== undefined) this.#names.set(connection, sid)
    }
    return this.#current(message).take(packet, message)
  }

  #current({ facts }: EncodedMessage): EngineSession {
    const { connection } = facts
    if (this.#latest?.connection === connection) return this.#latest.session
    const session = this.#sessionOf(this.#address.sid ?? this.#names.get(connection) ?? '')
    this.#latest = { connection, session }
    return session
  }

  #sessionOf(name: string): EngineSession {
    const known = this.#sessions.get(name)
    if (known !== undefined) return known
    const session = new EngineSession(name, unpack, this.#isBare || undefined)
    this.#sessions.set(name, session)
    forgetOldest(this.#sessions, MAX_SESSIONS)
    return session
  }
}

/** What a server answers to a request without packets, or undefined for packets. */
function responseOf(payload: Uint8Array): readonly Packet[] | undefined {
  if (payload.length === 0) return []
  const text = textOf(payload.subarray(0, 256))
  if (text === ACCEPTED) return []
  if (!/^\{"code":\d/.test(text)) return undefined
  const value = jsonOrText(textOf(payload))
  return [{ protocol: 'engine.io', kind: 'error', name: 'error', value }]
}

function sidIn(data: string | Uint8Array): string | undefined {
  const open = jsonOrText(String(data))
  return typeof open === 'object' && open !== null && 'sid' in open ? String(open.sid) : undefined
}

export function addressOf(url: string): Address {
  const query = urlOf(url)?.searchParams
  return {
    url,
    version: query?.get('EIO') === '3' ? 3 : 4,
    isPolling: query?.get('transport') === 'polling',
    sid: query?.get('sid') ?? undefined,
  }
}
