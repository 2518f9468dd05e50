/** Where the body of a response ends (RFC 9112 section 6.3). */
import type { Headers } from '../../shared/headers.ts'
import { MalformedResponse } from './malformed.ts'

export interface BodyFraming {
  readonly kind: 'none' | 'length' | 'chunked' | 'close'
  /** The length of the body, if it is announced. */
  readonly length: number | undefined
  /** Transfer codings besides `chunked`, in the order in which to decode them. */
  readonly codings: readonly string[]
  /** The response has both Content-Length and Transfer-Encoding; the latter overrides the former. */
  readonly contradicted?: boolean
  /** Transfer-Encoding names `chunked` more than once. The body is in chunks once. */
  readonly repeated?: boolean
}

const NONE: BodyFraming = { kind: 'none', length: 0, codings: [] }
const MAX_DIGITS = 15

/**
 * The framing of a final response's body. Throws a `MalformedResponse` if it contradicts itself, as in response
 * smuggling.
 */
export function bodyFraming(method: string, status: number, headers: Headers): BodyFraming {
  if (method === 'HEAD' || status === 204 || status === 304) return NONE
  if (method === 'CONNECT' && status >= 200 && status < 300) return NONE
  // RFC 9110 section 7.8: without both fields, the protocol does not change.
  if (status === 101 && headers.upgrade !== undefined && listOf(headers.connection).includes('upgrade'))
    return NONE
  const codings = listOf(headers['transfer-encoding']).filter((coding) => coding !== 'identity')
  if (codings.length > 0) {
    // RFC 9112 section 6.1 forbids to name it twice. An application and the server under it may each add it.
    const last = codings.findLastIndex((coding) => coding !== 'chunked')
    const chunked = codings.length - 1 - last
    return {
      kind: chunked > 0 ? 'chunked' : 'close',
      length: undefined,
      codings: codings.slice(0, last + 1).reverse(),
      ...(headers['content-length'] !== undefined && { contradicted: true }),
      ...(chunked > 1 && { repeated: true }),
    }
  }
  const length = contentLength(listOf(headers['content-length']))
  if (length !== undefined) return { kind: 'length', length, codings: [] }
  // RFC 9110 section 15.3.6: there is no content, and browsers do not wait for any.
  return status === 205 ? NONE : { kind: 'close', length: undefined, codings: [] }
}

/** Whether the connection can be used for another request after the response (RFC 9112 section 9.3). */
export function isPersistent(version: string, headers: Headers): boolean {
  const options = listOf(headers.connection)
  if (options.includes('close')) return false
  // RFC 9112 section 6.1: before HTTP/1.1, Transfer-Encoding means that the framing is faulty.
  if (version === '1.1') return true
  return options.includes('keep-alive') && headers['transfer-encoding'] === undefined
}

/** The elements of a list field, in lower case. */
export function listOf(value: Headers[string] | undefined): string[] {
  if (value === undefined) return []
  const text = typeof value === 'string' ? value : value.join(',')
  return text
    .split(',')
    .map((element) => element.trim().toLowerCase())
    .filter((element) => element !== '')
}

/** RFC 9110 section 8.6: the field may repeat the same number. */
function contentLength(values: readonly string[]): number | undefined {
  const [first] = values
  if (first === undefined) return undefined
  if (!/^\d+$/.test(first) || first.replace(/^0+/, '').length > MAX_DIGITS)
    throw new MalformedResponse('HTTP_INVALID', 'Invalid Content-Length')
  if (values.some((value) => Number(value) !== Number(first)))
    throw new MalformedResponse('HTTP_FRAMING', 'Content-Length twice with different values')
  return Number(first)
}
