/** What a connection has besides its URL, as it is asked for: typed, or chosen. Imports nothing of `vscode`. */
import { withHeader } from '../../request/edit.ts'
import { type ConnectionSpec, FRAMINGS } from '../../shared/spec.ts'
import { schemeOf, type TransportName, transportsWith } from '../../shared/transports.ts'

interface Named {
  readonly label: string
  /** What it is now. */
  show(spec: ConnectionSpec): string
}

interface TypedField extends Named {
  readonly prompt: string
  /** What is there to be edited. */
  text(spec: ConnectionSpec): string
  /** The spec with what was typed, which may be for its check to refuse. Throws a `Failure` for what means nothing. */
  typed(spec: ConnectionSpec, text: string): ConnectionSpec
}

interface ChosenField extends Named {
  /** One of them is what it is now. */
  readonly options: readonly string[]
  chosen(spec: ConnectionSpec, option: string): ConnectionSpec
}

export type Field = TypedField | ChosenField

const SETTINGS_SAY = 'as the settings say'

/** WebSockets have URLs of their own. */
const HTTP_TRANSPORTS = ['auto', ...transportsWith('scheme', 'http')] as const

const transport: Field = {
  label: 'Transport',
  show: (spec) => spec.transport ?? 'auto',
  options: HTTP_TRANSPORTS,
  chosen: (spec, option) => ({ ...spec, transport: HTTP_TRANSPORTS.find((name) => name === option) }),
}

const headers: Field = {
  label: 'Headers',
  show: (spec) => Object.keys(spec.headers ?? {}).join(', ') || 'none',
  prompt: 'A header as Name: value; without a value it is taken away',
  text: () => '',
  typed: withHeader,
}

const subprotocols: Field = {
  label: 'Subprotocols',
  show: (spec) => spec.subprotocols?.join(', ') || 'none',
  prompt: 'Subprotocols, separated by commas',
  text: (spec) => spec.subprotocols?.join(', ') ?? '',
  typed: (spec, text) => ({
    ...spec,
    subprotocols: text.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()])),
  }),
}

const method: Field = {
  label: 'Method',
  show: (spec) => spec.method ?? (spec.body === undefined ? 'GET' : 'POST'),
  prompt: 'HTTP method',
  text: (spec) => method.show(spec),
  typed: (spec, text) => ({ ...spec, method: text.trim().toUpperCase() }),
}

const body: Field = {
  label: 'Body',
  show: (spec) => (typeof spec.body === 'string' ? spec.body : spec.body === undefined ? 'none' : 'bytes'),
  prompt: 'Request body; nothing sends none',
  text: (spec) => (typeof spec.body === 'string' ? spec.body : ''),
  typed: (spec, text) => ({ ...spec, body: text === '' ? undefined : text }),
}

const framing: Field = {
  label: 'Framing',
  show: (spec) => spec.framing ?? 'auto',
  options: FRAMINGS,
  chosen: (spec, option) => ({ ...spec, framing: FRAMINGS.find((name) => name === option) }),
}

const cursor: Field = {
  label: 'Cursor',
  show: (spec) => spec.cursor ?? 'auto',
  prompt:
    'How a request resumes: auto (ETag, Last-Modified), header:NAME:PARAM, json:/POINTER:PARAM, or none',
  text: (spec) => cursor.show(spec),
  typed: (spec, text) => ({ ...spec, cursor: text.trim() }),
}

const interval: Field = {
  label: 'Interval',
  show: (spec) => (spec.interval === undefined ? SETTINGS_SAY : `${spec.interval} ms`),
  prompt: 'Milliseconds from one request to the next; nothing follows the settings',
  text: (spec) => String(spec.interval ?? ''),
  typed: (spec, text) => ({ ...spec, interval: text.trim() === '' ? undefined : Number(text) }),
}

const CHECKED = 'checked'
const ANY = 'any is accepted'

const certificate: Field = {
  label: 'Certificate',
  show: (spec) => (spec.tls?.insecure === true ? ANY : CHECKED),
  options: [CHECKED, ANY],
  chosen: (spec, option) => ({ ...spec, tls: { ...spec.tls, insecure: option === ANY } }),
}

const reconnect: Field = {
  label: 'Reconnect',
  show: (spec) => {
    if (spec.reconnect === undefined) return SETTINGS_SAY
    return typeof spec.reconnect === 'number' ? `every ${spec.reconnect} ms` : spec.reconnect
  },
  prompt: 'never, backoff, or a fixed delay in ms; nothing follows the settings',
  text: (spec) => String(spec.reconnect ?? ''),
  typed: (spec, text) => ({ ...spec, reconnect: readReconnect(text.trim()) }),
}

function readReconnect(text: string): ConnectionSpec['reconnect'] {
  if (text === '') return undefined
  return (/^\d+$/.test(text) ? Number(text) : text) as ConnectionSpec['reconnect']
}

/** What there is to say of some transports only. */
const OF_TRANSPORT: { readonly [name in TransportName | 'auto']?: readonly Field[] } = {
  poll: [interval, cursor],
  'long-poll': [cursor],
  'http-stream': [framing],
}

/** What there is to ask for of a connection to that URL, by that transport. */
export function fieldsOf({ url, transport: name = 'auto' }: ConnectionSpec): readonly Field[] {
  const secured = /^(wss|https):/i.test(url) ? [certificate] : []
  if (schemeOf(url) === 'ws') return [headers, subprotocols, ...secured, reconnect]
  return [transport, method, headers, body, ...(OF_TRANSPORT[name] ?? []), ...secured, reconnect]
}
