/** Connections to servers that listen on a Unix socket, or on a named pipe of Windows. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { join } from 'node:path'
import { afterEach, describe, it } from 'mocha'
import { WebSocketServer } from 'ws'
import { HttpStreamTransport } from '../../../src/transport/http-stream.ts'
import { LongPollTransport } from '../../../src/transport/poll.ts'
import { SseTransport } from '../../../src/transport/sse.ts'
import { WebSocketTransport } from '../../../src/transport/websocket.ts'
import { Attempt } from '../../support/attempt.ts'
import { ask, readAll } from '../../support/exchange.ts'
import { closeServers, serveHttp } from '../../support/loopback.ts'
import { startProxy } from '../../support/proxy.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'

const servers: Server[] = []
let made = 0

/** Starts a server on a socket of its own. Resolves to the path. */
async function serveLocal(handler: RequestListener, server = createServer()): Promise<string> {
  servers.push(server)
  const name = `s${process.pid}-${made++}`
  const path = process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tempDir(), name)
  server.on('request', handler).listen(path)
  await once(server, 'listening')
  return path
}

/** What Docker's API sends for `GET /events`: JSON, a record a chunk. */
const DOCKER_EVENTS = [
  '{"Type":"container","Action":"create","id":"abc","time":1700000000}\n',
  '{"Type":"container","Action":"start","id":"abc","time":1700000001}\n',
]

describe('a connection to a Unix socket', () => {
  afterEach(() => {
    closeServers()
    removeTempDirs()
    for (const server of servers.splice(0)) {
      server.close()
      server.closeAllConnections()
    }
  })

  it('sends the host of the URL, and has no phases of a network', async () => {
    const socketPath = await serveLocal((request, response) =>
      response.end(`${request.headers.host} ${request.url}`),
    )
    const response = await ask('http://docker.example/v1/info?x', { spec: { socketPath } })
    assert.equal((await readAll(response)).text, 'docker.example /v1/info?x')
    assert.equal(response.remoteAddress, undefined)
    assert.deepEqual(Object.keys(response.timing ?? {}), ['firstByte'])
    assert.ok(response.headSize !== undefined && response.headSize > 0)
  })

  it('carries WebSockets in both directions', async () => {
    const server = createServer()
    new WebSocketServer({ server }).on('connection', (socket) => {
      socket.on('message', (data) => socket.send(`echo ${data}`))
    })
    const socketPath = await serveLocal(() => {}, server)
    const attempt = new Attempt(new WebSocketTransport(), { url: 'ws://localhost/chat', socketPath })
    await attempt.until('open')
    attempt.transport.send({ opcode: 'text', payload: Buffer.from('hi') })
    await attempt.until('message', 2)
    assert.deepEqual(
      attempt.of('message').map(({ payload }) => Buffer.from(payload).toString()),
      ['hi', 'echo hi'],
    )
    assert.equal(attempt.of('open')[0]?.remoteAddress, undefined)
    await attempt.disconnect()
  })

  it('carries event streams and polls', async () => {
    const socketPath = await serveLocal((request, response) => {
      const isStream = request.headers.accept === 'text/event-stream'
      response.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' })
      if (isStream) response.write('data: one\n\n')
      else response.end('{"one":1}')
    })
    for (const transport of [new SseTransport(), new LongPollTransport()]) {
      const attempt = new Attempt(transport, { url: 'http://localhost/', socketPath })
      await attempt.until('message')
      await attempt.disconnect()
    }
  })

  it('carries the events of Docker as records', async () => {
    const socketPath = await serveLocal((request, response) => {
      assert.equal(request.url, '/v1.45/events?since=1')
      response.writeHead(200, { 'content-type': 'application/json' })
      for (const record of DOCKER_EVENTS) response.write(record)
    })
    const attempt = new Attempt(new HttpStreamTransport(), {
      url: 'http://localhost/v1.45/events?since=1',
      socketPath,
      framing: 'ndjson',
    })
    await attempt.until('message', 2)
    assert.deepEqual(
      attempt.of('message').map(({ payload }) => `${Buffer.from(payload)}\n`),
      DOCKER_EVENTS,
    )
    await attempt.disconnect()
  })

  it('is only for the origin in the URL: a redirect to another one leaves the socket', async () => {
    const elsewhere = await serveHttp((_request, response) => void response.end('elsewhere'))
    const socketPath = await serveLocal((request, response) => {
      if (request.url === '/moved') return response.end('here')
      response.writeHead(302, { location: request.url === '/away' ? elsewhere : '/moved' }).end()
    })
    assert.equal(
      (await readAll(await ask('http://localhost/', { spec: { url: 'http://localhost/', socketPath } })))
        .text,
      'here',
    )
    const away = await ask('http://localhost/away', { spec: { url: 'http://localhost/away', socketPath } })
    assert.equal((await readAll(away)).text, 'elsewhere')
  })

  it('goes through no proxy', async () => {
    const socketPath = await serveLocal((_request, response) => response.end('direct'))
    const proxy = await startProxy()
    const network = { proxy: proxy.url }
    assert.equal(
      (await readAll(await ask('http://localhost/', { spec: { socketPath }, network }))).text,
      'direct',
    )
    assert.deepEqual(proxy.seen, [])
    await assert.rejects(ask('http://localhost/', { spec: { socketPath, proxy: proxy.url } }), {
      code: 'BAD_PROXY',
      message: /goes through no proxy; leave out the proxy, or the socket\.$/,
    })
  })

  it('says what is wrong with the socket', async function () {
    if (process.platform === 'win32') this.skip()
    const missing = join(tempDir(), 'missing.sock')
    await assert.rejects(ask('http://localhost/', { spec: { socketPath: missing } }), {
      code: 'ENOENT',
      message: `Connecting to the socket ${missing} failed: it does not exist; check the path, and that the server runs.`,
    })
    const long = `/tmp/${'x'.repeat(300)}`
    await assert.rejects(ask('http://localhost/', { spec: { socketPath: long } }), /too long for a socket/)
    await assert.rejects(ask('http://localhost/', { spec: { socketPath: import.meta.filename } }), {
      message: /^Connecting to the socket .* failed: (?:nobody listens on it|it is no socket)/,
    })
  })
})
