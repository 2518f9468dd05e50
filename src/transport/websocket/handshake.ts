/** The opening handshake (RFC 6455 section 4.1): connects, sends the request, and reads the response. */
import type { ClientRequest, IncomingMessage } from 'node:http'
import type net from 'node:net'
import WebSocket from 'ws'
import type { Headers, Timing } from '../../shared/event.ts'
import { fieldBytes } from '../../shared/headers.ts'
import { type ConnectionSpec, DEFAULT_MAX_MESSAGE_SIZE, DEFAULT_TIMEOUT } from '../../shared/spec.ts'
import { protocolIn } from '../../shared/transports.ts'
import { browserHeaders, orderHandshake } from '../browser/browser-headers.ts'
import { type OpenSocket, openSocket } from '../http/connect.ts'
import type { HeadSizes } from '../http/exchange.ts'
import type { SaidInBody } from '../http/failures.ts'
import type { LentReads } from '../http/lent-reads.ts'
import { proxyAuthorization, proxyFor } from '../http/outgoing-proxy.ts'
import { isRedirect, locationText } from '../http/redirect.ts'
import { readExcerpt, retryAfter } from '../http/refusal.ts'
import { MAX_SENDS, type OutgoingRequest, untilAborted } from '../request-hook.ts'
import type { AttemptContext } from '../transport.ts'
import { type DeflateParameters, formatDeflate, parseDeflateResponse } from './extensions.ts'
import {
  badRequest,
  type HandshakeFailure,
  handshakeFailure,
  handshakeTimeout,
  statusNot101,
} from './failures.ts'
import type { HandshakeTarget } from './redirect.ts'
import { headersOf } from './response-headers.ts'

const MAX_HEADER_SIZE = 64 * 1024
/** Largest number of fragments in a message. */
export const MAX_FRAGMENTS = 64 * 1024
const MAX_BUFFERED_CHUNKS = 256 * 1024
/** Milliseconds that the peer has to answer a close frame. */
const CLOSE_TIMEOUT = 2000
/** `ws` stores its limit as a signed 32-bit integer; a larger one would disable it. */
const LARGEST_LIMIT = 2 ** 31 - 1
const HANDSHAKE_EVENTS = ['upgrade', 'open', 'unexpected-response']

export interface Accepted {
  readonly ws: WebSocket
  readonly socket: net.Socket
  /** What is read from the socket, which then need not come as `data` events. Undefined if it always does. */
  readonly reads: LentReads | undefined
  readonly response: IncomingMessage
  /** The negotiated permessage-deflate; undefined if there is none. */
  readonly deflate: DeflateParameters | undefined
  readonly timing: Timing
  /** Without those of redirects and challenges before it. */
  readonly heads: HeadSizes | undefined
  /** Session time at which the response head arrived. */
  readonly time: number
}

export type HandshakeEnd<T> =
  | { readonly kind: 'open'; readonly opened: T }
  /** The response is a refusal that the hook answers: the handshake is to be performed again. */
  | { readonly kind: 'again' }
  | { readonly kind: 'redirect'; readonly status: number; readonly location: string }
  | ({ readonly kind: 'failed' } & HandshakeFailure)
  | { readonly kind: 'aborted' }

/** The largest message accepted, in bytes. */
export function messageLimit(spec: ConnectionSpec): number {
  return Math.min(spec.maxMessageSize ?? DEFAULT_MAX_MESSAGE_SIZE, LARGEST_LIMIT)
}

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
    const request = { ...target, method: 'GET', body: undefined }
    const sent = hook?.outgoing ? await untilAborted(hook.outgoing(request), control.signal) : request
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
    // The HTTP client of Node.js listens to events.
    opening.reads?.emitOn(opening.socket)
    return await upgrade({ target, sent, sends }, opening, context, control.signal, opened)
  } catch (thrown) {
    if (signal.aborted) return { kind: 'aborted' }
    return { kind: 'failed', ...handshakeFailure(thrown, target.url.href) }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

/** Moves subprotocols out of the headers, because `ws` has to know which ones it offers. */
function splitSubprotocols(target: OutgoingRequest): { headers: Headers; subprotocols: string[] } {
  const isProtocol = (name: string) => name.toLowerCase() === 'sec-websocket-protocol'
  const entries = Object.entries(target.headers)
  const fromHeaders = entries
    .filter(([name]) => isProtocol(name))
    .flatMap(([, value]) => (typeof value === 'string' ? [value] : value))
    .flatMap((value) => value.split(',').map((name) => name.trim()))
  return {
    headers: Object.fromEntries(entries.filter(([name]) => !isProtocol(name))),
    subprotocols: [...new Set([...(target.subprotocols ?? []), ...fromHeaders])],
  }
}

/** Field values in the form in which Node writes them: one Latin-1 character per byte. */
function asBytes(headers: Headers): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? fieldBytes(value) : value.map(fieldBytes),
    ]),
  )
}

/** Throws if the headers announce a body: the server would read the first frames as that body. */
function refuseBody(headers: Headers): void {
  const field = Object.keys(headers).find((name) => /^(?:content-length|transfer-encoding)$/i.test(name))
  if (field !== undefined) throw new Error(`it has no body, so it cannot have ${field}`)
}

/** `sized` is called with the sizes of the heads before the WebSocket opens. */
function createWebSocket(
  target: OutgoingRequest,
  socket: net.Socket,
  spec: ConnectionSpec,
  sized: (heads: HeadSizes) => void,
): WebSocket {
  const { headers: own, subprotocols } = splitSubprotocols(target)
  refuseBody(own)
  const headers =
    spec.asBrowser === true
      ? browserHeaders({ api: 'WebSocket', url: target.url, method: 'GET', headers: own })
      : own
  const options = {
    headers: asBytes(headers),
    createConnection: () => socket,
    maxHeaderSize: MAX_HEADER_SIZE,
    // Like browsers, accept header fields that are folded over several lines (RFC 9112 section 5.2), among others.
    insecureHTTPParser: true,
    perMessageDeflate: spec.compression !== false,
    maxPayload: messageLimit(spec),
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_BUFFERED_CHUNKS,
    closeTimeout: CLOSE_TIMEOUT,
    autoPong: false,
    followRedirects: false,
    finishRequest: (request: ClientRequest) => {
      boundInformational(request, socket)
      if (spec.asBrowser === true) orderHandshake(request)
      measureHeads(request, socket, sized)
      request.end()
    },
  }
  // The types of `ws` lack some of these options, and header fields with several values.
  return new WebSocket(target.url, subprotocols, options as unknown as WebSocket.ClientOptions)
}

/** Fails a request if its informational responses together exceed the size of a head. Node limits only each of them. */
function boundInformational(request: ClientRequest, socket: net.Socket): void {
  const before = socket.bytesRead
  request.on('information', () => {
    if (socket.bytesRead - before > MAX_HEADER_SIZE)
      request.destroy(Object.assign(new Error('too many'), { code: 'HPE_HEADER_OVERFLOW' }))
  })
}

/** Measures the heads of a request, and of the response that accepts it: all that the socket wrote and read until then. */
function measureHeads(request: ClientRequest, socket: net.Socket, sized: (heads: HeadSizes) => void): void {
  const { bytesWritten, bytesRead } = socket
  // Before the listener of `ws`, which opens the WebSocket. `rest` is what arrived after the head.
  request.prependListener('upgrade', (_response: IncomingMessage, _socket: net.Socket, rest: Buffer) => {
    sized({
      requestHeadSize: socket.bytesWritten - bytesWritten,
      headSize: socket.bytesRead - bytesRead - rest.length,
    })
  })
}

/** The handshake as it is, and as the hook changed it. */
interface Handshake {
  readonly target: HandshakeTarget
  readonly sent: OutgoingRequest
  /** How often it is performed, with this time. */
  readonly sends: number
}

function upgrade<T>(
  { target, sent, sends }: Handshake,
  { socket, reads, timing: connectTiming }: OpenSocket,
  { spec, clock, resume, hook }: AttemptContext,
  signal: AbortSignal,
  opened: (accepted: Accepted) => T,
): Promise<HandshakeEnd<T>> {
  return new Promise((resolve, reject) => {
    const requested = clock.now()
    let firstByte: number | undefined
    let heads: HeadSizes | undefined
    let ws: WebSocket
    try {
      ws = createWebSocket(sent, socket, spec, (sizes) => {
        heads = sizes
      })
    } catch (thrown) {
      socket.destroy()
      reject(badRequest(thrown))
      return
    }
    const settle = (end: HandshakeEnd<T>) => {
      signal.removeEventListener('abort', onAbort)
      resolve(end)
    }
    const fail = (thrown: unknown) => {
      signal.removeEventListener('abort', onAbort)
      reject(thrown)
    }
    const onAbort = () => {
      fail(signal.reason)
      ws.terminate()
    }
    let response: IncomingMessage | undefined
    let deflate: DeflateParameters | undefined
    signal.addEventListener('abort', onAbort)
    // Node attaches its HTTP parser to the socket in the next tick, and reads only then.
    process.nextTick(() =>
      socket.prependOnceListener('data', () => {
        firstByte = clock.now()
      }),
    )
    ws.on('error', fail)
    ws.on('upgrade', (head) => {
      response = head
      void hook?.received?.(sent, { status: head.statusCode ?? 101, headers: headersOf(head) })
      try {
        if (spec.compression !== false) deflate = negotiateDeflate(head)
      } catch (thrown) {
        fail(thrown)
        ws.terminate()
      }
    })
    ws.on('open', () => {
      if (response === undefined) return
      ws.off('error', fail)
      // They hold the response and the request, which an open WebSocket no longer needs.
      for (const event of HANDSHAKE_EVENTS) ws.removeAllListeners(event)
      const time = firstByte ?? clock.now()
      const timing = { ...connectTiming, firstByte: time - requested }
      settle({ kind: 'open', opened: opened({ ws, socket, reads, response, deflate, timing, heads, time }) })
    })
    ws.on('unexpected-response', (_request, answer) => {
      refused(answer)
        .then(settle, fail)
        .finally(() => ws.terminate())
    })
    const refused = async (answer: IncomingMessage): Promise<HandshakeEnd<T>> => {
      const { statusCode: status = 0, headers } = answer
      const { location } = headers
      const isAgain = await hook?.received?.(sent, { status, headers: headersOf(answer) })
      if (isAgain === true && sends < MAX_SENDS) return { kind: 'again' }
      if (isRedirect(status) && location !== undefined)
        return { kind: 'redirect', status, location: locationText(location) }
      resume.retryAfter = retryAfter(headers['retry-after'])
      return { kind: 'failed', ...statusNot101(status, target.url.href, await readAnswer(status, answer)) }
    }
  })
}

/**
 * Reads the permessage-deflate of a response, and rewrites the field in the form in which it was understood, so that `ws`
 * cannot interpret it in another way. Throws an `ExtensionError`.
 */
function negotiateDeflate({ headers }: IncomingMessage): DeflateParameters | undefined {
  const field = headers['sec-websocket-extensions']
  if (field === undefined) return undefined
  const agreed = parseDeflateResponse(field)
  headers['sec-websocket-extensions'] = formatDeflate(agreed)
  return agreed
}

/** What a response says that does not open a WebSocket. */
async function readAnswer(status: number, answer: IncomingMessage): Promise<SaidInBody> {
  const {
    'content-type': contentType,
    'content-encoding': coding,
    'www-authenticate': challenge,
  } = answer.headers
  // Unless it is sent as a browser's, the request does not ask for a content coding, so none is decoded.
  if (coding !== undefined) return { excerpt: '' }
  return await readExcerpt({
    status,
    headers: challenge === undefined ? {} : { 'www-authenticate': challenge },
    contentType,
    read: (take) =>
      new Promise((resolve) => {
        answer.on('data', take).on('error', resolve).on('close', resolve)
      }),
  })
}
