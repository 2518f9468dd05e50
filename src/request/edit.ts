/** A connection as its user changes it, piece by piece. */
import { Failure } from '../shared/failure.ts'
import type { ConnectionSpec } from '../shared/spec.ts'
import { schemeOf, traitsOf } from '../shared/transports.ts'

/** The same connection at another URL; a transport that cannot speak to it is found out anew. */
export function withUrl(spec: ConnectionSpec, url: string): ConnectionSpec {
  const { transport, ...rest } = spec
  const spoken = traitsOf(transport)?.scheme
  const fits = spoken === undefined || spoken === (schemeOf(url) ?? 'http')
  return { ...rest, url, ...(transport !== undefined && fits && { transport }) }
}

/** What a connection has besides its URL and transport, in a few words: "POST, headers, body"; empty where nothing. */
export function besidesUrl({ url: _, transport: __, method, ...rest }: ConnectionSpec): string {
  const others = Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  return [...(method === undefined ? [] : [method]), ...others].join(', ')
}

/** With a header line as it was typed: one of that name, in whatever case, is replaced, or without a value taken away. */
export function withHeader(spec: ConnectionSpec, line: string): ConnectionSpec {
  if (line.trim() === '') return spec
  const colon = line.indexOf(':')
  if (colon < 1) throw new Failure('BAD_SPEC', 'A header is written as Name: value.')
  const name = line.slice(0, colon).trim()
  const value = line.slice(colon + 1).trim()
  const others = Object.entries(spec.headers ?? {}).filter(
    ([other]) => other.toLowerCase() !== name.toLowerCase(),
  )
  return { ...spec, headers: Object.fromEntries(value === '' ? others : [...others, [name, value]]) }
}
