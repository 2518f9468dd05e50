/** Completes specifications. What the user set stays. */
import type { ConnectionSpec } from '../shared/spec.ts'

export interface Defaults {
  /** In place of the path `/`. */
  readonly path?: string
  /** Parameters that the URL lacks. */
  readonly query?: Readonly<Record<string, string>>
  /** Offered unless the user named some. */
  readonly subprotocols?: readonly string[]
}

/** The URL with a path and parameters that it lacks. */
export function completedUrl(
  given: string,
  { path, query = {} }: { readonly path?: string | undefined; readonly query?: Defaults['query'] },
): URL {
  const url = new URL(given)
  if (path !== undefined && url.pathname === '/') url.pathname = path
  for (const [name, value] of Object.entries(query))
    if (!url.searchParams.has(name)) url.searchParams.set(name, value)
  return url
}

/** Completes the specification of a WebSocket. Returns it unchanged if the user named another transport. */
export function asWebSocket(
  spec: ConnectionSpec,
  { path, query = {}, subprotocols = [] }: Defaults = {},
): ConnectionSpec {
  const { transport = 'auto' } = spec
  if (transport !== 'auto' && transport !== 'websocket') return spec
  const url = completedUrl(spec.url, { path, query })
  url.protocol = url.protocol.replace(/^http/, 'ws')
  const offered = [spec.subprotocols ?? [], subprotocols].find((names) => names.length > 0)
  return { ...spec, url: url.href, ...(offered !== undefined && { subprotocols: offered }) }
}
