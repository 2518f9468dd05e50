/** Which transport a connection uses. */
import type { ConnectionSpec } from '../shared/spec.ts'
import { schemeOf, type TransportName } from '../shared/transports.ts'
import { parseUrl } from '../shared/url.ts'
import { AutoTransport } from './auto.ts'
import { HttpStreamTransport } from './http-stream.ts'
import { LongPollTransport, PollTransport } from './poll.ts'
import { SseTransport } from './sse.ts'
import type { Transport } from './transport.ts'
import { WebSocketTransport } from './websocket.ts'

const CREATE: Readonly<Record<TransportName | 'auto', () => Transport>> = {
  auto: () => new AutoTransport(),
  websocket: () => new WebSocketTransport(),
  sse: () => new SseTransport(),
  'long-poll': () => new LongPollTransport(),
  poll: () => new PollTransport(),
  'http-stream': () => new HttpStreamTransport(),
}

/** The latest result: many connections may be opened to the same URL, and each asks twice. */
let latest:
  | { readonly url: string; readonly named: string; readonly transport: TransportName | 'auto' }
  | undefined

/**
 * The transport of a spec. `auto` becomes `websocket` if the URL's scheme is `ws:` or `wss:`; otherwise it stays
 * `auto` until a response arrives. Throws a `Failure` `BAD_URL` if the URL is invalid or the transport does not support
 * its scheme.
 */
export function resolveTransport(spec: ConnectionSpec): TransportName | 'auto' {
  const { url, transport: named = 'auto' } = spec
  if (latest?.url === url && latest.named === named) return latest.transport
  const { protocol } = parseUrl(url, named)
  const transport = named === 'auto' && schemeOf(protocol) === 'ws' ? 'websocket' : named
  latest = { url, named, transport }
  return transport
}

/** Creates the transport for one attempt. Throws a `Failure` `BAD_URL` as `resolveTransport` does. */
export function createTransport(spec: ConnectionSpec): Transport {
  return CREATE[resolveTransport(spec)]()
}
