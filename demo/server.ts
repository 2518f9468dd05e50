/** The demo: every transport on one port, with interruptions. `node demo/server.ts [PORT]` */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serveEvents, startEvents } from './events.ts'
import { serveConfig, serveStatus, startConfig } from './polls.ts'
import { serveCamera, serveLog } from './streams.ts'
import { tickerServer } from './ticker.ts'

export interface Demo {
  readonly port: number
  /** Connections to open, as the command `realtimeInspector.connect` takes them. */
  readonly connections: readonly { readonly url: string; readonly transport: string }[]
  stop(): Promise<void>
}

export async function startDemo(port: number): Promise<Demo> {
  const ended = new AbortController()
  const ticker = tickerServer()
  const server = createServer((request, response) => void route(request, response))
  server.maxConnections = 200
  server.on('upgrade', (request, socket, head) => {
    if (request.url?.split('?')[0] !== '/ticker')
      socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')
    else ticker.handleUpgrade(request, socket, head, (client) => ticker.emit('connection', client, request))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const events = startEvents()
  void startConfig(ended.signal)
  const bound = (server.address() as AddressInfo).port
  return {
    port: bound,
    connections: connectionsOf(`127.0.0.1:${bound}`),
    async stop() {
      ended.abort()
      clearInterval(events)
      for (const client of ticker.clients) client.terminate()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function connectionsOf(host: string): Demo['connections'] {
  return [
    { url: `ws://${host}/ticker`, transport: 'websocket' },
    { url: `http://${host}/events`, transport: 'sse' },
    { url: `http://${host}/config?wait=8s`, transport: 'long-poll' },
    { url: `http://${host}/status`, transport: 'poll' },
    { url: `http://${host}/log`, transport: 'http-stream' },
    { url: `http://${host}/camera`, transport: 'http-stream' },
  ]
}

async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const host = request.headers.host ?? ''
  if (!URL.canParse(request.url ?? '', `http://${host}`)) {
    response.writeHead(400).end()
    return
  }
  const url = new URL(request.url ?? '/', `http://${host}`)
  switch (url.pathname) {
    case '/events':
      return serveEvents(request, response)
    case '/config':
      return serveConfig(request, response, url)
    case '/status':
      return serveStatus(request, response)
    case '/log':
      return serveLog(response)
    case '/camera':
      return serveCamera(response)
    case '/':
      response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(index(host))
      return
    default:
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end(index(host))
  }
}

function index(host: string): string {
  const lines = connectionsOf(host).map(({ url, transport }) => `${transport.padEnd(12)} ${url}`)
  return `The demo server of Realtime Inspector offers:\n\n${lines.join('\n')}\n`
}

if (import.meta.main) {
  const demo = await startDemo(Number(process.argv[2] ?? 0))
  for (const { url, transport } of demo.connections) console.log(`${transport.padEnd(12)} ${url}`)
  process.once('SIGINT', () => void demo.stop())
  process.once('SIGTERM', () => void demo.stop())
}
