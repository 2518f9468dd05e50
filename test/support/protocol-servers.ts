/**
 * The protocols' own servers, on 127.0.0.1. A client that sends no heartbeats is dropped after `PATIENCE` or earlier, where
 * the protocol has any.
 */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { Server as McpServer } from '@modelcontextprotocol/sdk/server/index.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { CallToolRequestSchema, EmptyResultSchema } from '@modelcontextprotocol/sdk/types.js'
import { Aedes } from 'aedes'
import * as graphql from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { Server as SocketIoServer } from 'socket.io'
import { createServer as createSockJs } from 'sockjs'
import StompServer from 'stomp-broker-js'
import { SubscriptionServer } from 'subscriptions-transport-ws'
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws'
import { closeServers, listen } from './loopback.ts'

/** Milliseconds between two heartbeats. */
export const BEAT = 2000
/** Milliseconds without a heartbeat. A busy machine is not as late as that. */
export const PATIENCE = 10_000

/** What has timers of its own. */
const brokers: { close(): void }[] = []

/** For `after`: ends every server of this file, its connections and timers. */
export function closeProtocolServers(): void {
  closeServers()
  for (const broker of brokers.splice(0)) broker.close()
}

/** An HTTP server for the protocol. Resolves to `127.0.0.1:PORT`. */
async function serve(install: (server: ReturnType<typeof createServer>) => void): Promise<string> {
  const server = createServer()
  install(server)
  return `127.0.0.1:${await listen(server)}`
}

export async function serveSocketIo(parser?: object): Promise<string> {
  return await serve((server) => {
    // Clients of Engine.IO alone never join a namespace.
    const io = new SocketIoServer(server, {
      ...{ pingInterval: BEAT, pingTimeout: PATIENCE - BEAT, connectTimeout: 3_600_000 },
      ...(parser !== undefined && { parser }),
    })
    for (const namespace of [io.of('/'), io.of('/admin')])
      namespace.on('connection', (socket) => {
        socket.on('sum', (a: number, b: number, answer: (sum: number) => void) => answer(a + b))
        socket.on('greet', (name: string, answer: (greeting: string) => void) => answer(`hello ${name}`))
        socket.on('ask', () => socket.timeout(PATIENCE).emit('question', 7, () => {}))
      })
    io.of('/admin').use((socket, next) =>
      socket.handshake.auth.token === 'secret' ? next() : next(new Error('not authorized')),
    )
  })
}

const schema = graphql.buildSchema(`
  type Query { hello(name: String): String }
  type Subscription { ticks(to: Int!): Int }
`)
const rootValue = {
  hello: ({ name }: { name: string }) => `hello ${name}`,
  async *ticks({ to }: { to: number }) {
    for (let tick = 1; tick <= to; tick++) yield { ticks: tick }
  },
}

export async function serveGraphqlWs(): Promise<string> {
  return await serve((server) => {
    const sockets = new WebSocketServer({ server })
    useServer(
      { schema, roots: { query: rootValue, subscription: rootValue }, connectionInitWaitTimeout: PATIENCE },
      sockets,
      BEAT,
    )
  })
}

export async function serveSubscriptionsTransportWs(): Promise<string> {
  return await serve((server) => {
    const { execute, subscribe } = graphql
    SubscriptionServer.create(
      { schema, rootValue, execute: execute as never, subscribe: subscribe as never, keepAlive: BEAT },
      { server, path: '/' },
    )
  })
}

export async function serveMqtt(): Promise<string> {
  const broker = await Aedes.createBroker({ connectTimeout: PATIENCE })
  brokers.push(broker)
  broker.authenticate = (_client, username, password, done) => {
    const accepted = username !== 'ada' || String(password) === 'secret'
    done(accepted ? null : Object.assign(new Error('no'), { returnCode: 4 as const }), accepted)
  }
  return await serve((server) => {
    const sockets = new WebSocketServer({ server, handleProtocols: ([offered]) => offered ?? false })
    sockets.on('connection', (socket) => {
      const stream = createWebSocketStream(socket)
      stream.on('error', () => {})
      broker.handle(stream as never)
    })
  })
}

export async function serveStomp(): Promise<string> {
  return await serve((server) => {
    const broker = new StompServer({ server, path: '/', heartbeat: [BEAT, BEAT] })
    // The broker sends nothing back to the connection that it comes from.
    broker.subscribe('/queue/in', (body) => broker.send('/queue/out', {}, body))
  })
}

export async function serveSockJs(): Promise<string> {
  return await serve((server) => {
    const echo = createSockJs({ heartbeat_delay: BEAT, log: () => {} })
    echo.on('connection', (connection) => connection?.on('data', (text) => connection.write(text)))
    echo.installHandlers(server, { prefix: '/echo' })
  })
}

/** A server of the project: the routers of WAMP need a compiler, or Python. It answers calls of `sum`. */
export async function serveWamp(): Promise<string> {
  return await serve((server) => {
    const sockets = new WebSocketServer({ server, handleProtocols: () => 'wamp.2.json' })
    sockets.on('connection', (socket) => {
      const late = setTimeout(() => socket.close(1002, 'no HELLO'), PATIENCE)
      pinging(socket)
      socket.on('message', (data) => {
        clearTimeout(late)
        const [type, first, , uri, args] = JSON.parse(String(data)) as [
          number,
          number,
          unknown,
          string,
          number[],
        ]
        if (type === 1) socket.send(JSON.stringify([2, 1, { roles: { broker: {}, dealer: {} } }]))
        else if (type === 6) socket.close(1000)
        else if (type === 48 && uri === 'sum')
          socket.send(JSON.stringify([50, first, {}, [args.reduce((sum, each) => sum + each, 0)]]))
      })
      socket.on('close', () => clearTimeout(late))
    })
  })
}

/** JSON-RPC has no server of its own. This one answers `sum`. */
export async function serveJsonRpc(): Promise<string> {
  return await serve((server) => {
    const sockets = new WebSocketServer({ server })
    sockets.on('connection', (socket) => {
      pinging(socket)
      socket.on('message', (data) => {
        const { id, params } = JSON.parse(String(data)) as { id: number; params: number[] }
        const result = params.reduce((sum, each) => sum + each, 0)
        socket.send(JSON.stringify({ jsonrpc: '2.0', id, result }))
      })
    })
  })
}

/** Pings a session, and ends it if it does not answer. It has the tool `sum`. */
export async function serveMcp(): Promise<string> {
  return await serve((server) => {
    const sessions = new Map<string, StreamableHTTPServerTransport>()
    server.on('request', (request, response) => {
      const known = sessions.get(String(request.headers['mcp-session-id']))
      void (known ?? begin(sessions)).handleRequest(request, response)
    })
  })
}

function begin(sessions: Map<string, StreamableHTTPServerTransport>): StreamableHTTPServerTransport {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => void sessions.set(id, transport),
  })
  const mcp = new McpServer({ name: 'test', version: '1' }, { capabilities: { tools: {} } })
  mcp.setRequestHandler(CallToolRequestSchema, ({ params }) => {
    const { a, b } = params.arguments as { a: number; b: number }
    return { content: [{ type: 'text', text: `${a} and ${b} are ${a + b}` }] }
  })
  const timer = setInterval(() => {
    mcp.request({ method: 'ping' }, EmptyResultSchema, { timeout: PATIENCE }).catch(() => transport.close())
  }, BEAT)
  mcp.onclose = () => clearInterval(timer)
  brokers.push({ close: () => void mcp.close() })
  void mcp.connect(transport as never)
  return transport
}

/** Pings a client, and drops it if it does not answer. */
function pinging(socket: WebSocket): void {
  let heard = Date.now()
  socket.on('pong', () => {
    heard = Date.now()
  })
  const timer = setInterval(() => {
    if (Date.now() - heard > PATIENCE) socket.terminate()
    else socket.ping()
  }, BEAT)
  socket.on('close', () => clearInterval(timer))
}
