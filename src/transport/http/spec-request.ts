/** The HTTP request a connection's spec asks for. */
import type { Headers } from '../../shared/event.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import type { ExchangeRequest } from './exchange.ts'
import { field } from './fields.ts'

/** RFC 9110 section 9.2.2. */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

/** Whether a request of that method may be sent again without being asked for. */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method)
}

/** The body of a request as it is sent; undefined where there is none. */
export function bodyBytes(body: ConnectionSpec['body']): Buffer | undefined {
  if (body === undefined) return undefined
  return typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.base64, 'base64')
}

/** Method, header fields and body; GET if there is neither method nor body, POST if there is a body. */
export function specRequest(spec: ConnectionSpec): Pick<ExchangeRequest, 'method' | 'headers' | 'body'> {
  const bytes = bodyBytes(spec.body)
  return {
    method: spec.method ?? (bytes === undefined ? 'GET' : 'POST'),
    headers: { ...impliedType(spec), ...spec.headers },
    body: bytes,
  }
}

/** A sender names the type of a body that it knows (RFC 9110 section 8.3): that of JSON, unless the user names one. */
function impliedType({ body, headers = {} }: ConnectionSpec): Headers {
  const isJson = typeof body === 'string' && field(headers, 'content-type') === undefined && isJsonText(body)
  return isJson ? { 'content-type': 'application/json' } : {}
}

/** Whether the text is a JSON object or array; other JSON values are words of plain text as well. */
function isJsonText(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    // That it is not is the answer.
    return false
  }
}
