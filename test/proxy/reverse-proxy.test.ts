/** The reverse proxy between real clients and servers. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import http, { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import net from 'node:net'
import { text } from 'node:stream/consumers'
import { WebSocket, WebSocketServer } from 'ws'
import { type RecordingProxy, startRecordingProxy } from '../../src/proxy/recording-proxy.ts'
import { becomes } from '../support/eventually.ts'
import { FaultyProxy } from '../support/faulty-proxy.ts'
import { closeServers, listen, refusedPort, serveHttp } from '../support/loopback.ts'
import { serveRaw } from '../support/raw-server.ts'
import { SeenTraffic } from '../support/seen-traffic.ts'
import { certificates } from '../support/tls.ts'

describe('the reverse proxy', () => {
  const proxies: RecordingProxy[] = []
  let seen: SeenTraffic

  beforeEach(() => {
    seen = new SeenTraffic()
  })

  afterEach(async () => {
    await Promise.all(proxies.splice(0).map((proxy) => proxy.stop()))
    closeServers()
  })

  async function proxyTo(target: string): Promise<string> {
    const proxy = await startRecordingProxy(1, { target: new URL(target).origin }, seen)
    proxies.push(proxy)
    return proxy.status().listening
  }

  /** Sends bytes, and resolves with all that the proxy answers. */
  async function exchangeRaw(proxy: string, ...parts: string[]): Promise<string> {
    const socket = net.connect(Number(new URL(proxy).port), '127.0.0.1')
    for (const part of parts) socket.write(part, 'latin1')
    return (await text(socket.setEncoding('latin1'))) as string
  }

  it('passes a request and its response on, and reports both', async () => {
    const target = await serveHttp((request, response) => {
      response.setHeader('X-Seen', `${request.method} ${request.url} ${request.headers.host}`)
      request.pipe(response)
    })
    const proxy = await proxyTo(target)
    const response = await fetch(`${proxy}/echo?a=1`, { method: 'POST', body: 'hällo' })
    assert.equal(response.headers.get('x-seen'), `POST /echo?a=1 ${new URL(target).host}`)
    assert.equal(await response.text(), 'hällo')
    const [exchange] = seen.exchanges
    assert.equal(exchange?.start.url, `${target}echo?a=1`)
    assert.equal(exchange?.start.body, 'hällo')
    assert.equal(exchange?.head?.status, 200)
    await becomes(() => exchange?.ended !== undefined, true)
    assert.equal(exchange?.data.map(({ text }) => text).join(''), Buffer.from('hällo').toString('latin1'))
  })

  it('keeps the bytes of chunks, extensions, trailers and interim responses', async () => {
    const early = 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n'
    const head =
      'HTTP/1.1 200 Fine\r\nTransfer-Encoding: chunked\r\nX-a: 1\r\nx-A:  2\r\nTrailer: X-End\r\n\r\n'
    const body = '5;name=value\r\nhello\r\n06\r\n world\r\n0\r\nX-End: yes\r\n\r\n'
    const host = await serveRaw((socket) => socket.end(early + head + body, 'latin1'))
    const proxy = await proxyTo(`http://${host}`)
    const answer = await exchangeRaw(proxy, 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')
    assert.equal(answer, early + head + body)
    const [exchange] = seen.exchanges
    assert.equal(exchange?.head?.headSize, early.length + head.length)
    assert.equal(exchange?.data.map(({ text }) => text).join(''), 'hello world')
    assert.equal(
      exchange?.data.reduce((sum, { wireSize = Number.NaN }) => sum + wireSize, 0),
      body.length - '0\r\nX-End: yes\r\n\r\n'.length,
    )
    assert.deepEqual(exchange?.ended?.trailers, { 'x-end': 'yes' })
  })

  it('answers 502 with a sentence if the target is down, and goes on', async () => {
    const port = await refusedPort()
    const proxy = await proxyTo(`http://127.0.0.1:${port}`)
    const response = await fetch(proxy)
    assert.equal(response.status, 502)
    assert.match(await response.text(), /127\.0\.0\.1:\d+ refused the connection; check that the server runs/)
    assert.equal(seen.exchanges[0]?.failed?.error?.code, 'ECONNREFUSED')
    await listen(
      createServer((_request, answer) => void answer.end('up')),
      port,
    )
    assert.equal(await (await fetch(proxy)).text(), 'up')
  })

  it('answers 502 with the whole sentence, whatever its characters are', async () => {
    const server = createTlsServer(certificates().server)
    const proxy = await proxyTo(`https://127.0.0.1:${await listen(server)}`)
    assert.match(
      await (await fetch(proxy)).text(),
      /the certificate .* \(Configure… › Certificate; .*\)\.\n$/,
    )
  })

  it('passes a path on that begins with two slashes', async () => {
    const target = await serveHttp((request, response) => void response.end(request.url))
    const proxy = await proxyTo(target)
    for (const path of ['//', '//elsewhere.test/x'])
      assert.match(
        await exchangeRaw(proxy, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`),
        new RegExp(`${path}$`),
      )
    assert.deepEqual(
      seen.exchanges.map(({ start }) => start.url),
      [`${target}/`, `${target}/elsewhere.test/x`],
    )
  })

  it('refuses names that others can point at this machine, on each address that only this machine reaches', async () => {
    const target = await serveHttp((_request, response) => void response.end('passed'))
    const ask = async (host: string) => {
      const proxy = await startRecordingProxy(1, { target: new URL(target).origin, host }, seen)
      proxies.push(proxy)
      const { hostname, port } = new URL(proxy.status().listening)
      const socket = net.connect(
        Number(port),
        host === '0.0.0.0' ? '127.0.0.1' : hostname.replace(/[[\]]/g, ''),
      )
      socket.write('GET / HTTP/1.1\r\nHost: rebound.test\r\nConnection: close\r\n\r\n')
      return await text(socket)
    }
    for (const host of ['127.0.0.1', 'localhost'])
      assert.match(await ask(host), /^HTTP\/1\.1 421 [\s\S]*the host rebound\.test/)
    assert.match(await ask('0.0.0.0'), /passed$/)
  })

  it('refuses a Host that no URL can have', async () => {
    const proxy = await proxyTo(await serveHttp((_request, response) => void response.end()))
    for (const host of ['localhost:99999', '1.2.3.4.5'])
      assert.match(
        await exchangeRaw(proxy, `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
        /^HTTP\/1\.1 4(00|21) /,
      )
    assert.deepEqual(seen.marks, [])
  })

  it('passes pipelined requests on one after the other', async () => {
    const paths: (string | undefined)[] = []
    const target = await serveHttp((request, response) => {
      paths.push(request.url)
      response.end(request.url)
    })
    const proxy = await proxyTo(target)
    const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`
    const answer = await exchangeRaw(proxy, get('/1') + get('/2') + get('/3', 'Connection: close\r\n'))
    assert.deepEqual(paths, ['/1', '/2', '/3'])
    assert.deepEqual(answer.match(/\/\d$|\/\d(?=HTTP)/g), ['/1', '/2', '/3'])
  })

  it('reports who cut a stream', async () => {
    const responses: http.ServerResponse[] = []
    const target = await serveHttp((_request, response) => {
      responses.push(response)
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('data: 1\n\n')
    })
    const proxy = await proxyTo(target)
    const [byClient, byServer] = await Promise.all(
      [0, 1].map(async () => {
        const [response] = (await once(http.get(proxy), 'response')) as [http.IncomingMessage]
        response.on('error', () => {})
        await once(response, 'data')
        return response
      }),
    )
    byClient?.destroy()
    await becomes(() => seen.exchanges[0]?.failed?.by, 'client')
    responses[1]?.destroy()
    await becomes(() => seen.exchanges[1]?.failed?.by, 'server')
    assert.equal(seen.exchanges[1]?.failed?.error?.code, 'TRUNCATED')
    assert.equal(byServer?.complete, false)
  })

  it('says of streams that are open when it stops that neither side ended them', async () => {
    const target = await serveHttp((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('data: 1\n\n')
    })
    const [response] = (await once(http.get(await proxyTo(target)), 'response')) as [http.IncomingMessage]
    response.on('error', () => {})
    await once(response, 'data')
    await proxies.pop()?.stop()
    assert.equal(seen.exchanges[0]?.failed?.by, 'network')
    assert.equal(seen.exchanges[0]?.failed?.error, undefined)
  })

  it('says of WebSockets that are open when it stops that neither side ended them', async () => {
    const server = createTlsServer(certificates().server)
    new WebSocketServer({ server })
    const options = { target: `https://127.0.0.1:${await listen(server)}`, insecure: true }
    const proxy = await startRecordingProxy(1, options, seen)
    const socket = new WebSocket(proxy.status().listening.replace('http:', 'ws:'))
    socket.on('error', () => {})
    await once(socket, 'open')
    await proxy.stop()
    await becomes(() => seen.sockets[0]?.events.map(({ type }) => type).join(), 'open,close')
    const close = seen.sockets[0]?.events.at(-1)
    assert.equal(close?.type === 'close' && close.by, 'network')
  })

  it('has recorded the end of every connection once it has stopped', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('data: 1\n\n')
    })
    new WebSocketServer({ server })
    const { sources, events, httpUrl, wsUrl } = await FaultyProxy.start(
      `http://127.0.0.1:${await listen(server)}`,
      [],
    )
    for (let count = 0; count < 3; count++) {
      await once(
        new WebSocket(wsUrl).on('error', () => {}),
        'open',
      )
      const [stream] = (await once(http.get(httpUrl), 'response')) as [http.IncomingMessage]
      await once(
        stream.on('error', () => {}),
        'data',
      )
    }
    await sources.handlers.stopProxy({ id: 1 })
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'close' ? [event.by] : [])),
      Array(6).fill('network'),
    )
  })

  it('ends a WebSocket that gets an interim response only', async () => {
    const host = await serveRaw((socket) => socket.end('HTTP/1.1 103 Early Hints\r\n\r\n'))
    const socket = new WebSocket((await proxyTo(`http://${host}`)).replace('http:', 'ws:'))
    await assert.rejects(once(socket, 'open'))
    await becomes(() => seen.sockets[0]?.events.map(({ type }) => type).join(), 'error,close')
  })

  it('passes the refusal of a WebSocket on, with its content', async () => {
    const server = createServer()
    server.on('upgrade', (_request, socket) =>
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\n\r\nno!'),
    )
    const proxy = await proxyTo(`http://127.0.0.1:${await listen(server)}`)
    const socket = new WebSocket(proxy.replace('http:', 'ws:'))
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, http.IncomingMessage]
    assert.equal(response.statusCode, 403)
    assert.equal(await text(response), 'no!')
    const types = seen.sockets[0]?.events.map((event) => [event.type, 'status' in event && event.status])
    assert.deepEqual(types?.[0], ['error', 403])
    assert.equal(types?.at(-1)?.[0], 'close')
  })

  it('answers a WebSocket with 502 if the target is down, and says so', async () => {
    const proxy = await proxyTo(`http://127.0.0.1:${await refusedPort()}`)
    const socket = new WebSocket(proxy.replace('http:', 'ws:'))
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, http.IncomingMessage]
    assert.equal(response.statusCode, 502)
    const [error, close] = seen.sockets[0]?.events ?? []
    assert.equal(error?.type === 'error' && error.code, 'ECONNREFUSED')
    assert.equal(close?.type, 'close')
  })
})
