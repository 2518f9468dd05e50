/** The opening handshake over HTTP/2 (RFC 8441): an extended CONNECT on a stream of the connection that the origin has. */
import type { OutgoingHttpHeaders } from 'node:http2'
import { Failure } from '../../shared/failure.ts'
import { inHandshakeOrder } from '../browser/browser-headers.ts'
import type { StopSignal } from '../deadline.ts'
import type { OpenSocket } from '../http/connect.ts'
import { disconnectedHere } from '../http/failures.ts'
import { type ConnectResponse, ConnectStream, opensTunnel } from '../http2/connect-stream.ts'
import { closedEarly, endOfStream } from '../http2/end-of-stream.ts'
import { noWebSockets } from '../http2/failures.ts'
import { lowerFields, pseudoFields } from '../http2/request-fields.ts'
import type { Http2Session } from '../http2/session.ts'
import { Http2Sessions, type SessionRequest } from '../http2/sessions.ts'
import { MAX_TRIES } from '../http2/versioned-call.ts'
import { untilAborted } from '../request-hook.ts'
import type { AttemptContext } from '../transport.ts'
import { deflateIn, subprotocolIn } from './acceptance.ts'
import { type Accepted, type Handshake, type HandshakeEnd, unopened } from './handshake-end.ts'
import type { HandshakeFields, HeadField } from './handshake-request.ts'

/** The handshake is to be performed over HTTP/1.1, on a connection that is open, or on one of its own. */
export interface OverHttp1 {
  readonly kind: 'http1'
  readonly opening: OpenSocket | undefined
}

/** The request as the hook changed it. */
export interface Prepared extends Pick<Handshake, 'sent'> {
  readonly fields: HandshakeFields
}

export interface Http2Handshake extends Omit<Handshake, 'sent'> {
  /** How the connection is asked for. */
  readonly connection: SessionRequest
  /** Has the hook change the request, whose method depends on the version of HTTP. */
  prepare(method: string): Prepared | Promise<Prepared>
  /** Milliseconds until the signal aborts with a `Failure`. */
  readonly timeout: number
}

/** As `performHandshake`. */
export async function handshakeOverHttp2<T>(
  handshake: Http2Handshake,
  context: AttemptContext,
  signal: StopSignal,
  opened: (accepted: Accepted) => T,
): Promise<HandshakeEnd<T> | OverHttp1> {
  const own = context.sessions === undefined ? new Http2Sessions() : undefined
  let isOpen = false
  try {
    const found = await connect(handshake, context.sessions ?? own ?? new Http2Sessions(), signal)
    if ('kind' in found) return found
    const { session, response, prepared } = found
    if (signal.aborted) response.socket.destroy()
    signal.throwIfAborted()
    if (!opensTunnel(response.status))
      return await untilAborted(refused({ ...handshake, ...prepared }, response, context), signal)
    const accepted = accept(prepared, session, response, context)
    isOpen = true
    response.socket.once('close', () => own?.close())
    const webSocket = opened(accepted)
    response.socket.use()
    return { kind: 'open', opened: webSocket }
  } finally {
    if (!isOpen) own?.close()
  }
}

interface Connected {
  readonly session: Http2Session
  readonly response: ConnectResponse
  readonly prepared: Prepared
}

/** Sends the request, and again if the server did not process it. Resolves with the head of the response. */
async function connect(
  handshake: Http2Handshake,
  sessions: Http2Sessions,
  signal: StopSignal,
): Promise<Connected | OverHttp1> {
  const { target, connection } = handshake
  const url = target.url.href
  let prepared: Prepared | undefined
  for (let tries = 1; ; tries++) {
    const { session, http1 } = await sessions.get(connection, signal)
    if (session === undefined) return { kind: 'http1', opening: http1 }
    const mayRepeat = tries < MAX_TRIES
    const isReused = session.requests > 0
    const allows = await untilAborted(session.allowsProtocols(), signal)
    if (allows) prepared ??= await handshake.prepare('CONNECT')
    if (!session.isUsable) {
      if (isReused && mayRepeat) continue
      throw endOfStream({ ...BEFORE_STREAM, session, url }) ?? closedEarly(url, 'head')
    }
    if (!allows && connection.mayBeHttp1) return { kind: 'http1', opening: undefined }
    if (!allows || prepared === undefined) throw noWebSockets(url)
    const stream = connectStream(handshake, prepared, session)
    const response = await untilHead(stream, handshake, signal, mayRepeat)
    if (response !== undefined) return { session, response, prepared }
  }
}

/** No stream was opened. */
const BEFORE_STREAM = { log: undefined, during: 'head', isShort: false, resetBySelf: undefined } as const

function connectStream(
  { target, connection }: Http2Handshake,
  { sent, fields: given }: Prepared,
  session: Http2Session,
): ConnectStream {
  const { spec, clock, target: route } = connection
  const isHost = ([name]: HeadField) => name.toLowerCase() === 'host'
  const others = given.fields.filter((each) => !isHost(each))
  const inOrder = spec.asBrowser === true ? inHandshakeOrder(others) : others
  const url = new URL(`${sent.url.pathname}${sent.url.search}`, route.origin).href
  const fields: OutgoingHttpHeaders = {
    ...pseudoFields(url, 'CONNECT', given.fields.find(isHost)?.[1]),
    ':protocol': 'websocket',
    ...lowerFields(
      target.url.href,
      inOrder.map(([name, value]) => [name, [value]]),
    ),
  }
  return new ConnectStream({ session, fields, url: target.url.href, clock })
}

/** The head of the response; undefined if the request may be sent again instead, and that is wanted. */
async function untilHead(
  stream: ConnectStream,
  { target, timeout }: Http2Handshake,
  signal: StopSignal,
  mayRepeat: boolean,
): Promise<ConnectResponse | undefined> {
  const onAbort = () => {
    const isLate = signal.reason instanceof Failure
    stream.cancel(isLate ? (stream.lateness(timeout) ?? signal.reason) : disconnectedHere(target.url.href))
  }
  signal.addEventListener('abort', onAbort)
  try {
    return await stream.response
  } catch (error) {
    if (mayRepeat && stream.mayRepeat && !signal.aborted) return undefined
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

async function refused(
  handshake: Handshake,
  { status, headers, socket }: ConnectResponse,
  context: AttemptContext,
): Promise<HandshakeEnd<never>> {
  try {
    const read = (take: (bytes: Uint8Array) => void) =>
      new Promise((resolve) => {
        socket.on('data', take).on('close', resolve).on('end', resolve)
        socket.use()
      })
    return await unopened(handshake, { status, headers, read }, context)
  } finally {
    socket.destroy()
  }
}

/** Throws if the response agrees to what was not offered. */
function accept(
  { sent, fields: { offer } }: Prepared,
  session: Http2Session,
  { status, headers, socket, meter, timing, heads, time }: ConnectResponse,
  { hook }: AttemptContext,
): Accepted {
  void hook?.received?.(sent, { status, headers })
  try {
    return {
      ...{ socket, meter, reads: socket.reads, status, headers, httpVersion: '2', timing, heads, time },
      url: sent.url,
      deflate: deflateIn(headers, offer),
      subprotocol: subprotocolIn(headers, offer),
      remoteAddress: session.socket.remoteAddress,
      tls: session.tls,
    }
  } catch (thrown) {
    socket.destroy()
    throw thrown
  }
}
