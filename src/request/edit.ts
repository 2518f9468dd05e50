/** Small changes to a specification, and what it says in short. */
import type { ConnectionSpec } from '../shared/spec.ts'
import { schemeOf, traitsOf } from '../shared/transports.ts'

/** Replaces the URL. Drops the transport if it cannot connect to that URL, so that it is detected. */
export function withUrl(spec: ConnectionSpec, url: string): ConnectionSpec {
  const { transport, ...rest } = spec
  const spoken = traitsOf(transport)?.scheme
  const fits = spoken === undefined || spoken === (schemeOf(url) ?? 'http')
  return { ...rest, url, ...(transport !== undefined && fits && { transport }) }
}

/** Names what is set besides URL and transport, such as "POST, headers, body"; empty if nothing is. */
export function besidesUrl({ url: _, transport: __, method, ...rest }: ConnectionSpec): string {
  const others = Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  return [...(method === undefined ? [] : [method]), ...others].join(', ')
}
