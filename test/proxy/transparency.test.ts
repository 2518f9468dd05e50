/** The reverse proxy passes what HTTP allows, as it is, and refuses what could be read in two ways. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import { buffer, text } from 'node:stream/consumers'
import { type RecordingProxy, startRecordingProxy } from '../../src/proxy/recording-proxy.ts'
import type { ProxyOptions } from '../../src/shared/protocol/traffic.ts'
import { becomes, eventually } from '../support/eventually.ts'
import { closeServers, listen, serveHttp } from '../support/loopback.ts'
import { serveRaw } from '../support/raw-server.ts'
import { SeenTraffic } from '../support/seen-traffic.ts'
import { certificates } from '../support/tls.ts'

describe('the transparency of the reverse proxy', () => {
  const proxies: RecordingProxy[] = []
  let seen: SeenTraffic

  beforeEach(() => {
    seen = new SeenTraffic()
  })

  afterEach(async () => {
    await Promise.all(proxies.splice(0).map((proxy) => proxy.stop()))
    closeServers()
  })

  async function proxyTo(target: string, options: ProxyOptions = {}): Promise<string> {
    const proxy = await startRecordingProxy(1, { ...options, target: new URL(target).origin }, seen)
    proxies.push(proxy)
    return proxy.status().listening
  }

  const dial = (url: string) =>
    net.connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true })

  async function ask(url: string, bytes: string): Promise<string> {
    const socket = dial(url)
    socket.write(bytes, 'latin1')
    return await text(socket.setEncoding('latin1'))
  }

  const get = (more = '') => `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n${more}\r\n`

  it('passes a request on byte for byte, but for the host', async () => {
    const lines = [
      'x-A: 1',
      'X-a:\t2 ',
      'Cookie: a=1',
      'cookie: b=2',
      'X-\u00e4: \u00ff'.replace('\u00e4', 'b'),
      'Empty:',
    ]
    let got = ''
    const host = await serveRaw((socket, head) => {
      got = head
      socket.end('HTTP/1.1 204 \r\n\r\n')
    })
    const proxy = await proxyTo(`http://${host}`)
    await ask(proxy, `OPTIONS * HTTP/1.1\r\n${lines.join('\r\n')}\r\nhOst: localhost\r\n\r\n`)
    assert.equal(got, `OPTIONS * HTTP/1.1\r\n${lines.join('\r\n')}\r\nhOst: ${host}\r\n\r\n`)
  })

  for (const [what, response, more] of [
    ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n', 'HEAD'],
    ['status 204', 'HTTP/1.1 204 No Content\r\n\r\n', 'GET'],
    ['status 304', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\nETag: "a"\r\n\r\n', 'GET'],
  ] as const)
    it(`knows that the response to ${what} has no content`, async () => {
      const host = await serveRaw((socket) => {
        socket.write(response)
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx'))
      })
      const proxy = await proxyTo(`http://${host}`)
      const answer = await ask(proxy, get().replace('GET', more) + get())
      assert.equal(answer, `${response}HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx`)
      assert.equal(seen.exchanges.length, 2)
    })

  it('passes the interim response on that a client waits for before it sends its content', async () => {
    const target = await serveHttp((request, response) => void request.pipe(response))
    const proxy = await proxyTo(target)
    const request = http.request(proxy, { method: 'POST', headers: { Expect: '100-continue' } })
    request.flushHeaders()
    await once(request, 'continue')
    request.end('now')
    const [response] = (await once(request, 'response')) as [http.IncomingMessage]
    assert.equal(await text(response), 'now')
  })

  it('passes 32 MiB in both directions', async () => {
    const content = Buffer.alloc(32 * 1024 * 1024, 'abcdefghijklmnopqrstuvwxyz')
    const target = await serveHttp((request, response) => void request.pipe(response))
    const proxy = await proxyTo(target)
    const request = http.request(proxy, { method: 'POST' })
    request.end(content)
    const [response] = (await once(request, 'response')) as [http.IncomingMessage]
    assert.ok((await buffer(response)).equals(content))
    assert.equal(seen.exchanges[0]?.start.body, undefined)
  })

  it('stops a server whose client does not read', async () => {
    let written = 0
    let isFull = false
    const target = await serveHttp((_request, response) => {
      const piece = Buffer.alloc(64 * 1024)
      const write = () => {
        do written += piece.length
        while (response.write(piece) && written < 1 << 30)
        isFull = true
        response.once('drain', write)
      }
      write()
    })
    const proxy = await proxyTo(target)
    const socket = dial(proxy)
    socket.on('error', () => {})
    socket.write(get())
    await once(socket, 'readable')
    await becomes(() => isFull, true)
    // The buffers of the system are full once nothing has been written for a while.
    let before = -1
    await eventually(async () => {
      await new Promise((resolve) => setTimeout(resolve, 300))
      const now = written
      const isSame = now === before
      before = now
      assert.ok(isSame)
    })
    assert.ok(written < 256 * 1024 * 1024, `${written} bytes were taken`)
    socket.destroy()
  })

  it('passes the end of what a client sends on, and the response after it', async () => {
    const target = net.createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => {})
      socket.resume().on('end', () => socket.end('HTTP/1.1 200 OK\r\n\r\nafter the end'))
    })
    const proxy = await proxyTo(`http://127.0.0.1:${await listen(target)}`)
    const socket = dial(proxy)
    socket.end(get())
    assert.match(await text(socket), /\r\n\r\nafter the end$/)
    await becomes(() => seen.exchanges[0]?.ended !== undefined, true)
  })

  it('passes a reset of the server on', async () => {
    const host = await serveRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123', () => socket.resetAndDestroy())
    })
    const proxy = await proxyTo(`http://${host}`)
    const socket = dial(proxy)
    socket.write(get())
    socket.resume()
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException]
    assert.equal(error.code, 'ECONNRESET')
    assert.equal(seen.exchanges[0]?.failed?.error?.code, 'ECONNRESET')
  })

  it('passes a protocol on that is no WebSocket', async () => {
    const host = await serveRaw((socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhi ')
      socket.pipe(socket)
    })
    const proxy = await proxyTo(`http://${host}`)
    const socket = dial(proxy)
    socket.end(`${get('Connection: Upgrade\r\nUpgrade: echo\r\n')}early`)
    assert.match(await text(socket), /\r\n\r\nhi early$/)
    assert.equal(proxies[0]?.status().passed.requests, 1)
  })

  it('refuses requests that could be read in two ways', async () => {
    const target = await serveHttp((_request, response) => void response.end('passed'))
    const proxy = await proxyTo(target)
    const post = 'POST / HTTP/1.1\r\nHost: localhost\r\n'
    for (const [request, status] of [
      [`${post}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
      [`${post}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, 400],
      [`${post}Transfer-Encoding: chunked, gzip\r\n\r\n`, 400],
      [`${post}Transfer-Encoding: xchunked\r\n\r\n`, 400],
      [`${post}Host: other\r\n\r\n`, 400],
      [`${post}A: b\r\n folded\r\n\r\n`, 400],
      [`${post}A : b\r\n\r\n`, 400],
      [`${post}no colon\r\n\r\n`, 400],
      ['GET / HTTP/1.1\r\n\r\n', 400],
      ['nonsense\r\n\r\n', 400],
      [get().replace('127.0.0.1', '127.0.0.1\0'), 400],
      [get(`A: ${'b'.repeat(70_000)}\r\n`), 431],
      [get().replace('127.0.0.1', 'evil.example'), 421],
      ['CONNECT other.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
    ] as const)
      assert.match(await ask(proxy, request), new RegExp(`^HTTP/1\\.1 ${status} [^]+\\.\n$`), request)
    assert.equal(seen.exchanges.length, 0)
  })

  it('answers 502 if the target is the proxy itself', async () => {
    const [port] = await Promise.all([freePort()])
    const proxy = await startRecordingProxy(1, { port, target: `http://127.0.0.1:${port}` }, seen)
    proxies.push(proxy)
    const response = await fetch(proxy.status().listening)
    assert.equal(response.status, 502)
    assert.match(await response.text(), /is this proxy itself/)
  })

  it('checks the certificate of the target', async () => {
    const { ca, server } = certificates()
    const target = https.createServer(server, (_request, response) => void response.end('secret'))
    const url = `https://localhost:${await listen(target)}`
    const refused = await fetch(await proxyTo(url))
    assert.equal(refused.status, 502)
    assert.match(await refused.text(), /certificate of localhost:\d+ is signed by an authority that is not/)
    for (const options of [{ ca: [ca] }, { insecure: true }]) {
      const response = await fetch(await proxyTo(url, options))
      assert.equal(await response.text(), 'secret')
    }
    assert.match(seen.exchanges.at(-1)?.head?.tls?.protocol ?? '', /^TLS/)
  })

  it('serves a thousand streams at once, and each ends on its own', async () => {
    const target = await serveHttp((request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(`data: ${request.url}\n\n`)
    })
    const proxy = await proxyTo(target)
    const agent = new http.Agent({ maxSockets: Number.POSITIVE_INFINITY })
    const open = async (index: number) => {
      const request = http.get(`${proxy}/${index}`, { agent })
      const [response] = (await once(request, 'response')) as [http.IncomingMessage]
      response.on('error', () => {})
      const [data] = await once(response, 'data')
      assert.equal(String(data), `data: /${index}\n\n`)
      return response
    }
    const responses: http.IncomingMessage[] = []
    // A server queues at most 511 connections that it has not accepted yet.
    while (responses.length < 1000) {
      const from = responses.length
      responses.push(...(await Promise.all(Array.from({ length: 100 }, (_, nth) => open(from + nth)))))
    }
    responses.forEach((response, index) => {
      if (index % 2 === 0) response.destroy()
    })
    await becomes(() => seen.exchanges.filter(({ failed }) => failed?.by === 'client').length, 500)
    assert.equal(seen.exchanges.filter(({ failed }) => failed === undefined).length, 500)
    assert.deepEqual(seen.marks, [])
  })
})

async function freePort(): Promise<number> {
  const server = net.createServer()
  const port = await listen(server)
  server.close()
  await once(server, 'close')
  return port
}
