/** What WebSocket close codes mean, and what they say of another attempt: one table, by who defines the codes. */
import { STATUS_CODES } from 'node:http'
import { CLOSE_CODES, type CloseMeaning } from '../../shared/close-codes.ts'
import { isTransientStatus } from '../http/failure-kinds.ts'

/** What is known of whoever closed. */
export interface Peer {
  readonly url: URL
  readonly subprotocol: string
}

const failed = (meaning: string): CloseMeaning => ({ meaning, end: 'failed' })
const lost = (meaning: string): CloseMeaning => ({ meaning, end: 'lost' })

/** A protocol with codes of its own from 3000 on; of codes that it does not list nothing is known. */
interface Dialect {
  readonly name: string
  isSpokenBy(peer: Peer): boolean
  /** Ranges of codes after which a client is not to come back unchanged, with what they mean. */
  readonly final: readonly (readonly [from: number, to: number, meaning: string])[]
}

const DIALECTS: readonly Dialect[] = [
  {
    // The PROTOCOL.md of graphql-ws, and the codes that its client takes for fatal.
    name: 'graphql-transport-ws',
    isSpokenBy: ({ subprotocol }) => subprotocol === 'graphql-transport-ws',
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
    // The Pusher Channels protocol, "Connection closure"; spoken by Soketi and Laravel Reverb, too.
    name: 'Pusher',
    isSpokenBy: ({ url }) => url.pathname.startsWith('/app/') && url.searchParams.has('protocol'),
    final: [[4000, 4099, 'not to be re-established unchanged']],
  },
  {
    // Discord's documentation, "Gateway Close Event Codes".
    name: 'Discord',
    isSpokenBy: ({ url }) => /^gateway[\w-]*\.discord\.gg$/.test(url.hostname),
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
    isSpokenBy: ({ url, subprotocol }) =>
      subprotocol.startsWith('centrifuge-') || url.pathname.endsWith('/connection/websocket'),
    final: [
      [3500, 3999, 'terminal'],
      [4500, 4999, 'terminal'],
    ],
  },
  {
    // The protocol of obs-websocket 5, "WebSocketCloseCode".
    name: 'obs-websocket',
    isSpokenBy: ({ subprotocol }) => subprotocol.startsWith('obswebsocket.'),
    final: [
      [4002, 4008, 'bad message'],
      [4009, 4009, 'authentication failed'],
      [4010, 4010, 'unsupported RPC version'],
      [4011, 4011, 'session invalidated'],
      [4012, 4012, 'unsupported feature'],
    ],
  },
]

/** By convention a code from 4400 to 4499 is that status of HTTP, plus 4000: graphql-ws, Hocuspocus and many others. */
const HTTP_BASE = 4000

function asHttpStatus(code: number): CloseMeaning | undefined {
  const status = code - HTTP_BASE
  const phrase = status >= 400 && status < 500 ? STATUS_CODES[status] : undefined
  if (phrase === undefined) return undefined
  return (isTransientStatus(status) ? lost : failed)(`as HTTP ${status} ${phrase}`)
}

/** What a close code of that peer means; of an unknown one that another attempt may be worth it. */
export function meaningOf(code: number, peer: Peer): CloseMeaning {
  for (const { name, isSpokenBy, final } of DIALECTS) {
    if (!isSpokenBy(peer)) continue
    const [, , meaning] = final.find(([from, to]) => code >= from && code <= to) ?? []
    if (meaning !== undefined) return failed(`${meaning}, ${name}`)
  }
  return CLOSE_CODES[code] ?? asHttpStatus(code) ?? lost('application code')
}
