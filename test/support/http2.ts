/** HTTP/2 servers on 127.0.0.1, and what they see. */
import { IncomingMessage } from 'node:http'
import http2, { type Http2SecureServer, type Http2Server, type ServerHttp2Stream } from 'node:http2'
import { type WebSocket, WebSocketServer } from 'ws'
import { listen } from './loopback.ts'
import { certificates } from './tls.ts'

export type StreamHandler = (stream: ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => void

export interface RunningHttp2 {
  /** Without a slash at the end. */
  readonly origin: string
  /** TCP connections so far. */
  readonly connections: () => number
  readonly server: Http2Server | Http2SecureServer
}

/** Starts a server without TLS. It ends by `closeServers`. */
export function serveHttp2(handler: StreamHandler, options: http2.ServerOptions = {}): Promise<RunningHttp2> {
  return run(http2.createServer(options), 'http', handler)
}

/** Starts a server with TLS. It speaks HTTP/1.1, too, if the options allow it. */
export function serveHttps2(
  handler: StreamHandler,
  options: http2.SecureServerOptions = {},
): Promise<RunningHttp2> {
  return run(http2.createSecureServer({ ...certificates().server, ...options }), 'https', handler)
}

async function run(
  server: Http2Server | Http2SecureServer,
  scheme: string,
  handler: StreamHandler,
): Promise<RunningHttp2> {
  let connections = 0
  server.on(scheme === 'https' ? 'secureConnection' : 'connection', () => connections++)
  server.on('stream', (stream: ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => {
    // Some tests end the client in the middle.
    stream.on('error', () => {})
    handler(stream, headers)
  })
  server.on('sessionError', () => {})
  const port = await listen(server)
  return { origin: `${scheme}://127.0.0.1:${port}`, connections: () => connections, server }
}

/** A request for a WebSocket over HTTP/2 (RFC 8441 section 4). */
export function isWebSocketRequest(headers: http2.IncomingHttpHeaders): boolean {
  return headers[':method'] === 'CONNECT' && headers[':protocol'] === 'websocket'
}

/**
 * Has a server of `ws` answer a request for a WebSocket on a stream. It only knows HTTP/1.1, so it gets the request as one of
 * HTTP/1.1, and its response becomes one of HTTP/2.
 */
export function upgradeStream(
  sockets: WebSocketServer,
  stream: ServerHttp2Stream,
  headers: http2.IncomingHttpHeaders,
): void {
  const request = Object.assign(Object.create(IncomingMessage.prototype), {
    method: 'GET',
    url: headers[':path'],
    socket: stream.session?.socket,
    headers: {
      ...headers,
      upgrade: 'websocket',
      connection: 'Upgrade',
      'sec-websocket-key': Buffer.alloc(16).toString('base64'),
    },
  })
  const write = stream.write.bind(stream)
  const end = stream.end.bind(stream)
  const respond = (head: string) => {
    const [first = '', ...lines] = (head.split('\r\n\r\n')[0] ?? '').split('\r\n')
    const fields: http2.OutgoingHttpHeaders = {}
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^:]+): (.*)$/.exec(line) ?? []
      if (!/^(?:upgrade|connection|sec-websocket-accept)$/i.test(name)) fields[name.toLowerCase()] = value
    }
    const status = Number(first.split(' ')[1])
    stream.respond({ ...fields, ':status': status === 101 ? 200 : status })
    Object.assign(stream, { write, end })
  }
  Object.assign(stream, {
    write: (head: string) => respond(head),
    end: (answer: string) => {
      respond(answer)
      end(answer.split('\r\n\r\n').slice(1).join('\r\n\r\n'))
    },
  })
  sockets.handleUpgrade(request, stream, Buffer.alloc(0), (socket) =>
    sockets.emit('connection', socket, request),
  )
}

export interface WebSocketOptions {
  /** Of the server of `ws`. */
  readonly webSocket?: ConstructorParameters<typeof WebSocketServer>[0]
  readonly server?: http2.SecureServerOptions
  readonly isTls?: boolean
  /** Answers other requests, and sees those for WebSockets first. True: it has answered. */
  readonly handler?: (stream: ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => boolean
}

/** Starts a WebSocket server that speaks HTTP/2. `url` is that of the WebSocket. */
export async function serveWebSocketOverHttp2(
  onConnection: (socket: WebSocket) => void,
  { webSocket = {}, server = {}, isTls = false, handler = () => false }: WebSocketOptions = {},
): Promise<RunningHttp2 & { readonly url: string }> {
  const sockets = new WebSocketServer({ ...webSocket, noServer: true })
  sockets.on('connection', (socket) => {
    socket.on('error', () => {})
    onConnection(socket)
  })
  const settings = { enableConnectProtocol: true, ...server.settings }
  const running = await (isTls ? serveHttps2 : serveHttp2)(
    (stream, headers) => {
      if (!handler(stream, headers) && isWebSocketRequest(headers)) upgradeStream(sockets, stream, headers)
    },
    { ...server, settings },
  )
  return { ...running, url: `${running.origin.replace('http', 'ws')}/` }
}

/** Settles when the peer has answered many pings, and nothing was written meanwhile. */
export async function untilNothingIsWritten(stream: ServerHttp2Stream, written: () => number): Promise<void> {
  let before = -1
  for (let still = 0; still < 20; still++) {
    if (written() !== before) still = 0
    before = written()
    await new Promise<void>((resolve) => stream.session?.ping(() => resolve()))
  }
}
