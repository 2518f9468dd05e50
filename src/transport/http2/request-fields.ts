/** The fields of an HTTP/2 request and of its response (RFC 9113 section 8). */
import type { OutgoingHttpHeaders } from 'node:http2'
import type { Headers } from '../../shared/event.ts'
import { badRequest } from '../http/failures.ts'
import { field, withoutFields } from '../http/fields.ts'
import { checkedFields, type RequestParts } from '../http/request-head.ts'

/** Fields about one connection, which HTTP/2 does not have (RFC 9113 section 8.2.2). */
const OF_CONNECTION: ReadonlySet<string> = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'http2-settings'],
])

/** A request without its target: HTTP/2 has no request line. */
export type FieldParts = Omit<RequestParts, 'target' | 'host'>

/**
 * The pseudo-header fields and the fields, with lower-case names and one Latin-1 character per byte. A `Host` becomes the authority.
 * Throws a `Failure` `BAD_REQUEST` if a part cannot be sent as it is.
 */
export function requestFields(parts: FieldParts): OutgoingHttpHeaders {
  const { url, method, headers } = parts
  const { pathname, search } = new URL(url)
  const own = withoutFields(headers, (name) => name === 'host')
  const checked = checkedFields({ ...parts, headers: own, target: `${pathname}${search}` })
  return { ...pseudoFields(url, method, field(headers, 'host')), ...lowerFields(url, checked) }
}

/** The pseudo-header fields of a request to an `http` or `https` URL. The default authority is the host of the URL. */
export function pseudoFields(
  url: string,
  method: string,
  authority: string | undefined,
): OutgoingHttpHeaders {
  const { host, pathname, search, protocol } = new URL(url)
  return {
    ':method': method,
    ':scheme': protocol.slice(0, -1),
    ':authority': authority ?? host,
    ':path': `${pathname}${search}`,
  }
}

/** Fields as HTTP/2 sends them. Throws a `Failure` `BAD_REQUEST` if it has no such field. */
export function lowerFields(
  url: string,
  list: Iterable<readonly [name: string, values: readonly string[]]>,
): OutgoingHttpHeaders {
  // No prototype: a field may have the name `constructor`.
  const fields: OutgoingHttpHeaders = Object.create(null)
  for (const [name, values] of list) {
    const lower = name.toLowerCase()
    if (OF_CONNECTION.has(lower) || (lower === 'te' && values.some((value) => value !== 'trailers')))
      throw badRequest(url, `HTTP/2 has no header field ${lower}`, 'leave it out, or use HTTP/1.1')
    const before = fields[lower]
    const all = before === undefined ? values : [...[before].flat().map(String), ...values]
    fields[lower] = all.length === 1 ? all[0] : [...all]
  }
  return fields
}

/** Fields from a list of names and values in turn, without pseudo-header fields. A field that occurs more than once has a list of values. */
export function fieldsOf(list: readonly string[]): Headers {
  const fields = new Map<string, string | string[]>()
  for (let at = 0; at + 1 < list.length; at += 2) {
    const [name = '', value = ''] = list.slice(at, at + 2)
    if (name.startsWith(':')) continue
    const known = fields.get(name)
    if (known === undefined) fields.set(name, value)
    else if (typeof known === 'string') fields.set(name, [known, value])
    else known.push(value)
  }
  return Object.fromEntries(fields)
}

/** The status and the fields of a response, from a list of names and values in turn. */
export function headOf(list: readonly string[]): { readonly status: number; readonly headers: Headers } {
  return { status: Number(list[list.indexOf(':status') + 1]), headers: fieldsOf(list) }
}
