/** The opening handshake over HTTP/1.1 (RFC 6455 section 4.1): connects, and exchanges the heads. */
import { type ConnectionSpec, DEFAULT_TIMEOUT } from '../../shared/spec.ts'
import { protocolIn } from '../../shared/transports.ts'
import { openSocket } from '../http/connect.ts'
import { proxyAuthorization, proxyFor } from '../http/outgoing-proxy.ts'
import { type OutgoingRequest, untilAborted } from '../request-hook.ts'
import type { AttemptContext } from '../transport.ts'
import { badRequest, handshakeFailure, handshakeTimeout } from './failures.ts'
import type { Accepted, HandshakeEnd } from './handshake-end.ts'
import { HandshakeExchange } from './handshake-exchange.ts'
import { type HandshakeRequest, handshakeRequest } from './handshake-request.ts'
import type { HandshakeTarget } from './redirect.ts'

/** The HTTP origin of a WebSocket URL. */
function httpOrigin(url: URL): URL {
  return new URL(`${protocolIn('http', url.protocol)}//${url.host}`)
}

/**
 * Performs the handshake with the target. Calls `opened` in the moment the WebSocket opens, before any byte after the
 * handshake is read, and returns its result. `sends` counts how often the handshake is performed.
 */
export async function performHandshake<T>(
  target: HandshakeTarget,
  context: AttemptContext,
  opened: (accepted: Accepted) => T,
  sends = 1,
): Promise<HandshakeEnd<T>> {
  const { spec, network, clock, signal, hook, connected } = context
  const control = new AbortController()
  const timeout = spec.timeout ?? DEFAULT_TIMEOUT
  const timer = setTimeout(() => control.abort(handshakeTimeout(target.url.href, timeout)), timeout)
  const onAbort = () => control.abort(signal.reason)
  signal.addEventListener('abort', onAbort)
  try {
    if (signal.aborted) return { kind: 'aborted' }
    const plain = { ...target, method: 'GET', body: undefined }
    const sent = hook?.outgoing ? await untilAborted(hook.outgoing(plain), control.signal) : plain
    const request = requestOf(sent, spec)
    const proxy = proxyFor(target.url, spec, network)
    const authorization = proxy && proxyAuthorization(proxy, network)
    const opening = await openSocket(
      {
        origin: httpOrigin(target.url),
        proxy,
        tunnel: true,
        proxyAuthorization: authorization,
        servername: undefined,
      },
      { spec, network, clock, signal: control.signal, connected },
      { lendsReads: true },
    )
    const exchange = new HandshakeExchange({ target, sent, sends, request }, opening, context, opened)
    return await exchange.run(control.signal)
  } catch (thrown) {
    if (signal.aborted) return { kind: 'aborted' }
    return { kind: 'failed', ...handshakeFailure(thrown, target.url.href) }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

function requestOf(sent: OutgoingRequest, spec: ConnectionSpec): HandshakeRequest {
  try {
    return handshakeRequest(sent, spec)
  } catch (thrown) {
    throw badRequest(thrown)
  }
}
