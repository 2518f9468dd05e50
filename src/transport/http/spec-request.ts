/** The HTTP request that a connection's spec describes. */
import { areFrames, grpcFrame, isGrpcType } from '../../parse/grpc.ts'
import { parseMediaType } from '../../parse/media-type.ts'
import type { Headers } from '../../shared/event.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { isJson } from '../../shared/text/json-text.ts'
import type { ExchangeRequest } from './exchange.ts'
import { field } from './fields.ts'

/** RFC 9110 section 9.2.2. */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

/** Whether a request with that method may be repeated without asking the user. */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method)
}

/** The bytes of a request's body; undefined if there is none. */
export function bodyBytes(body: ConnectionSpec['body']): Buffer | undefined {
  if (body === undefined) return undefined
  return typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.base64, 'base64')
}

/** Method, header fields and body. The default method is GET, or POST if there is a body. */
export function specRequest(spec: ConnectionSpec): Pick<ExchangeRequest, 'method' | 'headers' | 'body'> {
  const bytes = bodyBytes(spec.body)
  return {
    method: spec.method ?? (bytes === undefined ? 'GET' : 'POST'),
    headers: { ...impliedType(spec), ...spec.headers },
    body: bytes === undefined ? undefined : framed(bytes, spec),
  }
}

/** The body as a frame, if its type is one of gRPC-Web or Connect, unless it already consists of frames. */
function framed(bytes: Buffer, { headers = {} }: ConnectionSpec): Buffer {
  const [type] = [field(headers, 'content-type') ?? ''].flat()
  return isGrpcType(parseMediaType(type ?? '').essence) && !areFrames(bytes) ? grpcFrame(bytes) : bytes
}

/**
 * The Content-Type of a JSON body, unless the user sets one: a sender should name a type that it knows (RFC 9110
 * section 8.3).
 */
function impliedType({ body, headers = {} }: ConnectionSpec): Headers {
  if (typeof body !== 'string' || field(headers, 'content-type') !== undefined) return {}
  // Other JSON values than objects and arrays could be plain text, too.
  return /^\s*[{[]/.test(body) && isJson(body) ? { 'content-type': 'application/json' } : {}
}
