/** The head of a request as it is written to the connection (RFC 9112 sections 2.1, 3, 5). */
import type { Headers } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { fieldBytes } from '../../shared/headers.ts'
import { maskUrl } from '../../shared/secrets.ts'
import { field, withoutFields } from './fields.ts'

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[\w!#$%&'*+\-.^`|~]+$/
/** What no field value has, of Latin-1 characters: control characters but the tab (RFC 9110 section 5.5). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NOT_IN_VALUE = /[\0-\x08\x0a-\x1f\x7f]|[^\0-\xff]/
/** What would end a request target or the request line. */
const NOT_IN_TARGET = /[^\x21-\x7e]/
/** Methods whose requests have a length also without a body (RFC 9110 section 8.6). */
const WITH_CONTENT: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'QUERY', 'PROPFIND', 'PROPPATCH'])
/** Fields of which this side alone knows what holds, or that would make of the answer what is not read here. */
const REFUSED: ReadonlySet<string> = new Set(['transfer-encoding', 'upgrade'])

export interface RequestParts {
  /** For the words of a failure. */
  readonly url: string
  readonly method: string
  /** The path, or the whole URL for a proxy that forwards. */
  readonly target: string
  readonly host: string
  readonly headers: Headers
  readonly body: Uint8Array | undefined
}

/**
 * The request line and the fields, a Latin-1 character for each byte. The length is the body's own, whatever the fields
 * say; `Host` and `Connection` are those of `headers`, if it has them. Throws a `Failure` `BAD_REQUEST` for what cannot
 * be sent as it is.
 */
export function requestHead({ url, method, target, host, headers, body }: RequestParts): string {
  const refuse = (what: string) => {
    throw new Failure(
      'BAD_REQUEST',
      `The request to ${maskUrl(url)} cannot be sent: ${what}; correct the method or the header fields.`,
    )
  }
  if (!TOKEN.test(method)) refuse('its method is not a word')
  if (NOT_IN_TARGET.test(target)) refuse('its URL has characters that a request cannot carry')
  const own: Headers = {
    host: field(headers, 'host') ?? host,
    connection: field(headers, 'connection') ?? 'keep-alive',
    ...withoutFields(
      headers,
      (name) => name === 'host' || name === 'connection' || name === 'content-length',
    ),
    ...lengthOf(method, body),
  }
  let head = `${method} ${target} HTTP/1.1\r\n`
  for (const [name, value] of Object.entries(own)) {
    if (!TOKEN.test(name)) refuse(`"${name}" is not a name of a header field`)
    if (REFUSED.has(name.toLowerCase())) refuse(`the header field ${name.toLowerCase()} is not supported`)
    for (const each of typeof value === 'string' ? [value] : value) {
      const bytes = fieldBytes(each)
      if (NOT_IN_VALUE.test(bytes))
        refuse(`the value of the header field ${name} has control characters in it`)
      head += `${name}: ${bytes}\r\n`
    }
  }
  return `${head}\r\n`
}

function lengthOf(method: string, body: Uint8Array | undefined): Headers {
  const length = body?.length ?? 0
  return length > 0 || WITH_CONTENT.has(method) ? { 'content-length': String(length) } : {}
}
