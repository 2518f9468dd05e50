/** HTTP/2 servers on 127.0.0.1, and what they see. */
import http2, { type Http2SecureServer, type Http2Server, type ServerHttp2Stream } from 'node:http2'
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
