/** The request of the opening handshake (RFC 6455 section 4.1). */
import { validateHeaderName, validateHeaderValue } from 'node:http'
import { basicOf } from '../../shared/credentials.ts'
import { fieldBytes, type Headers } from '../../shared/headers.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { browserHeaders, inHandshakeOrder } from '../browser/browser-headers.ts'
import type { OutgoingRequest } from '../request-hook.ts'
import { takeRandomBytes } from './random-bytes.ts'

/** The server may limit the window of what the client sends (RFC 7692 section 7.1.2.2). */
const DEFLATE = 'permessage-deflate; client_max_window_bits'
/** RFC 9110 section 5.6.2. */
const TOKEN = /^[\w!#$%&'*+\-.^`|~]+$/
const KEY_BYTES = 16
/** Fields that this client sets itself. */
const RESERVED: ReadonlySet<string> = new Set([
  ...['connection', 'upgrade', 'sec-websocket-key', 'sec-websocket-version', 'sec-websocket-protocol'],
])

/** A line of the head. The value has one Latin-1 character per byte. */
export type HeadField = readonly [name: string, value: string]

/** What the response may agree to. */
export interface Offer {
  readonly subprotocols: readonly string[]
  readonly deflate: boolean
}

/** The fields of a handshake with any version of HTTP. */
export interface HandshakeFields {
  readonly fields: readonly HeadField[]
  readonly offer: Offer
}

const VERSION: HeadField = ['Sec-WebSocket-Version', '13']
const EXTENSIONS: HeadField = ['Sec-WebSocket-Extensions', DEFLATE]

// Fields to which neither the user nor a browser adds any. Connections that open at the same time share them.
const PLAIN: HandshakeFields = { fields: [VERSION], offer: { subprotocols: [], deflate: false } }
const PLAIN_DEFLATE: HandshakeFields = {
  fields: [VERSION, EXTENSIONS],
  offer: { subprotocols: [], deflate: true },
}

export interface HandshakeRequest {
  /** The request line and the fields, one Latin-1 character per byte. */
  readonly head: string
  /** The `Sec-WebSocket-Key`. */
  readonly key: string
  readonly offer: Offer
}

/**
 * The fields of a handshake with any version of HTTP: those of the user or of a browser, and those that negotiate. Throws if
 * they cannot be sent as they are.
 */
export function handshakeFields(request: OutgoingRequest, spec: ConnectionSpec): HandshakeFields {
  const { headers: given, url } = request
  const asBrowser = spec.asBrowser === true
  const deflate = spec.compression !== false
  if (!asBrowser && isPlain(request)) return deflate ? PLAIN_DEFLATE : PLAIN
  const subprotocols = subprotocolsOf(request)
  const headers = asBrowser ? browserHeaders({ api: 'WebSocket', url, method: 'GET', headers: given }) : given
  const fields: HeadField[] = []
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase()
    if (lower === 'content-length' || lower === 'transfer-encoding')
      // The server would read the first frames as that body.
      throw new Error(`it has no body, so it cannot have ${name}`)
    if (RESERVED.has(lower) || (deflate && lower === 'sec-websocket-extensions')) continue
    for (const line of linesOf(lower, value)) {
      validateHeaderName(name)
      validateHeaderValue(name, line)
      fields.push([name, line])
    }
  }
  fields.push(VERSION)
  if (deflate) fields.push(EXTENSIONS)
  if (subprotocols.length > 0)
    fields.push(['Sec-WebSocket-Protocol', subprotocols.join(asBrowser ? ', ' : ',')])
  if (url.username + url.password !== '' && !fields.some(isAuthorization))
    fields.push(['Authorization', basicOf(url)])
  return { fields, offer: { subprotocols, deflate } }
}

/** The handshake over HTTP/1.1. Throws if it cannot be sent as it is. */
export function handshakeRequest(
  { url }: OutgoingRequest,
  { fields, offer }: HandshakeFields,
  spec: ConnectionSpec,
): HandshakeRequest {
  const key = Buffer.from(takeRandomBytes(KEY_BYTES)).toString('base64')
  const host = fields.findIndex(([name]) => name.toLowerCase() === 'host')
  const first: HeadField = fields[host] ?? ['Host', url.host]
  const all = [first, ...fields.toSpliced(host, host < 0 ? 0 : 1)]
  all.push(['Sec-WebSocket-Key', key], ['Connection', 'Upgrade'], ['Upgrade', 'websocket'])
  const ordered = spec.asBrowser === true ? inHandshakeOrder(all) : all
  const lines = ordered.map(([name, value]) => `${name}: ${value}`)
  lines.unshift(`GET ${url.pathname}${url.search} HTTP/1.1`)
  lines.push('\r\n')
  // A text that is put together bit by bit would keep each of its parts until it is sent.
  return { head: lines.join('\r\n'), key, offer }
}

/** Whether the user gives neither fields nor subprotocols nor credentials. */
function isPlain({ headers, subprotocols = [], url }: OutgoingRequest): boolean {
  const given = Object.keys(headers).length + subprotocols.length
  return given === 0 && url.username === '' && url.password === ''
}

function isAuthorization([name]: HeadField): boolean {
  return name.toLowerCase() === 'authorization'
}

/** The subprotocols that the user offers, as such and in a header field. */
function subprotocolsOf({ headers, subprotocols = [] }: OutgoingRequest): readonly string[] {
  const fromHeaders = Object.entries(headers)
    .filter(([name]) => name.toLowerCase() === 'sec-websocket-protocol')
    .flatMap(([, value]) => value)
    .flatMap((value) => value.split(',').map((name) => name.trim()))
  const names = [...new Set([...subprotocols, ...fromHeaders])]
  for (const name of names) if (!TOKEN.test(name)) throw new Error(`the subprotocol "${name}" is not a token`)
  return names
}

/** The values of a field, each in a line of its own, but for cookies (RFC 6265 section 5.4). */
function linesOf(lowerName: string, value: Headers[string]): readonly string[] {
  if (typeof value === 'string') return [fieldBytes(value)]
  const lines = value.map(fieldBytes)
  return lowerName === 'cookie' ? [lines.join('; ')] : lines
}
