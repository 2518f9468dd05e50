/** The opening handshake (RFC 6455 section 4.1): connects, sends the request, and reads the response. */
import type { ClientRequest, IncomingMessage } from 'node:http'
import type net from 'node:net'
import tls from 'node:tls'
import WebSocket from 'ws'
import type { Headers } from '../../shared/event.ts'
import { fieldBytes } from '../../shared/headers.ts'
import { type ConnectionSpec, DEFAULT_TIMEOUT } from '../../shared/spec.ts'
import { protocolIn } from '../../shared/transports.ts'
import { browserHeaders, orderHandshake } from '../browser/browser-headers.ts'
import { type OpenSocket, openSocket } from '../http/connect.ts'
import type { HeadSizes } from '../http/exchange.ts'
import { proxyAuthorization, proxyFor } from '../http/outgoing-proxy.ts'
import { tlsInfo } from '../http/tls.ts'
import { type OutgoingRequest, untilAborted } from '../request-hook.ts'
import type { AttemptContext } from '../transport.ts'
import { type DeflateParameters, formatDeflate, parseDeflateResponse } from './extensions.ts'
import { badRequest, handshakeFailure, handshakeTimeout } from './failures.ts'
import { type Accepted, type Answer, type Handshake, type HandshakeEnd, unopened } from './handshake-end.ts'
import { CLOSE_TIMEOUT, MAX_BUFFERED_CHUNKS, MAX_FRAGMENTS, messageLimit } from './limits.ts'
import type { HandshakeTarget } from './redirect.ts'
import { headersOf } from './response-headers.ts'

const MAX_HEADER_SIZE = 64 * 1024
const HANDSHAKE_EVENTS = ['upgrade', 'open', 'unexpected-response']

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

function upgrade<T>(
  handshake: Handshake,
  { socket, reads, timing: connectTiming }: OpenSocket,
  context: AttemptContext,
  signal: AbortSignal,
  opened: (accepted: Accepted) => T,
): Promise<HandshakeEnd<T>> {
  const { sent } = handshake
  const { spec, clock, hook } = context
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
      const accepted: Accepted = {
        ...{ ws, socket, reads, deflate, heads, time },
        status: response.statusCode ?? 101,
        headers: headersOf(response),
        httpVersion: response.httpVersion,
        remoteAddress: socket.remoteAddress,
        tls: socket instanceof tls.TLSSocket ? tlsInfo(socket) : undefined,
        timing: { ...connectTiming, firstByte: time - requested },
      }
      settle({ kind: 'open', opened: opened(accepted) })
    })
    ws.on('unexpected-response', (_request, answer) => {
      unopened(handshake, answerOf(answer), context)
        .then(settle, fail)
        .finally(() => ws.terminate())
    })
  })
}

function answerOf(response: IncomingMessage): Answer {
  return {
    status: response.statusCode ?? 0,
    headers: headersOf(response),
    read: (take) =>
      new Promise((resolve) => {
        response.on('data', take).on('error', resolve).on('close', resolve)
      }),
  }
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
