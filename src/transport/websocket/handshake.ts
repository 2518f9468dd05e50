/** The opening handshake (RFC 6455 section 4.1): connects, and exchanges the heads, over HTTP/1.1 or HTTP/2. */
import { type ConnectionSpec, DEFAULT_TIMEOUT } from '../../shared/spec.ts'
import { protocolIn } from '../../shared/transports.ts'
import { Deadline } from '../deadline.ts'
import { type ConnectContext, type OpenSocket, openSocket } from '../http/connect.ts'
import { proxyAuthorization as authorizationOf, proxyFor } from '../http/outgoing-proxy.ts'
import { type SessionRequest, versionFor } from '../http2/sessions.ts'
import { type OutgoingRequest, untilAborted } from '../request-hook.ts'
import type { AttemptContext } from '../transport.ts'
import { badRequest, handshakeFailure, handshakeTimeout } from './failures.ts'
import type { Accepted, HandshakeEnd } from './handshake-end.ts'
import { HandshakeExchange, type HandshakeHost } from './handshake-exchange.ts'
import { type HandshakeFields, handshakeFields, handshakeRequest } from './handshake-request.ts'
import { type Http2Handshake, handshakeOverHttp2, type Prepared } from './over-http2.ts'
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
  const { spec, signal } = context
  if (signal.aborted) return { kind: 'aborted' }
  const timeout = spec.timeout ?? DEFAULT_TIMEOUT
  const deadline = new Deadline(signal, timeout, () => handshakeTimeout(target.url.href, timeout))
  try {
    const host = { context, signal: deadline, opened }
    const asked = askFor({ target, sends }, host, timeout)
    if (versionFor(asked.connection.target.origin, spec) !== '1.1') return await overEither(asked, host)
    const prepared = asked.prepare('GET')
    // Awaits nothing more than it has to: a thousand connections may open at once.
    return await overHttp1(asked, prepared instanceof Promise ? await prepared : prepared, host)
  } catch (thrown) {
    if (signal.aborted) return { kind: 'aborted' }
    return { kind: 'failed', ...handshakeFailure(thrown, target.url.href) }
  } finally {
    deadline.clear()
  }
}

interface Asked extends Http2Handshake {
  readonly connection: SessionRequest & ConnectContext
}

/** What is asked for, with how the connection is opened. */
function askFor(
  { target, sends }: Pick<Http2Handshake, 'target' | 'sends'>,
  { context, signal }: HandshakeHost<unknown>,
  timeout: number,
): Asked {
  const { spec, network, clock, hook, connected } = context
  const origin = httpOrigin(target.url)
  const proxy = proxyFor(target.url, spec, network)
  const proxyAuthorization = proxy && authorizationOf(proxy, network)
  const route = { origin, proxy, tunnel: true, proxyAuthorization, servername: undefined }
  const mayBeHttp1 = spec.http === 'auto'
  const connection = { target: route, spec, network, clock, signal, connected, mayBeHttp1 }
  const prepare = (method: string) => {
    const plain = { ...target, method, body: undefined }
    const prepared = (sent: OutgoingRequest) => ({ sent, fields: fieldsOf(sent, spec) })
    return hook?.outgoing ? untilAborted(hook.outgoing(plain), signal).then(prepared) : prepared(plain)
  }
  return { target, sends, connection, prepare, timeout }
}

/** Over HTTP/2, or over HTTP/1.1 if the server speaks only that. */
async function overEither<T>(asked: Asked, host: HandshakeHost<T>): Promise<HandshakeEnd<T>> {
  const end = await handshakeOverHttp2(asked, host.context, host.signal, host.opened)
  if (end.kind !== 'http1') return end
  const { opening } = end
  try {
    const prepared = await asked.prepare('GET')
    return await overHttp1(asked, prepared, host, opening?.socket.destroyed === false ? opening : undefined)
  } catch (thrown) {
    opening?.socket.destroy()
    throw thrown
  }
}

/** Exchanges the heads on a connection, which is opened first if there is none. Adds no function that waits. */
function overHttp1<T>(
  { target, sends, connection }: Asked,
  { sent, fields }: Prepared,
  host: HandshakeHost<T>,
  opening?: OpenSocket,
): Promise<HandshakeEnd<T>> {
  const exchange = (open: OpenSocket) => {
    const request = handshakeRequest(sent, fields, connection.spec)
    return new HandshakeExchange({ target, sent, sends, request }, open, host).run()
  }
  if (opening !== undefined) return exchange(opening)
  return openSocket(connection.target, connection, { lendsReads: true }).then(exchange)
}

function fieldsOf(sent: OutgoingRequest, spec: ConnectionSpec): HandshakeFields {
  try {
    return handshakeFields(sent, spec)
  } catch (thrown) {
    throw badRequest(thrown)
  }
}
