import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import net from 'node:net'
import { deflateRawSync } from 'node:zlib'
import { WebSocketServer } from 'ws'
import { closeServers, listen, serveHttp, serveWebSocket } from '../../support/loopback.ts'
import { closeFrame, frame, serveFrames, serveRaw, switchingProtocols } from '../../support/raw-server.ts'
import { certificates } from '../../support/tls.ts'
import { connect } from './support.ts'

describe('the handshake of a WebSocket', () => {
  afterEach(closeServers)

  it('reports the handshake: status, headers, subprotocol, extensions, address and phases', async () => {
    let request: IncomingMessage | undefined
    const url = await serveWebSocket(() => {}, {
      perMessageDeflate: true,
      verifyClient: (info: { req: IncomingMessage }) => {
        request = info.req
        return true
      },
    })
    const attempt = connect(url, {
      subprotocols: ['graphql-transport-ws', 'chat'],
      headers: { Origin: 'http://example.test', 'X-Tag': ['a', 'b'], 'X-Word': 'grüß' },
    })
    await attempt.until('open')
    const [open] = attempt.of('open')
    assert.equal(open?.status, 101)
    assert.equal(open?.httpVersion, '1.1')
    assert.equal(open?.transport, 'websocket')
    assert.equal(open?.subprotocol, 'graphql-transport-ws')
    assert.equal(open?.extensions, 'permessage-deflate')
    assert.equal(open?.remoteAddress, '127.0.0.1')
    assert.equal(open?.headers.upgrade, 'websocket')
    assert.ok((open?.timing?.tcp ?? -1) >= 0 && (open?.timing?.firstByte ?? -1) >= 0)
    assert.equal(request?.headers.origin, 'http://example.test')
    assert.equal(request?.headers['x-tag'], 'a, b')
    assert.equal(Buffer.from(String(request?.headers['x-word']), 'latin1').toString(), 'grüß')
    await attempt.disconnect()
  })

  it('does not offer compression if it is turned off', async () => {
    const attempt = connect(await serveWebSocket(() => {}, { perMessageDeflate: true }), {
      compression: false,
    })
    await attempt.until('open')
    assert.equal(attempt.of('open')[0]?.extensions, undefined)
    await attempt.disconnect()
  })

  it('understands quoted and escaped parameters, and reports them as they arrived', async () => {
    const extensions = ', permessage-deflate; server_max_window_bits="1\\0"; client_max_window_bits = 9'
    // It refers back by more than 256 bytes, within the negotiated window.
    const content = `${randomBytes(300).toString('hex')} `.repeat(2)
    const payload = deflateRawSync(content, { windowBits: 10, finishFlush: 2 }).subarray(0, -4)
    const url = await serveFrames(
      (socket) => socket.write(Buffer.concat([frame(1, payload, { rsv: 0x40 }), closeFrame(1000)])),
      `Sec-WebSocket-Extensions: ${extensions}`,
    )
    const attempt = connect(url)
    assert.equal((await attempt.outcome).end, 'done')
    assert.equal(attempt.of('open')[0]?.extensions, extensions)
    assert.deepEqual(attempt.texts(), [content])
  })

  it('reports in which ways the response deviates from the standard', async () => {
    const url = await serveFrames((socket) => socket.write(closeFrame(1000)), 'X-Folded: a\r\n b')
    const attempt = connect(url)
    await attempt.outcome
    assert.equal(attempt.of('open')[0]?.headers['x-folded'], 'a b')
    assert.deepEqual(attempt.of('open')[0]?.oddities, ['a header field is folded over several lines'])
  })

  it('accepts a subprotocol that is set as a header field', async () => {
    const attempt = connect(await serveWebSocket(() => {}), {
      headers: { 'Sec-WebSocket-Protocol': 'mqtt, wamp' },
      subprotocols: ['mqtt'],
    })
    await attempt.until('open')
    assert.equal(attempt.of('open')[0]?.subprotocol, 'mqtt')
    await attempt.disconnect()
  })

  it('reads frames that arrive in one packet with the handshake', async () => {
    const host = await serveRaw((socket, head) => {
      socket.write(Buffer.concat([Buffer.from(switchingProtocols(head)), frame(1, 'early'), frame(9, 'p')]))
      socket.once('data', () => socket.end())
    })
    const attempt = connect(`ws://${host}/`)
    await attempt.until('pong')
    assert.deepEqual(
      attempt.events.map((event) => event.type),
      ['open', 'message', 'ping', 'pong'],
    )
    assert.equal(attempt.of('message')[0]?.wireSize, 7)
    await attempt.disconnect()
  })

  it('disconnects before it is open', async () => {
    let arrived: (socket: net.Socket) => void = () => {}
    const server = new Promise<net.Socket>((resolve) => {
      arrived = resolve
    })
    const attempt = connect(`ws://${await serveRaw((socket) => arrived(socket))}/`)
    const socket = await server
    const gone = once(socket, 'close')
    socket.resume()
    assert.equal((await attempt.disconnect()).end, 'done')
    await gone
    assert.deepEqual(
      attempt.events.map((event) => event.type),
      ['close'],
    )
  })

  it('follows a redirect to a path that is not ASCII', async () => {
    const host = await serveRaw((socket, head) => {
      if (head.startsWith('GET / '))
        socket.end(Buffer.from('HTTP/1.1 302 Found\r\nLocation: /grüße#part\r\n\r\n'))
      else socket.end(Buffer.concat([Buffer.from(switchingProtocols(head)), frame(1, head), frame(8)]))
    })
    const attempt = connect(`ws://${host}/`)
    assert.equal((await attempt.outcome).end, 'done')
    assert.match(attempt.texts()[0] ?? '', /^GET \/gr%C3%BC%C3%9Fe HTTP/)
    assert.deepEqual(attempt.of('open')[0]?.redirects, [{ status: 302, location: '/grüße#part' }])
  })

  it('follows a redirect, without credentials if it leads to another origin', async () => {
    const seen: IncomingMessage[] = []
    const url = await serveWebSocket((socket) => socket.close(1000), {
      verifyClient: (info: { req: IncomingMessage }) => {
        seen.push(info.req)
        return true
      },
    })
    const redirecting = await serveHttp(() => {}, answerUpgrade(302, url.replace('ws:', 'http:')))
    const attempt = connect(redirecting.replace('http:', 'ws:'), {
      headers: { Authorization: 'Bearer abc', 'X-Api-Key': 'k', 'X-Plain': 'stays' },
      subprotocols: ['chat', 'token', 'secret-of-mine'],
    })
    assert.equal((await attempt.outcome).end, 'done')
    assert.deepEqual(attempt.of('open')[0]?.redirects, [
      { status: 302, location: url.replace('ws:', 'http:') },
    ])
    assert.equal(seen[0]?.headers.authorization, undefined)
    assert.equal(seen[0]?.headers['x-api-key'], undefined)
    assert.equal(seen[0]?.headers['x-plain'], 'stays')
    assert.equal(seen[0]?.headers['sec-websocket-protocol'], 'chat,token')
  })

  it('uses TLS with given authorities and a client certificate, and reports what was negotiated', async () => {
    const { ca, server, client } = certificates()
    const tls = createSecureServer({ ...server, ca, requestCert: true, rejectUnauthorized: true })
    const sockets = new WebSocketServer({ server: tls })
    sockets.on('connection', (socket) => socket.close(1000, 'hello'))
    const attempt = connect(`wss://127.0.0.1:${await listen(tls)}/`, { tls: { ca: [ca], ...client } })
    assert.match((await attempt.outcome).reason, /hello/)
    const [open] = attempt.of('open')
    assert.match(open?.tls?.protocol ?? '', /^TLSv1\.[23]$/)
    assert.match(open?.tls?.validTo ?? '', /^\d{4}-\d\d-\d\dT/)
    assert.ok((open?.timing?.tls ?? -1) >= 0)
    assert.equal(attempt.of('close')[0]?.wireSize, 2 + 2 + 5)
  })

  it('rejects an untrusted certificate, unless any is accepted', async () => {
    const tls = createSecureServer(certificates().selfSigned)
    const sockets = new WebSocketServer({ server: tls })
    sockets.on('connection', (socket) => socket.close(1000))
    const url = `wss://127.0.0.1:${await listen(tls)}/`
    const refused = connect(url)
    assert.equal((await refused.outcome).end, 'failed')
    const [error] = refused.of('error')
    assert.equal(error?.code, 'DEPTH_ZERO_SELF_SIGNED_CERT')
    assert.match(error?.message ?? '', /self-signed; trust the certificate .*insecure/)
    assert.equal((await connect(url, { tls: { insecure: true } }).outcome).end, 'done')
  })

  it('goes through a proxy, and reports it if the proxy refuses', async () => {
    const url = await serveWebSocket((socket) => socket.close(1000, 'through'))
    let asked: IncomingMessage | undefined
    let status = 200
    const proxy = createServer()
    proxy.on('connect', (request: IncomingMessage, client: net.Socket) => {
      asked = request
      client.on('error', () => {})
      if (status !== 200) return void client.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`)
      const [host, port] = (request.url ?? '').split(':')
      const upstream = net.connect(Number(port), host, () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n')
        client.pipe(upstream).pipe(client)
      })
      upstream.on('error', () => client.destroy())
    })
    const spec = { proxy: `http://user:pass@127.0.0.1:${await listen(proxy)}` }
    const attempt = connect(url, spec)
    assert.match((await attempt.outcome).reason, /through/)
    assert.equal(
      asked?.headers['proxy-authorization'],
      `Basic ${Buffer.from('user:pass').toString('base64')}`,
    )
    status = 407
    const refused = connect(url, spec)
    assert.equal((await refused.outcome).end, 'failed')
    assert.equal(refused.of('error')[0]?.code, 'PROXY_AUTH')
  })
})

/** An HTTP server that answers each handshake with a redirect. */
function answerUpgrade(status: number, location: string) {
  const server = createServer()
  server.on('upgrade', (_request, socket: net.Socket) => {
    socket.end(`HTTP/1.1 ${status} Moved\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`)
  })
  return server
}
