/** The head of a request as it is written to the connection (RFC 9112 sections 2.1, 3 and 5). */
import type { Headers } from '../../shared/event.ts'
import { fieldBytes } from '../../shared/headers.ts'
import { badRequest } from './failures.ts'
import { field, withoutFields } from './fields.ts'

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[\w!#$%&'*+\-.^`|~]+$/
/** Characters that a field value must not have: control characters except tab, and non-bytes (RFC 9110 section 5.5). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the expression looks for them
const NOT_IN_VALUE = /[\0-\x08\x0a-\x1f\x7f]|[^\0-\xff]/
/** Characters that would end a request target or the request line. */
const NOT_IN_TARGET = /[^\x21-\x7e]/
/** Methods whose requests have a Content-Length even without a body (RFC 9110 section 8.6). */
const WITH_CONTENT: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'QUERY', 'PROPFIND', 'PROPPATCH'])
/** Fields that this client sets itself, or that would change the response into a form that it does not read. */
const REFUSED: ReadonlySet<string> = new Set(['transfer-encoding', 'upgrade'])

export interface RequestParts {
  /** For failures. */
  readonly url: string
  readonly method: string
  /** The path, or the whole URL if a proxy forwards the request. */
  readonly target: string
  readonly host: string
  readonly headers: Headers
  readonly body: Uint8Array | undefined
}

type Fields = readonly (readonly [name: string, values: readonly string[]])[]

/**
 * The request line and the fields, one Latin-1 character per byte. The Content-Length is that of the body, whatever
 * `headers` says; `Host` and `Connection` can be set by `headers`. Throws a `Failure` `BAD_REQUEST` if a part cannot be
 * sent as it is.
 */
export function requestHead(parts: RequestParts): string {
  const { method, target, host, headers } = parts
  const first: Headers = {
    host: field(headers, 'host') ?? host,
    connection: field(headers, 'connection') ?? 'keep-alive',
  }
  const own = withoutFields(headers, (name) => name === 'host' || name === 'connection')
  let head = `${method} ${target} HTTP/1.1\r\n`
  for (const [name, values] of checkedFields({ ...parts, headers: own, first }))
    for (const value of values) head += `${name}: ${value}\r\n`
  return `${head}\r\n`
}

/** A request whose parts are to be checked. */
export interface CheckedParts extends Omit<RequestParts, 'host'> {
  /** Fields that come before its length and its other ones. */
  readonly first?: Headers
}

/**
 * The fields in the order in which they are sent, and their values with one Latin-1 character per byte. The Content-Length is that of
 * the body. Throws a `Failure` `BAD_REQUEST` if the method, the target or a field cannot be sent as it is.
 */
export function checkedFields({ url, method, target, headers, body, first = {} }: CheckedParts): Fields {
  const refuse = (what: string) => {
    throw badRequest(url, what, 'correct the method or the header fields')
  }
  if (!TOKEN.test(method)) refuse('its method is not a word')
  if (NOT_IN_TARGET.test(target)) refuse('its URL has characters that a request cannot carry')
  const own: Headers = {
    ...first,
    ...lengthOf(method, body),
    ...withoutFields(headers, (name) => name === 'content-length'),
  }
  return Object.entries(own).map(([name, value]) => {
    if (!TOKEN.test(name)) refuse(`"${name}" is not a name of a header field`)
    if (REFUSED.has(name.toLowerCase())) refuse(`the header field ${name.toLowerCase()} is not supported`)
    const values = (typeof value === 'string' ? [value] : value).map((each) => {
      const bytes = fieldBytes(each)
      if (NOT_IN_VALUE.test(bytes))
        refuse(`the value of the header field ${name} has control characters in it`)
      return bytes
    })
    return [name, values] as const
  })
}

function lengthOf(method: string, body: Uint8Array | undefined): Headers {
  const length = body?.length ?? 0
  return length > 0 || WITH_CONTENT.has(method) ? { 'content-length': String(length) } : {}
}
