/** Connections through a real SOCKS 5 proxy. */
import assert from 'node:assert/strict'
import { createServer as createTlsServer } from 'node:https'
import { createServer, type Socket } from 'node:net'
import { afterEach, describe, it } from 'mocha'
import { LongPollTransport } from '../../../src/transport/poll.ts'
import { SseTransport } from '../../../src/transport/sse.ts'
import { WebSocketTransport } from '../../../src/transport/websocket.ts'
import { Attempt } from '../../support/attempt.ts'
import { ask, readAll } from '../../support/exchange.ts'
import { closeServers, listen, refusedPort, serveHttp, serveWebSocket } from '../../support/loopback.ts'
import { startSocksProxy } from '../../support/socks-proxy.ts'
import { certificates } from '../../support/tls.ts'

/** Starts a server that is none for SOCKS. Resolves to its URL as a proxy. */
async function serveBytes(onConnection: (socket: Socket) => void): Promise<string> {
  return `socks5://127.0.0.1:${await listen(createServer(onConnection))}`
}

describe('a connection through a SOCKS 5 proxy', () => {
  afterEach(closeServers)

  it('sends plain and encrypted requests as to the server itself', async () => {
    const proxy = await startSocksProxy()
    const spec = { proxy: `socks5://${proxy.host}`, tls: { ca: [certificates().ca] } }
    const plain = await serveHttp((request, response) => void response.end(`${request.url}`))
    const first = await ask(`${plain}plain?q`, { spec })
    assert.equal((await readAll(first)).text, '/plain?q')
    assert.ok((first.timing?.tcp ?? -1) >= 0)
    const server = createTlsServer(certificates().server, (_request, response) => void response.end('secret'))
    const second = await ask(`https://127.0.0.1:${await listen(server)}/`, { spec })
    assert.equal((await readAll(second)).text, 'secret')
    assert.ok(second.tls !== undefined)
    assert.equal(proxy.connections(), 2)
  })

  it('carries WebSockets in both directions', async () => {
    const proxy = await startSocksProxy()
    const url = await serveWebSocket((socket) => {
      socket.send('hello')
    })
    const attempt = new Attempt(new WebSocketTransport(), { url, proxy: `socks5h://${proxy.host}` })
    await attempt.until('message')
    assert.equal(Buffer.from(attempt.of('message')[0]?.payload ?? []).toString(), 'hello')
    assert.equal(proxy.connections(), 1)
    await attempt.disconnect()
  })

  it('carries event streams and long polls', async () => {
    const proxy = await startSocksProxy()
    const url = await serveHttp((request, response) => {
      const isStream = request.headers.accept === 'text/event-stream'
      response.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' })
      if (isStream) response.write('data: one\n\n')
      else response.end('{"one":1}')
    })
    for (const transport of [new SseTransport(), new LongPollTransport()]) {
      const attempt = new Attempt(transport, { url, proxy: `socks5://${proxy.host}` })
      await attempt.until('message')
      await attempt.disconnect()
    }
    assert.equal(proxy.connections(), 2)
  })

  it('has its names looked up here for socks5:, and by the proxy for socks5h:', async () => {
    const proxy = await startSocksProxy()
    const url = (await serveHttp((_request, response) => void response.end('ok'))).replace(
      '127.0.0.1',
      'localhost',
    )
    assert.equal((await readAll(await ask(url, { spec: { proxy: `socks5://${proxy.host}` } }))).text, 'ok')
    await assert.rejects(ask(url, { spec: { proxy: `socks5h://${proxy.host}` } }), {
      code: 'PROXY',
      message: /^The proxy 127\.0\.0\.1:\d+ cannot reach localhost:\d+; check the name/,
    })
  })

  it('names a host that this machine does not find', async () => {
    const proxy = await startSocksProxy()
    await assert.rejects(ask('http://nowhere.invalid/', { spec: { proxy: `socks5://${proxy.host}` } }), {
      message: /nowhere\.invalid/,
    })
  })

  it('signs in with the user and the password in the URL', async () => {
    const proxy = await startSocksProxy({ user: 'me', password: 'p@ss' })
    const url = await serveHttp((_request, response) => void response.end('ok'))
    const through = (credentials: string) =>
      ask(url, { spec: { proxy: `socks5://${credentials}${proxy.host}` } })
    assert.equal((await readAll(await through('me:p%40ss@'))).text, 'ok')
    await assert.rejects(through('me:wrong@'), {
      code: 'PROXY_AUTH',
      message: /^(?!.*wrong).*does not accept the user name and password in its URL/,
    })
    await assert.rejects(through(''), { code: 'PROXY_AUTH' })
    await assert.rejects(through(`${'u'.repeat(256)}:p@`), { code: 'BAD_PROXY', message: /255 bytes/ })
  })

  it('says what the proxy replies, and what keeps it from replying', async () => {
    const proxy = await startSocksProxy()
    const refused = `http://127.0.0.1:${await refusedPort()}/`
    await assert.rejects(ask(refused, { spec: { proxy: `socks5://${proxy.host}` } }), {
      code: 'PROXY',
      message: /was refused a connection to 127\.0\.0\.1:\d+; check that the server runs/,
    })
    const nobody = `socks5://127.0.0.1:${await refusedPort()}`
    await assert.rejects(ask('http://server.example/', { spec: { proxy: nobody } }), {
      code: 'ECONNREFUSED',
      message:
        /^server\.example:80 cannot be reached through its proxy\. Connecting to socks5:\/\/127\.0\.0\.1:\d+ failed/,
    })
    const wrong = await serveBytes((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'))
    await assert.rejects(ask('http://127.0.0.1/', { spec: { proxy: wrong } }), {
      code: 'PROXY',
      message: /does not answer as a SOCKS 5 proxy/,
    })
    const gone = await serveBytes((socket) => socket.once('data', () => socket.end()))
    await assert.rejects(ask('http://127.0.0.1/', { spec: { proxy: gone } }), {
      code: 'ECONNRESET',
    })
  })

  it('says that the proxy went while the name was looked up', async () => {
    const gone = await serveBytes((socket) => socket.destroy())
    await assert.rejects(ask('http://localhost/', { spec: { proxy: gone } }), { code: 'ECONNRESET' })
  })

  it('stops if it is cancelled while the proxy says nothing', async () => {
    const control = new AbortController()
    const silent = await serveBytes((socket) => socket.once('data', () => control.abort()))
    const asking = ask('http://127.0.0.1/', { spec: { proxy: silent }, signal: control.signal })
    await assert.rejects(asking, { code: 'DISCONNECTED' })
  })
})
