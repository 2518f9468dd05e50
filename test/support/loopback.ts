/** Simple servers on 127.0.0.1 that end with the test. */
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Server as NetServer, Socket } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

const cleanups: (() => void)[] = []

/** For `afterEach`: ends every server of this file and its connections. */
export function closeServers(): void {
  for (const cleanup of cleanups.splice(0)) cleanup()
}

/** Listens on a port of 127.0.0.1, by default a free one. Resolves to the port. */
export async function listen(server: NetServer, port = 0): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  cleanups.push(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** Starts an HTTP server. Resolves to its URL. */
export async function serveHttp(handler: RequestListener, server: Server = createServer()): Promise<string> {
  server.on('request', handler)
  return `http://127.0.0.1:${await listen(server)}/`
}

/** Starts a WebSocket server. Resolves to its URL. */
export async function serveWebSocket(
  onConnection: (socket: WebSocket) => void,
  options: ConstructorParameters<typeof WebSocketServer>[0] = {},
): Promise<string> {
  const server = createServer()
  const sockets = new WebSocketServer({ ...options, server })
  sockets.on('connection', (socket: WebSocket) => {
    // Some tests close the client in the middle.
    socket.on('error', () => {})
    onConnection(socket)
  })
  return `ws://127.0.0.1:${await listen(server)}/`
}

/** A port on which nothing listens. */
export async function refusedPort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  server.close()
  await once(server, 'close')
  return port
}

/** The URL of a WebSocket at such a port. */
export async function refusedUrl(): Promise<string> {
  return `ws://127.0.0.1:${await refusedPort()}/`
}
