/** The HTTP request a connection's spec asks for. */
import type { ConnectionSpec } from '../../shared/spec.ts'
import type { ExchangeRequest } from './exchange.ts'

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

/** Method, header fields and body; GET where there is neither method nor body, POST where there is a body. */
export function specRequest(spec: ConnectionSpec): Pick<ExchangeRequest, 'method' | 'headers' | 'body'> {
  const bytes = bodyBytes(spec.body)
  return {
    method: spec.method ?? (bytes === undefined ? 'GET' : 'POST'),
    headers: spec.headers ?? {},
    body: bytes,
  }
}
