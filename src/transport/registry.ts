/** Which transport a connection runs. */
import type { ConnectionSpec, TransportName } from '../shared/spec.ts'
import { schemeOf } from '../shared/transports.ts'
import { parseUrl } from '../shared/url.ts'
import { AutoTransport } from './auto.ts'
import { HttpStreamTransport } from './http-stream.ts'
import { LongPollTransport, PollTransport } from './poll.ts'
import { SseTransport } from './sse.ts'
import type { Transport } from './transport.ts'
import { WebSocketTransport } from './websocket.ts'

const TRANSPORT_OF: Readonly<Record<TransportName | 'auto', () => Transport>> = {
  auto: () => new AutoTransport(),
  websocket: () => new WebSocketTransport(),
  sse: () => new SseTransport(),
  'long-poll': () => new LongPollTransport(),
  poll: () => new PollTransport(),
  'http-stream': () => new HttpStreamTransport(),
}

/**
 * What the spec's transport is as far as its URL tells: `auto` is `websocket` for ws: and wss:. Throws a
 * `Failure` `BAD_URL` where the URL is bad or the transport cannot speak its scheme.
 */
export function resolveTransport(spec: ConnectionSpec): TransportName | 'auto' {
  const named = spec.transport ?? 'auto'
  const { protocol } = parseUrl(spec.url, named)
  return named === 'auto' && schemeOf(protocol) === 'ws' ? 'websocket' : named
}

/** A transport for one attempt. Throws a `Failure` `BAD_URL` as `resolveTransport` does. */
export function createTransport(spec: ConnectionSpec): Transport {
  return TRANSPORT_OF[resolveTransport(spec)]()
}
