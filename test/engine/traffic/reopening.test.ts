/** Programs that open their connections again, behind a real proxy: each of their connections stays one in the session. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { EventSource } from 'eventsource'
import { WebSocket, WebSocketServer } from 'ws'
import { becomes, eventually } from '../../support/eventually.ts'
import { startSession } from '../../support/looking-on.ts'
import { closeServers, listen, serveHttp } from '../../support/loopback.ts'
import { type ProxiedSession, startProxied, stopProxies } from '../../support/recorded-proxy.ts'

/** Connection and attempt of each `connect`. */
const attempts = ({ of }: ProxiedSession) =>
  of('connect').map(({ connection, attempt }) => [connection, attempt])

/** A server that greets, and its HTTP server. */
async function serveGreeting(port = 0) {
  const server = createServer()
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => {
    socket.on('error', () => {})
    socket.send('hello')
  })
  return { port: await listen(server, port), server, sockets }
}

describe('what programs open again through a proxy', () => {
  const apps: App[] = []

  afterEach(async () => {
    for (const app of apps.splice(0)) app.stop()
    await stopProxies()
    closeServers()
  })

  /** A program with one WebSocket, which it opens again whenever it is lost. */
  class App {
    #socket: WebSocket | undefined
    #isStopped = false
    #opened = 0

    constructor(urlOf: (opened: number) => string) {
      apps.push(this)
      this.#open(urlOf)
    }

    stop(): void {
      this.#isStopped = true
      this.#socket?.close(1000)
    }

    #open(urlOf: (opened: number) => string): void {
      const socket = new WebSocket(urlOf(this.#opened++))
      this.#socket = socket
      socket.on('error', () => {})
      socket.on('close', () => {
        if (!this.#isStopped) setTimeout(() => this.#open(urlOf), 20)
      })
    }
  }

  it('are one connection with a reconnect after the proxy has cut it, also with another token', async () => {
    const { port } = await serveGreeting()
    const session = await startProxied(`http://127.0.0.1:${port}`)
    new App((opened) => `ws://${session.authority}/feed?room=1&token=t${opened}`)
    await becomes(() => session.texts(), ['hello'])
    await session.handlers.cut({ connection: 1 })
    await becomes(() => session.texts(), ['hello', 'hello'])
    assert.deepEqual(attempts(session), [
      [1, 0],
      [1, 1],
    ])
    const [reconnect] = session.of('reconnect')
    const [close] = session.of('close')
    assert.equal(reconnect?.attempt, 1)
    assert.equal(reconnect?.delay, reconnect?.time - (close?.time ?? 0))
    const { state, reconnects } = session.hub.get(1).status()
    assert.deepEqual({ state, reconnects }, { state: 'open', reconnects: 1 })
  })

  it('are one connection over a restart of the server, with the attempts that fail', async () => {
    const first = await serveGreeting()
    const session = await startProxied(`http://127.0.0.1:${first.port}`)
    new App(() => `ws://${session.authority}/feed`)
    await becomes(() => session.texts(), ['hello'])
    const closed = once(first.server, 'close')
    first.server.close()
    for (const socket of first.sockets.clients) socket.terminate()
    await closed
    await eventually(() => assert.ok(session.of('error').length > 0))
    await serveGreeting(first.port)
    await becomes(() => session.texts(), ['hello', 'hello'])
    const made = attempts(session)
    assert.ok(made.length >= 3, 'an attempt failed')
    assert.deepEqual(
      made,
      made.map((_, attempt) => [1, attempt]),
    )
    assert.equal(session.of('open').length, 2)
    assert.equal(session.hub.get(1).status().state, 'open')
  })

  it('stay two connections if both were open at once', async () => {
    const { port } = await serveGreeting()
    const session = await startProxied(`http://127.0.0.1:${port}`)
    for (let count = 1; count <= 2; count++) {
      new App(() => `ws://${session.authority}/feed`)
      await eventually(() => assert.equal(session.texts().length, count))
    }
    await session.handlers.cut({ connection: 1 })
    await eventually(() => assert.equal(session.texts().length, 3))
    await session.handlers.cut({ connection: 2 })
    await eventually(() => assert.equal(session.texts().length, 4))
    assert.deepEqual(attempts(session), [
      [1, 0],
      [2, 0],
      [1, 1],
      [2, 1],
    ])
  })

  it('are two connections if the program closed the first one itself', async () => {
    const { port } = await serveGreeting()
    const session = await startProxied(`http://127.0.0.1:${port}`)
    for (let count = 1; count <= 2; count++) {
      const app = new App(() => `ws://${session.authority}/feed`)
      await eventually(() => assert.equal(session.texts().length, count))
      app.stop()
      await eventually(() => assert.equal(session.of('close').length, count))
    }
    assert.deepEqual(attempts(session), [
      [1, 0],
      [2, 0],
    ])
    assert.deepEqual(session.of('reconnect'), [])
  })

  it('are new connections after the user has cleared the session', () => {
    const { hub, host, of } = startSession()
    const open = (time: number) =>
      host.webSocket({ source: 'proxy', through: 1, program: 'app', url: 'ws://127.0.0.1/feed', time })
    open(1).emit({ type: 'close', time: 2, by: 'server' })
    hub.forget(1)
    open(3)
    assert.deepEqual(
      of('connect').map(({ connection, attempt }) => [connection, attempt]),
      [
        [1, 0],
        [2, 0],
      ],
    )
    assert.deepEqual(
      hub.connections().map(({ id }) => id),
      [2],
    )
  })

  it('have the Last-Event-ID that an EventSource sends after the proxy has cut it', async () => {
    const asked: (string | undefined)[] = []
    const target = await serveHttp((request, response) => {
      asked.push(request.headers['last-event-id']?.toString())
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`retry: 20\nid: e${asked.length}\ndata: ${asked.length}\n\n`)
    })
    const session = await startProxied(new URL(target).origin)
    const source = new EventSource(`http://${session.authority}/events`)
    try {
      await becomes(() => session.texts(), ['1'])
      await session.handlers.cut({ connection: 1 })
      await becomes(() => session.texts(), ['1', '2'])
    } finally {
      source.close()
    }
    assert.deepEqual(asked, [undefined, 'e1'])
    assert.deepEqual(attempts(session), [
      [1, 0],
      [1, 1],
    ])
    assert.deepEqual(
      session.of('reconnect').map(({ attempt, lastEventId }) => [attempt, lastEventId]),
      [[1, 'e1']],
    )
  })
})
