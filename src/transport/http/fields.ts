/** Reads and changes header fields. */
import { lastMediaType } from '../../parse/media-type.ts'
import type { Headers } from '../../shared/event.ts'
import { maskHeaders } from '../../shared/secrets.ts'

/** The value of a header field; the first one if the field occurs more than once. */
export function field(headers: Headers, name: string): string | undefined {
  const lower = name.toLowerCase()
  // Called several times for each poll: a loop over names makes no array.
  for (const each in headers) {
    if (each.length !== lower.length || each.toLowerCase() !== lower || !Object.hasOwn(headers, each))
      continue
    const value = headers[each]
    return typeof value === 'string' ? value : value?.[0]
  }
  return undefined
}

/** The `Content-Type` in effect: the last valid media type, or the first value if none is valid. */
export function contentTypeOf(headers: Headers): string | undefined {
  const values = Object.entries(headers)
    .filter(([name]) => name.toLowerCase() === 'content-type')
    .flatMap(([, value]) => value)
  return lastMediaType(values) ?? values[0]
}

/** The header fields of a request, unless the user sets them. */
export function defaultHeaders(accept: string): Headers {
  return { accept, 'user-agent': 'realtime-inspector' }
}

/** The fields, and those defaults that are not among them. */
export function withDefaults(headers: Headers, defaults: Headers): Headers {
  return { ...withoutFields(defaults, (name) => field(headers, name) !== undefined), ...headers }
}

/** The fields without those that `drop` selects, in the same order. */
export function withoutFields(
  headers: Headers,
  drop: (lowerName: string, value: Headers[string]) => boolean,
): Headers {
  return Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => !drop(name.toLowerCase(), value)),
  )
}

/** The fields that may be sent to another origin: those in which a session would not mask anything. */
export function forAnotherOrigin(headers: Headers): Headers {
  return withoutFields(headers, (name, value) => name === 'host' || hasSecret(name, value))
}

function hasSecret(name: string, value: Headers[string]): boolean {
  return [value].flat().some((each) => maskHeaders({ [name]: each })[name] !== each)
}
