import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import net from 'node:net'
import { constants, deflateRawSync } from 'node:zlib'
import { WebSocketServer } from 'ws'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { WebSocketTransport } from '../../src/transport/websocket.ts'
import { Attempt } from '../support/attempt.ts'
import { closeServers, listen, serveHttp, serveWebSocket } from '../support/loopback.ts'
import { frame, reset, serveFrames, serveRaw, switchingProtocols } from '../support/raw-server.ts'
import { settled } from '../support/settled.ts'
import { seededRandom } from '../support/splits.ts'
import { certificates } from '../support/tls.ts'

function connect(url: string, spec: Partial<ConnectionSpec> = {}): Attempt {
  return new Attempt(new WebSocketTransport(), { url, ...spec })
}

function text(content: string) {
  return { opcode: 'text', payload: Buffer.from(content) } as const
}

function assertTimesRise(attempt: Attempt): void {
  const times = attempt.events.map((event) => event.time)
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  )
}

describe('websocket', () => {
  afterEach(closeServers)

  it('tells of the handshake: status, headers, subprotocol, extensions, address and phases', async () => {
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

  it('offers no compression where it is turned off', async () => {
    const attempt = connect(await serveWebSocket(() => {}, { perMessageDeflate: true }), {
      compression: false,
    })
    await attempt.until('open')
    assert.equal(attempt.of('open')[0]?.extensions, undefined)
    await attempt.disconnect()
  })

  it('takes a subprotocol that was given as a header field', async () => {
    const attempt = connect(await serveWebSocket(() => {}), {
      headers: { 'Sec-WebSocket-Protocol': 'mqtt, wamp' },
      subprotocols: ['mqtt'],
    })
    await attempt.until('open')
    assert.equal(attempt.of('open')[0]?.subprotocol, 'mqtt')
    await attempt.disconnect()
  })

  it('measures what each inbound frame took, at every length of header', async () => {
    const lengths = [0, 1, 125, 126, 65_535, 65_536]
    const url = await serveFrames((socket) => {
      for (const length of lengths) socket.write(frame(2, Buffer.alloc(length, 7)))
    })
    const attempt = connect(url)
    await attempt.until('message', lengths.length)
    assert.deepEqual(
      attempt.of('message').map(({ opcode, payload, wireSize, frames, compressed }) => ({
        opcode,
        length: payload.length,
        wireSize,
        frames,
        compressed,
      })),
      lengths.map((length) => ({
        opcode: 'binary',
        length,
        wireSize: length + (length < 126 ? 2 : length < 65_536 ? 4 : 10),
        frames: 1,
        compressed: false,
      })),
    )
    assertTimesRise(attempt)
    await attempt.disconnect()
  })

  it('reads frames that came in one packet with the handshake', async () => {
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

  it('counts the fragments of a message and tells of pings between them', async () => {
    const url = await serveFrames((socket) => {
      socket.write(frame(1, 'Hel', { fin: false }))
      socket.write(frame(9, 'beat'))
      socket.write(frame(0, 'lo', { fin: false }))
      socket.write(frame(10, ''))
      socket.write(frame(0, '!'))
    })
    const attempt = connect(url)
    await attempt.until('pong', 2)
    const [message] = attempt.of('message')
    assert.equal(attempt.texts()[0], 'Hello!')
    assert.equal(message?.frames, 3)
    assert.equal(message?.wireSize, 2 + 3 + 2 + 2 + 2 + 1)
    assert.deepEqual(
      attempt.events.filter((event) => event.type !== 'open').map((event) => event.type),
      ['ping', 'pong', 'message', 'pong'],
    )
    assert.deepEqual(
      attempt.of('pong').map(({ direction, wireSize, payload }) => [direction, wireSize, payload.length]),
      [
        ['in', 2, 0],
        ['out', 2 + 4 + 4, 4],
      ],
    )
    await attempt.disconnect()
  })

  it('answers the latest of more pings than it has room to answer', async () => {
    const count = 3000
    const pings = Array.from({ length: count }, (_, i) => frame(9, `${i + 1}`))
    const attempt = connect(await serveFrames((socket) => socket.write(Buffer.concat(pings))))
    await attempt.until('ping', count)
    const answered = () => attempt.of('pong').map((pong) => Number(Buffer.from(pong.payload).toString()))
    while (answered().at(-1) !== count) await attempt.until('pong', answered().length + 1)
    assert.ok(answered().length < count)
    assert.deepEqual(
      answered(),
      answered().toSorted((a, b) => a - b),
    )
    await attempt.disconnect()
  })

  it('writes exactly the bytes it says it wrote, compressed and not', async () => {
    for (const perMessageDeflate of [true, false]) {
      const server = createServer()
      const sockets = new WebSocketServer({ server, perMessageDeflate })
      const url = `ws://127.0.0.1:${await listen(server)}/`
      const connected = once(sockets, 'connection')
      const attempt = connect(url)
      const [peer, request] = await connected
      const before = request.socket.bytesRead
      const received: string[] = []
      peer.on('message', (data: Buffer) => received.push(data.toString()))
      const sent = ['a', 'b'.repeat(300), '', JSON.stringify({ deep: 'c'.repeat(70_000) })]
      await attempt.until('open')
      for (const content of sent) attempt.transport.send(text(content))
      peer.ping('x')
      await attempt.until('pong')
      await attempt.until('message', sent.length)
      const closed = once(peer, 'close')
      await attempt.disconnect()
      await closed
      assert.deepEqual(received, sent)
      assert.deepEqual(attempt.texts('out'), sent)
      const sizes = [...attempt.of('message'), ...attempt.of('pong'), ...attempt.of('close')].map(
        (event) => event.wireSize ?? Number.NaN,
      )
      assert.equal(
        sizes.reduce((a, b) => a + b),
        request.socket.bytesRead - before,
      )
      const last = attempt.of('message').at(-1)
      assert.equal(last?.compressed, perMessageDeflate)
      assert.equal((last?.wireSize ?? 0) < 70_000, perMessageDeflate)
    }
  })

  it('tells what arrives while a message is deflated after that one, whole', async () => {
    const url = await serveWebSocket(
      (socket) =>
        socket.once('message', () => {
          for (const item of arriving) socket.send(item, { compress: false })
          socket.ping('p')
          for (const part of ['d', 'e', 'f']) socket.send(part, { fin: part === 'f' })
          socket.once('message', () => socket.close(1000, 'enough'))
        }),
      { perMessageDeflate: true },
    )
    const arriving = ['a', 'b'.repeat(200_000), 'c'.repeat(200_000)]
    const random = seededRandom(7)
    const slow = Buffer.from(Array.from({ length: 4_000_000 }, () => 32 + random() * 90))
    const attempt = connect(url)
    await attempt.until('open')
    attempt.transport.send(text('go'))
    attempt.transport.send({ opcode: 'text', payload: slow })
    assert.equal((await attempt.outcome).end, 'done')
    assert.deepEqual(
      attempt.events
        .filter(({ type }) => type === 'message' || type === 'ping')
        .map((event) => 'direction' in event && `${event.type} ${event.direction}`),
      [
        ...['message out', 'message out', 'message in', 'message in', 'message in'],
        ...['ping in', 'message in'],
      ],
    )
    assert.deepEqual(attempt.texts(), [...arriving, 'def'])
    assertTimesRise(attempt)
  })

  it('tells what is sent while a message is inflated after that one, and after what came with it', async () => {
    const big = 'x'.repeat(40_000_000)
    const url = await serveWebSocket(
      (socket) => {
        socket.send(big)
        for (let i = 0; i < 20; i++) socket.send(String(i))
        socket.ping('p')
        socket.once('pong', () => socket.close(1000, 'enough'))
      },
      { perMessageDeflate: { threshold: 1000 } },
    )
    const attempt = connect(url)
    await attempt.until('open')
    const ticking = setInterval(() => attempt.transport.send(text('tick')), 1)
    await attempt.until('pong')
    clearInterval(ticking)
    assert.equal((await attempt.outcome).end, 'done')
    assert.deepEqual(
      attempt.texts().map((content) => content.length),
      [big.length, ...Array.from({ length: 20 }, (_, i) => String(i).length)],
    )
    assert.ok(attempt.texts('out').length > 1)
    assertTimesRise(attempt)
  })

  it('tells how the server closed, and whether another attempt is worth it', async () => {
    const expected = {
      ...{ 1000: 'done', 1001: 'lost', 1002: 'failed', 1003: 'failed', 1007: 'failed', 1008: 'failed' },
      ...{ 1009: 'failed', 1010: 'failed', 1011: 'lost', 1012: 'lost', 1013: 'lost', 3000: 'failed' },
      ...{ 3003: 'failed', 4000: 'lost' },
    }
    for (const [code, end] of Object.entries(expected)) {
      const url = await serveWebSocket((socket) => socket.close(Number(code), 'because'))
      const attempt = connect(url)
      const outcome = await attempt.outcome
      assert.equal(outcome.end, end, code)
      assert.match(outcome.reason, new RegExp(`server closed with ${code} .*because`))
      const [{ time: _time, ...close } = { time: 0 }] = attempt.of('close')
      assert.deepEqual(close, {
        type: 'close',
        by: 'server',
        code: Number(code),
        reason: 'because',
        wireSize: 2 + 2 + 7,
      })
      assert.equal(attempt.of('error').length, 0)
    }
  })

  it('says 1005 of a close frame without a code', async () => {
    const attempt = connect(await serveFrames((socket) => void socket.write(frame(8))))
    assert.equal((await attempt.outcome).end, 'done')
    assert.equal(attempt.of('close')[0]?.code, 1005)
    assert.equal(attempt.of('close')[0]?.wireSize, 2)
  })

  it('says 1006 by the network of a peer that goes without a close frame', async () => {
    const attempt = connect(
      await serveFrames((socket) => {
        socket.write(frame(1, 'last words'))
        socket.end()
      }),
    )
    const outcome = await attempt.outcome
    assert.equal(outcome.end, 'lost')
    assert.deepEqual(attempt.texts(), ['last words'])
    const [{ time: _time, ...close } = { time: 0 }] = attempt.of('close')
    assert.deepEqual(close, { type: 'close', by: 'network', code: 1006 })
  })

  it('closes with the code and reason asked for, and says it was the client', async () => {
    const server = createServer()
    const sockets = new WebSocketServer({ server })
    const url = `ws://127.0.0.1:${await listen(server)}/`
    const connected = once(sockets, 'connection')
    const attempt = connect(url)
    const [peer] = await connected
    const closed = once(peer, 'close')
    await attempt.until('open')
    assert.equal((await attempt.disconnect({ code: 3001, reason: 'enough' })).end, 'done')
    const [code, reason] = await closed
    assert.deepEqual([code, String(reason)], [3001, 'enough'])
    const [{ time: _time, ...close } = { time: 0 }] = attempt.of('close')
    assert.deepEqual(close, {
      type: 'close',
      by: 'client',
      code: 3001,
      reason: 'enough',
      wireSize: 6 + 2 + 6,
    })
  })

  it('does not wait for ever for the answer to its close frame', async () => {
    const host = await serveRaw((socket, head) => {
      socket.write(switchingProtocols(head))
      socket.resume()
    })
    const attempt = connect(`ws://${host}/`)
    await attempt.until('open')
    assert.equal((await attempt.disconnect()).end, 'done')
    assert.equal(attempt.of('close').length, 1)
    assert.equal(attempt.of('close')[0]?.by, 'client')
  })

  it('says so where messages did not leave before the connection ended', async () => {
    let peer: net.Socket | undefined
    const host = await serveRaw((socket, head) => {
      peer = socket.pause()
      socket.write(switchingProtocols(head, 'Sec-WebSocket-Extensions: permessage-deflate'))
    })
    const attempt = connect(`ws://${host}/`)
    await attempt.until('open')
    const random = seededRandom(3)
    const payload = Buffer.from(Array.from({ length: 3_000_000 }, () => random() * 256))
    for (let i = 0; i < 8; i++) attempt.transport.send({ opcode: 'binary', payload })
    await attempt.until('message', 3)
    if (peer !== undefined) reset(peer)
    assert.equal((await attempt.outcome).end, 'lost')
    const [first, ...more] = attempt.of('error')
    assert.equal(first?.code, 'NOT_SENT')
    const [, count] = /^(\d) messages were not sent/.exec(first?.message ?? '') ?? []
    const deflated = attempt.of('message').length
    // Those that were still to be deflated, and some that the peer did not take.
    assert.ok(Number(count) > 8 - deflated, `${count} of 8, of which ${deflated} were deflated`)
    assert.ok(more.every(({ code }) => code === 'ECONNRESET'))
    assert.deepEqual(attempt.events.at(-1)?.type, 'close')
  })

  it('tells what arrived before it was disconnected while paused', async () => {
    const slow = deflateRawSync(Buffer.alloc(16_000_000, 'a'), { finishFlush: constants.Z_SYNC_FLUSH })
    const arrived = Buffer.concat([frame(1, 'first'), frame(1, slow.subarray(0, -4), { rsv: 0x40 })])
    const host = await serveRaw((socket, head) => {
      const answer = switchingProtocols(head, 'Sec-WebSocket-Extensions: permessage-deflate')
      socket.write(Buffer.concat([Buffer.from(answer), arrived]))
    })
    const attempt = connect(`ws://${host}/`)
    attempt.transport.pause()
    await attempt.until('open')
    await attempt.disconnect()
    assert.deepEqual(
      attempt.texts().map(({ length }) => length),
      ['first'.length, 16_000_000],
    )
    assert.equal(attempt.events.at(-1)?.type, 'close')
  })

  it('inflates whatever context and window the server has', async () => {
    const random = seededRandom(5)
    const noise = Array.from({ length: 9000 }, () => random().toString(36).slice(2, 5)).join('')
    for (const offer of [
      {},
      { serverMaxWindowBits: 9 },
      { serverNoContextTakeover: true },
      { clientNoContextTakeover: true, serverMaxWindowBits: 15 },
    ]) {
      const url = await serveWebSocket(
        (socket) => {
          for (let i = 0; i < 3; i++) socket.send(`${i}${noise}`)
          socket.close(1000)
        },
        { perMessageDeflate: { ...offer, threshold: 0 } },
      )
      const attempt = connect(url)
      assert.equal((await attempt.outcome).end, 'done', JSON.stringify(offer))
      assert.deepEqual(
        attempt.texts(),
        [0, 1, 2].map((i) => `${i}${noise}`),
      )
      assert.ok(attempt.of('message').every(({ compressed }) => compressed))
    }
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

  it('reads nothing while paused, and everything after', async () => {
    const count = 2000
    const url = await serveWebSocket((socket) => {
      socket.on('message', () => {
        for (let i = 0; i < count; i++) socket.send(`${i} ${'y'.repeat(1000)}`)
      })
    })
    const attempt = connect(url)
    await attempt.until('open')
    attempt.transport.pause()
    attempt.transport.send(text('go'))
    await attempt.until('message')
    // What the flow would have brought, had it not stopped.
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.equal(attempt.texts().length, 0)
    attempt.transport.resume()
    await attempt.until('message', count + 1)
    assert.deepEqual(
      attempt.texts().map((content) => Number.parseInt(content, 10)),
      Array.from({ length: count }, (_, i) => i),
    )
    await attempt.disconnect()
  })

  it('disconnects at once while paused', async () => {
    const url = await serveWebSocket((socket) => {
      for (let i = 0; i < 2000; i++) socket.send('z'.repeat(1000))
    })
    const attempt = connect(url)
    attempt.transport.pause()
    await attempt.until('open')
    await settled(() => attempt.texts().length)
    assert.deepEqual(attempt.texts(), [])
    const started = performance.now()
    assert.equal((await attempt.disconnect()).end, 'done')
    // The peer would have 2 s to answer, were it listened to.
    assert.ok(performance.now() - started < 1500)
    assert.equal(attempt.of('close').length, 1)
  })

  it('refuses to send before it is open, after it closed, and text that is none', async () => {
    const attempt = connect(await serveWebSocket(() => {}))
    assert.throws(() => attempt.transport.send(text('early')), { code: 'NOT_OPEN' })
    await attempt.until('open')
    assert.throws(() => attempt.transport.send({ opcode: 'text', payload: Uint8Array.of(0xff) }), {
      code: 'BAD_UTF8',
    })
    await attempt.disconnect()
    assert.throws(() => attempt.transport.send(text('late')), { code: 'NOT_OPEN' })
    assert.equal(attempt.of('message').length, 0)
  })

  it('sends a message of any size where none waits, and refuses to pile up more than can be sent', async () => {
    const url = await serveWebSocket((socket) =>
      socket.on('message', (data: Buffer) => socket.send(`${data.length}`)),
    )
    const attempt = connect(url)
    await attempt.until('open')
    const payload = Buffer.alloc(65 * 1024 * 1024)
    attempt.transport.send({ opcode: 'binary', payload })
    assert.throws(() => attempt.transport.send({ opcode: 'binary', payload }), { code: 'SEND_QUEUE_FULL' })
    await attempt.until('message', 2)
    assert.deepEqual(attempt.texts(), [`${payload.length}`])
    await attempt.disconnect()
  })

  it('follows a redirect to a place whose name is not in ASCII', async () => {
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

  it('follows a redirect, and leaves credentials behind where it leads to another origin', async () => {
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

  it('speaks TLS with an authority it was given, shows a certificate of its own, and tells what was agreed', async () => {
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

  it('refuses a certificate nobody vouches for, unless told to take any', async () => {
    const tls = createSecureServer(certificates().selfSigned)
    const sockets = new WebSocketServer({ server: tls })
    sockets.on('connection', (socket) => socket.close(1000))
    const url = `wss://127.0.0.1:${await listen(tls)}/`
    const refused = connect(url)
    assert.equal((await refused.outcome).end, 'failed')
    const [error] = refused.of('error')
    assert.equal(error?.code, 'DEPTH_ZERO_SELF_SIGNED_CERT')
    assert.match(error?.message ?? '', /signed by itself; trust .*insecure/)
    assert.equal((await connect(url, { tls: { insecure: true } }).outcome).end, 'done')
  })

  it('goes through a proxy, and says so where the proxy refuses', async () => {
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
