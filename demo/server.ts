/** The demo: every transport on one port, with interruptions. `node demo/server.ts [PORT]` */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ConnectionSpec } from '../src/shared/spec.ts'
import type { Script } from '../src/vscode/connect/demo-client.ts'
import { feedConnections } from '../src/vscode/connect/demo-feed.ts'
import { QUESTION, serveAnswer } from './answer.ts'
import { serveEvents, startEvents } from './events.ts'
import { Feed } from './feed.ts'
import { feedSocket, serveFeed } from './feed-endpoints.ts'
import { graphqlScript, graphqlServer } from './graphql.ts'
import { serveConfig, serveStatus, startConfig } from './polls.ts'
import { socketIoScript, socketIoServer } from './socket-io.ts'
import { serveCamera, serveLog } from './streams.ts'
import { tickerServer } from './ticker.ts'

/** A connection to open, as the command `realtimeInspector.connect` takes it, and what to send over it. */
export interface DemoConnection extends ConnectionSpec {
  readonly transport: NonNullable<ConnectionSpec['transport']>
  readonly script?: Script
}

export interface Demo {
  readonly port: number
  readonly connections: readonly DemoConnection[]
  /** The connections to one feed by each technique. */
  readonly feed: readonly DemoConnection[]
  stop(): Promise<void>
}

const CUTS = { cuts: true } as const

export async function startDemo(port: number): Promise<Demo> {
  const ended = new AbortController()
  const feed = new Feed()
  const webSockets = new Map([
    ['/ticker', tickerServer()],
    ['/socket.io/', socketIoServer()],
    ['/graphql', graphqlServer()],
    ['/feed/ws', feedSocket(feed, CUTS)],
  ])
  const server = createServer((request, response) => void route(feed, request, response))
  server.maxConnections = 200
  server.on('upgrade', (request, socket, head) => {
    const endpoint = webSockets.get(request.url?.split('?')[0] ?? '')
    if (endpoint === undefined) socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')
    else
      endpoint.handleUpgrade(request, socket, head, (client) => endpoint.emit('connection', client, request))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const events = startEvents()
  void startConfig(ended.signal)
  feed.start()
  const bound = (server.address() as AddressInfo).port
  return {
    port: bound,
    connections: connectionsOf(`127.0.0.1:${bound}`),
    feed: feedConnections(`127.0.0.1:${bound}`),
    async stop() {
      ended.abort()
      clearInterval(events)
      feed.stop()
      for (const { clients } of webSockets.values()) for (const client of clients) client.terminate()
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
    {
      url: `ws://${host}/socket.io/?EIO=4&transport=websocket`,
      transport: 'websocket',
      script: socketIoScript,
    },
    {
      url: `ws://${host}/graphql`,
      transport: 'websocket',
      subprotocols: ['graphql-transport-ws'],
      script: graphqlScript,
    },
    {
      url: `http://${host}/v1/chat/completions`,
      transport: 'sse',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(QUESTION),
      reconnect: 'never',
    },
  ]
}

async function route(feed: Feed, request: IncomingMessage, response: ServerResponse): Promise<void> {
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
    case '/v1/chat/completions':
      return serveAnswer(request, response)
    case '/':
      response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(index(host))
      return
    default:
      if (serveFeed(feed, CUTS, request, response, url)) return
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end(index(host))
  }
}

function index(host: string): string {
  const lines = [...connectionsOf(host), ...feedConnections(host)].map(lineFor)
  return `The demo server of Realtime Inspector offers:\n\n${lines.join('\n')}\n`
}

/** A connection for people. */
export function lineFor({ url, transport, body }: DemoConnection): string {
  return `${transport.padEnd(12)} ${body === undefined ? '' : 'POST '}${url}`
}

if (import.meta.main) {
  const demo = await startDemo(Number(process.argv[2] ?? 0))
  for (const connection of [...demo.connections, ...demo.feed]) console.log(lineFor(connection))
  process.once('SIGINT', () => void demo.stop())
  process.once('SIGTERM', () => void demo.stop())
}
