/** Hocuspocus (https://tiptap.dev/docs/hocuspocus): messages of Yjs behind the name of their document, and its own. */
import type { Direction } from '../../../shared/event.ts'
import { forgetOldest } from '../../../shared/maps.ts'
import type { ConnectionDecoder, Decoder, EncodedMessage, Packet } from '../../decoder.ts'
import { jsonOrText, textOf } from '../../values.ts'
import { varintAt } from '../varint.ts'
import {
  AUTH,
  AWARENESS,
  awarenessPacket,
  loadDecoding,
  MessageReader,
  type ObjectPacket,
  QUERY_AWARENESS,
  queryAwarenessPacket,
  SYNC,
  syncPacket,
} from './messages.ts'

const SYNC_REPLY = 4
const STATELESS = 5
const BROADCAST_STATELESS = 6
const CLOSE = 7
const SYNC_STATUS = 8
const PING = 9
const PONG = 10

/** Between the name of the document and the session, if a connection has several sessions of a document. */
const SESSION_SEPARATOR = '\0'

const SYNC_STATUS_NAME = 'sync status'

/** Sessions whose updates are counted. Beyond it, the oldest are forgotten. */
const MAX_SESSIONS = 1000

const TOKEN = 0
const PERMISSION_DENIED = 1
const AUTHENTICATED = 2

export const hocuspocus: Decoder = {
  name: 'hocuspocus',
  load: loadDecoding,
  recognize: () => undefined,
  recognizeMessage: ({ payload, binary, direction }) =>
    binary && direction === 'out' && isTokenMessage(payload) ? 'an authentication of Hocuspocus' : undefined,
  sessionOf: ({ payload, facts }) => {
    const key = payload.length > 1 ? new MessageReader(payload, 'Hocuspocus').text() : ''
    // If the bytes are not a name, the message belongs to no session.
    return isName(key) ? `${facts.connection} ${key}` : undefined
  },
  open: () => new HocuspocusDecoding(),
}

/** How many updates a client has sent, and how many of them the server has confirmed. */
interface Updates {
  readonly sent: number
  readonly confirmed: number
}

class HocuspocusDecoding implements ConnectionDecoder {
  /** By document and session, from their authentication on: earlier updates would be missing. */
  readonly #updates: Map<string, Updates>

  constructor(updates: ReadonlyMap<string, Updates> = new Map()) {
    this.#updates = new Map(updates)
  }

  get stateSize(): number {
    return 128 * this.#updates.size
  }

  copy(): HocuspocusDecoding {
    return new HocuspocusDecoding(this.#updates)
  }

  decode({ payload, binary, direction }: EncodedMessage): readonly Packet[] {
    if (!binary) return []
    // Pings of the whole connection do not name a document.
    if (payload.length === 1) return [heartbeat(payload[0] ?? 0)]
    const reader = new MessageReader(payload, 'Hocuspocus')
    const key = reader.text()
    const packet = this.#counted(key, packetOf(reader, key, direction), direction)
    const [channel = '', sessionId] = key.split(SESSION_SEPARATOR, 2)
    if (sessionId === undefined) return [{ ...packet, channel }]
    return [{ ...packet, channel, value: { sessionId, ...packet.value } }]
  }

  /** The server confirms the updates of a client one after the other, without naming them. */
  #counted(key: string, packet: ObjectPacket, direction: Direction): ObjectPacket {
    const { name } = packet
    const updates = this.#updates.get(key)
    if (name === 'authentication' && updates === undefined) {
      this.#updates.set(key, { sent: 0, confirmed: 0 })
      forgetOldest(this.#updates, MAX_SESSIONS)
    }
    if (name === 'close') this.#updates.delete(key)
    if (updates === undefined) return packet
    const { sent, confirmed } = updates
    if (direction === 'out' && (name === 'sync.step2' || name === 'sync.update')) {
      this.#updates.set(key, { sent: sent + 1, confirmed })
      return { ...packet, asks: `update ${sent} ${key}` }
    }
    if (name !== SYNC_STATUS_NAME || confirmed === sent) return packet
    this.#updates.set(key, { sent, confirmed: confirmed + 1 })
    return { ...packet, answersTo: `update ${confirmed} ${key}` }
  }
}

function packetOf(reader: MessageReader, document: string, direction: Direction): ObjectPacket {
  switch (reader.number()) {
    case SYNC:
    case SYNC_REPLY:
      return syncPacket(reader, document)
    case AWARENESS:
      return awarenessPacket(reader, document)
    case AUTH:
      return authPacket(reader, `auth ${document}`, direction)
    case QUERY_AWARENESS:
      return queryAwarenessPacket(reader, document)
    case STATELESS:
    case BROADCAST_STATELESS:
      return { kind: 'event', name: 'stateless', value: { payload: jsonOrText(reader.text()) } }
    case CLOSE:
      return { kind: 'close', name: 'close', ...(reader.hasMore && { value: { reason: reader.text() } }) }
    case SYNC_STATUS: {
      const applied = reader.number() === 1
      return { kind: applied ? 'ack' : 'error', name: SYNC_STATUS_NAME, value: { applied } }
    }
    default:
      throw reader.failure()
  }
}

function heartbeat(type: number): Packet {
  if (type === PING) return { kind: 'heartbeat', name: 'ping', asks: 'ping' }
  if (type === PONG) return { kind: 'heartbeat', name: 'pong', answersTo: 'ping' }
  throw new Error('The message is not one of Hocuspocus.')
}

function authPacket(reader: MessageReader, key: string, direction: Direction): ObjectPacket {
  switch (reader.number()) {
    case TOKEN: {
      // A server asks for another token without sending one.
      if (direction === 'in') return { kind: 'request', name: 'token', asks: 'token' }
      const token = reader.text()
      const version = reader.hasMore ? { version: reader.text() } : {}
      return {
        kind: 'handshake',
        name: 'authentication',
        value: { token, ...version },
        asks: key,
        answersTo: 'token',
      }
    }
    case PERMISSION_DENIED:
      return { kind: 'error', name: 'permission denied', value: { reason: reader.text() }, answersTo: key }
    case AUTHENTICATED:
      return { kind: 'handshake', name: 'authenticated', value: { scope: reader.text() }, answersTo: key }
    default:
      throw reader.failure()
  }
}

function isName(key: string): boolean {
  return key !== '' && !/[\p{Cc}\ufffd]/u.test(key.replaceAll(SESSION_SEPARATOR, ''))
}

/** A name in text, the numbers of a token, the token, and perhaps the client's version. Names have less than 128 bytes. */
function isTokenMessage(payload: Uint8Array): boolean {
  const nameLength = payload[0] ?? 0
  const name = textOf(payload.subarray(1, 1 + nameLength))
  if (nameLength > 127 || !isName(name)) return false
  const type = 1 + nameLength
  if (payload[type] !== AUTH || payload[type + 1] !== TOKEN) return false
  let at = type + 2
  for (let texts = 0; texts < 2 && at < payload.length; texts++) {
    const length = varintAt(payload, at, 2)
    if (length === undefined) return false
    at = length.end + length.value
  }
  return at === payload.length
}
