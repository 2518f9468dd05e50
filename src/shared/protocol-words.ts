/** How protocols call their packets, and where a packet has what a person reads first. To add a protocol, add a row. */

import type { DecodedEvent, DecodedKind } from './decoded.ts'
import { isFields } from './fields.ts'

export interface ProtocolWords {
  /** Words by kind. An empty word leaves only the name. */
  readonly kinds?: Readonly<Partial<Record<DecodedKind, string>>>
  /** The member of the value that has the word. */
  readonly field?: string
  /** The member of the value that has what the packet carries. */
  readonly carries?: string
  /** The member that the value consists of, unless it has others. The name of what is in it is left out, too. */
  readonly wraps?: string
  /** Members of the value that describe only how the packet is sent. */
  readonly quiet?: readonly string[]
  /** How the answer to a request is called, if a packet with the same word may also ask for none. */
  readonly answer?: string
  /** The channel belongs to the name. */
  readonly hasChannel?: boolean
  /** A channel that need not be said. */
  readonly usualChannel?: string
}

const GRAPHQL: ProtocolWords = { kinds: { data: 'next' }, wraps: 'data' }
const JSON_RPC: ProtocolWords = { kinds: { event: 'notification' } }
const ONLY_NAMES: ProtocolWords = { kinds: { data: '', event: '', request: '', response: '' } }

const TABLE: ReadonlyMap<string, ProtocolWords> = new Map<string, ProtocolWords>([
  [
    'socket.io',
    {
      kinds: {
        handshake: 'CONNECT',
        event: 'EVENT',
        request: 'EVENT',
        ack: 'ACK',
        error: 'CONNECT_ERROR',
        close: 'DISCONNECT',
      },
      answer: 'ack',
      usualChannel: '/',
      hasChannel: true,
    },
  ],
  [
    'mqtt',
    {
      field: 'cmd',
      carries: 'payload',
      quiet: ['length', 'dup', 'retain', 'qos', 'protocolId'],
      answer: 'ack',
    },
  ],
  ['nats', { field: 'op', carries: 'payload', quiet: ['size', 'sid'], answer: 'reply' }],
  ['stomp', { field: 'command', carries: 'body', answer: 'receipt' }],
  ['graphql-transport-ws', GRAPHQL],
  ['graphql-sse', GRAPHQL],
  ['graphql-ws', { kinds: { subscribe: 'start', unsubscribe: 'stop' }, wraps: 'data' }],
  ['json-rpc', JSON_RPC],
  ['mcp', { kinds: { event: '', data: '' }, hasChannel: true }],
  ['openai', { kinds: { data: 'delta', complete: 'done' } }],
  ['nostr', ONLY_NAMES],
  ['yjs', ONLY_NAMES],
  ['hocuspocus', ONLY_NAMES],
  ['msgpack', ONLY_NAMES],
  ['cbor', ONLY_NAMES],
  ['protobuf', ONLY_NAMES],
  ['event-stream', ONLY_NAMES],
])

const NOTHING: ProtocolWords = {}

export function wordsOf(protocol: string): ProtocolWords {
  return TABLE.get(protocol) ?? NOTHING
}

/** The name of a packet, with its channel if that belongs to it, such as `tools/call add`. */
export function fullNameOf({
  protocol,
  name = '',
  channel,
}: Pick<DecodedEvent, 'protocol'> & {
  readonly name?: string | undefined
  readonly channel?: string | undefined
}): string {
  if (channel === undefined || channel === '') return name
  const { hasChannel = false, usualChannel } = wordsOf(protocol)
  if (!hasChannel || channel === usualChannel) return name
  return name === '' ? channel : `${name} ${channel}`
}

/** What the protocol itself calls a packet, such as `SUBACK`; empty for only its name. Undefined if it has no word. */
export function wordOf({ protocol, kind, value }: DecodedEvent): string | undefined {
  const { kinds, field } = wordsOf(protocol)
  const said = field === undefined ? undefined : memberOf(value, field)
  return typeof said === 'string' && said !== '' ? said.toUpperCase() : kinds?.[kind]
}

/** The part of a packet's value that a person reads first: what it carries, else what neither word nor name say. */
export function mainValue({ protocol, value }: DecodedEvent): unknown {
  const { field, carries, quiet = [], wraps } = wordsOf(protocol)
  if (wraps !== undefined) return unwrapped(value, wraps)
  if (typeof value !== 'object' || value === null || Array.isArray(value) || field === undefined) return value
  const carried = carries === undefined ? undefined : memberOf(value, carries)
  if (carried !== undefined && carried !== '' && carried !== null) return carried
  const left = Object.entries(value).filter(
    ([key]) => key !== field && key !== carries && !quiet.includes(key),
  )
  return Object.fromEntries(left)
}

/** Such as `{ n: 1 }` for `{ data: { ticks: { n: 1 } } }`. */
function unwrapped(value: unknown, wraps: string): unknown {
  const inner = memberOf(value, wraps)
  if (!isFields(inner) || !isFields(value) || Object.keys(value).length > 1) return value
  const [only, ...others] = Object.values(inner)
  return others.length === 0 && isFields(only) ? only : inner
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Readonly<Record<string, unknown>>)[name]
}
