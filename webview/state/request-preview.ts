/** The request that a specification leads to, as text, with its secrets hidden. */
import { MASK, maskForm, maskHeaders, maskSubprotocols, maskText, maskUrl } from '../../src/shared/secrets.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { schemeOf } from '../../src/shared/transports.ts'
import { withShownCredentials } from './form-credentials.ts'

const HIDDEN = '••••••'
/** Longest part of a body that is shown, in characters. */
const MAX_BODY = 4000

const ACCEPT = { sse: 'text/event-stream' } as const

/** Whether a body gets the type of JSON if no header names one. */
export function impliesJson({ body, headers = {} }: Pick<ConnectionSpec, 'body' | 'headers'>): boolean {
  if (typeof body !== 'string' || !/^\s*[{[]/.test(body)) return false
  if (Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')) return false
  try {
    JSON.parse(body)
    return true
  } catch {
    return false
  }
}

function headerLines(headers: NonNullable<ConnectionSpec['headers']>): string[] {
  return Object.entries(maskHeaders(headers)).flatMap(([name, value]) =>
    [value].flat().map((each, i) => {
      const typed = [headers[name] ?? ''].flat()[i] ?? ''
      const scheme =
        name.toLowerCase() === 'authorization'
          ? (/^(?:Basic|Bearer|Digest|AWS4-HMAC-SHA256) /.exec(typed)?.[0] ?? '')
          : ''
      return `${name}: ${scheme}${each}`
    }),
  )
}

function has(headers: NonNullable<ConnectionSpec['headers']>, name: string): boolean {
  return Object.keys(headers).some((each) => each.toLowerCase() === name)
}

function bodyLines({ body }: ConnectionSpec): string[] {
  if (body === undefined) return []
  if (typeof body !== 'string') return ['', '…']
  const masked = /^[^\s=&{["<]{1,256}=/.test(body) ? maskForm(body) : maskText(body)
  return ['', masked.length > MAX_BODY ? `${masked.slice(0, MAX_BODY)}…` : masked]
}

/** Lines of the request. Empty if the URL is not complete. */
export function requestLines(given: ConnectionSpec): readonly string[] {
  if (!URL.canParse(given.url)) return []
  const spec = withShownCredentials(given)
  const { host, pathname, search } = new URL(maskUrl(spec.url))
  const { headers = {}, subprotocols = [], transport, body, method } = spec
  const isSocket = schemeOf(spec.url) === 'ws'
  const accept = transport === 'sse' ? ACCEPT.sse : undefined
  const size = typeof body === 'string' && body !== MASK ? new TextEncoder().encode(body).length : undefined
  const lines = [
    `${isSocket ? 'GET' : (method ?? (body === undefined ? 'GET' : 'POST'))} ${pathname}${search} HTTP/1.1`,
    ...(has(headers, 'host') ? [] : [`Host: ${host}`]),
    ...(isSocket ? ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'] : []),
    ...(isSocket && subprotocols.length > 0
      ? [`Sec-WebSocket-Protocol: ${maskSubprotocols(subprotocols).join(', ')}`]
      : []),
    ...(!isSocket && accept !== undefined && !has(headers, 'accept') ? [`Accept: ${accept}`] : []),
    ...(!isSocket && impliesJson(spec) ? ['Content-Type: application/json'] : []),
    ...headerLines(headers),
    ...(!isSocket && size !== undefined ? [`Content-Length: ${size}`] : []),
    ...(isSocket ? [] : bodyLines(spec)),
  ]
  return lines.map((line) => line.replaceAll(MASK, HIDDEN))
}
