/** What a close frame means for the connection (RFC 6455 section 7.4), and which ones may be sent. */
import { STATUS_CODES } from 'node:http'
import { CLOSE_CODES, type CloseMeaning, isCloseCode } from '../../shared/close-codes.ts'
import { isTransientStatus } from '../http/failure-kinds.ts'
import type { DisconnectRequest, Outcome } from '../transport.ts'
import { badCloseCode, closeReasonTooLong } from './failures.ts'

/** What is known about the peer that closed the connection. */
export interface Peer {
  readonly url: URL
  readonly subprotocol: string
}

const failed = (meaning: string): CloseMeaning => ({ meaning, end: 'failed' })
const lost = (meaning: string): CloseMeaning => ({ meaning, end: 'lost' })

/** A protocol with its own codes from 3000 on. Codes that it does not list have no known meaning. */
interface CloseCodeSet {
  readonly name: string
  isUsedBy(peer: Peer): boolean
  /** Ranges of codes after which a client must not reconnect unchanged, and their meanings. */
  readonly final: readonly (readonly [from: number, to: number, meaning: string])[]
}

const CODE_SETS: readonly CloseCodeSet[] = [
  {
    // The PROTOCOL.md of graphql-ws, and the codes that its client treats as fatal.
    name: 'graphql-transport-ws',
    isUsedBy: ({ subprotocol }) => subprotocol === 'graphql-transport-ws',
    final: [
      [4004, 4004, 'bad response'],
      [4005, 4005, 'internal client error'],
      [4400, 4400, 'bad request'],
      [4401, 4401, 'unauthorized'],
      [4403, 4403, 'forbidden'],
      [4406, 4406, 'subprotocol not acceptable'],
      [4409, 4409, 'subscriber already exists'],
      [4429, 4429, 'too many initialisation requests'],
      [4500, 4500, 'internal server error'],
    ],
  },
  {
    // The Pusher Channels protocol, "Connection closure". Soketi and Laravel Reverb use it, too.
    name: 'Pusher',
    isUsedBy: ({ url }) => url.pathname.startsWith('/app/') && url.searchParams.has('protocol'),
    final: [[4000, 4099, 'not to be re-established unchanged']],
  },
  {
    // Discord's documentation, "Gateway Close Event Codes".
    name: 'Discord',
    isUsedBy: ({ url }) => /^gateway[\w-]*\.discord\.gg$/.test(url.hostname),
    final: [
      [4004, 4004, 'authentication failed'],
      [4010, 4010, 'invalid shard'],
      [4011, 4011, 'sharding required'],
      [4012, 4012, 'invalid API version'],
      [4013, 4013, 'invalid intents'],
      [4014, 4014, 'disallowed intents'],
    ],
  },
  {
    // Centrifugo's documentation, "Client protocol codes".
    name: 'Centrifugo',
    isUsedBy: ({ url, subprotocol }) =>
      subprotocol.startsWith('centrifuge-') || url.pathname.endsWith('/connection/websocket'),
    final: [
      [3500, 3999, 'terminal'],
      [4500, 4999, 'terminal'],
    ],
  },
  {
    // The protocol of obs-websocket 5, "WebSocketCloseCode".
    name: 'obs-websocket',
    isUsedBy: ({ subprotocol }) => subprotocol.startsWith('obswebsocket.'),
    final: [
      [4002, 4008, 'bad message'],
      [4009, 4009, 'authentication failed'],
      [4010, 4010, 'unsupported RPC version'],
      [4011, 4011, 'session invalidated'],
      [4012, 4012, 'unsupported feature'],
    ],
  },
]

/**
 * By convention, a code from 4400 to 4499 is an HTTP status plus 4000, as in graphql-ws, Hocuspocus and many others.
 */
const HTTP_BASE = 4000

function asHttpStatus(code: number): CloseMeaning | undefined {
  const status = code - HTTP_BASE
  const phrase = status >= 400 && status < 500 ? STATUS_CODES[status] : undefined
  if (phrase === undefined) return undefined
  return (isTransientStatus(status) ? lost : failed)(`as HTTP ${status} ${phrase}`)
}

/** What a close code of that peer means. After an unknown one, another attempt may help. */
export function meaningOf(code: number, peer: Peer): CloseMeaning {
  for (const { name, isUsedBy, final } of CODE_SETS) {
    if (!isUsedBy(peer)) continue
    const [, , meaning] = final.find(([from, to]) => code >= from && code <= to) ?? []
    if (meaning !== undefined) return failed(`${meaning}, ${name}`)
  }
  return CLOSE_CODES[code] ?? asHttpStatus(code) ?? lost('application code')
}

/** The outcome of an attempt that the server closed with this code. */
export function closedByServer(code: number, reason: string, peer: Peer): Outcome {
  const { meaning, end } = meaningOf(code, peer)
  return { end, reason: `server closed with ${code} (${meaning})${reason === '' ? '' : `: ${reason}`}` }
}

/** RFC 6455 section 5.5: a control frame's payload has at most 125 bytes, of which the code takes 2. */
const MAX_REASON_BYTES = 123

/** Throws a `Failure` `BAD_CLOSE` if a close frame must not carry the code or the reason. */
export function checkClose({ code, reason }: DisconnectRequest): void {
  if (code !== undefined && !(Number.isInteger(code) && isCloseCode(code))) throw badCloseCode(code)
  if (reason !== undefined && new TextEncoder().encode(reason).length > MAX_REASON_BYTES)
    throw closeReasonTooLong(MAX_REASON_BYTES)
}
