/** Header fields by their names. */
import { lastMediaType } from '../../parse/media-type.ts'
import type { Headers } from '../../shared/event.ts'
import { maskHeaders } from '../../shared/secrets.ts'

/** A header field's value; the first one where it came more than once. */
export function field(headers: Headers, name: string): string | undefined {
  const lower = name.toLowerCase()
  for (const [key, value] of Object.entries(headers)) {
    if (key.toLowerCase() === lower) return typeof value === 'string' ? value : value[0]
  }
  return undefined
}

/** The `Content-Type` that counts; the first one where none is a media type. */
export function contentTypeOf(headers: Headers): string | undefined {
  const values = Object.entries(headers)
    .filter(([name]) => name.toLowerCase() === 'content-type')
    .flatMap(([, value]) => value)
  return lastMediaType(values) ?? values[0]
}

/** The header fields that a request has unless the user gives them. */
export function defaultHeaders(accept: string): Headers {
  return { accept, 'user-agent': 'realtime-inspector' }
}

/** The fields, with the defaults for those that are not among them. */
export function withDefaults(headers: Headers, defaults: Headers): Headers {
  return { ...withoutFields(defaults, (name) => field(headers, name) !== undefined), ...headers }
}

/** The fields without those the test names, order kept. */
export function withoutFields(
  headers: Headers,
  drop: (lowerName: string, value: Headers[string]) => boolean,
): Headers {
  return Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => !drop(name.toLowerCase(), value)),
  )
}

/** The fields that another origin may get: those with nothing in them that a session would hide. */
export function forAnotherOrigin(headers: Headers): Headers {
  return withoutFields(headers, (name, value) => name === 'host' || hasSecret(name, value))
}

function hasSecret(name: string, value: Headers[string]): boolean {
  return [value].flat().some((each) => maskHeaders({ [name]: each })[name] !== each)
}
