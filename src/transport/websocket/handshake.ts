/** The opening handshake (RFC 6455 section 4.1): connects, and exchanges the heads, over HTTP/1.1 or HTTP/2. */
import { type ConnectionSpec, DEFAULT_TIMEOUT } from '../../shared/spec.ts'
import { protocolIn } from '../../shared/transports.ts'
import { type OpenSocket, openSocket } from '../http/connect.ts'
import { proxyAuthorization as authorizationOf, proxyFor } from '../http/outgoing-proxy.ts'
import { versionFor } from '../http2/sessions.ts'
import { type OutgoingRequest, untilAborted } from '../request-hook.ts'
import type { AttemptContext } from '../transport.ts'
import { badRequest, handshakeFailure, handshakeTimeout } from './failures.ts'
import type { Accepted, HandshakeEnd } from './handshake-end.ts'
import { HandshakeExchange } from './handshake-exchange.ts'
import { type HandshakeFields, handshakeFields, handshakeRequest } from './handshake-request.ts'
import { handshakeOverHttp2, type Prepared } from './over-http2.ts'
import type { HandshakeTarget } from './redirect.ts'

/** The latest origin: many connections may be opened to the same server. */
let latest = { href: '', origin: new URL('http://localhost') }

/** The HTTP origin of a WebSocket URL. */
function httpOrigin(url: URL): URL {
  const href = `${protocolIn('http', url.protocol)}//${url.host}`
  if (href !== latest.href) latest = { href, origin: new URL(href) }
  return latest.origin
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
    const prepare = async (method: string): Promise<Prepared> => {
      const plain = { ...target, method, body: undefined }
      const sent = hook?.outgoing ? await untilAborted(hook.outgoing(plain), control.signal) : plain
      return { sent, fields: fieldsOf(sent, spec) }
    }
    const origin = httpOrigin(target.url)
    const proxy = proxyFor(target.url, spec, network)
    const proxyAuthorization = proxy && authorizationOf(proxy, network)
    const route = { origin, proxy, tunnel: true, proxyAuthorization, servername: undefined }
    const connecting = { target: route, spec, network, clock, connected }
    const version = versionFor(origin, spec)
    let opening: OpenSocket | undefined
    if (version !== '1.1') {
      const connection = { ...connecting, mayBeHttp1: version === 'auto' }
      const asked = { target, sends, connection, prepare, timeout }
      const end = await handshakeOverHttp2(asked, context, control.signal, opened)
      if (end.kind !== 'http1') return end
      opening = end.opening
    }
    const { sent, fields } = await prepare('GET').catch((thrown: unknown) => {
      opening?.socket.destroy()
      throw thrown
    })
    if (opening === undefined || opening.socket.destroyed)
      opening = await openSocket(route, { ...connecting, signal: control.signal }, { lendsReads: true })
    const request = handshakeRequest(sent, fields, spec)
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

function fieldsOf(sent: OutgoingRequest, spec: ConnectionSpec): HandshakeFields {
  try {
    return handshakeFields(sent, spec)
  } catch (thrown) {
    throw badRequest(thrown)
  }
}
