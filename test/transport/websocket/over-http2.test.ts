/** WebSockets over HTTP/2 (RFC 8441), against `ws` on the streams of a server of Node.js. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import http2, { type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import https from 'node:https'
import type { Socket } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { Failure } from '../../../src/shared/failure.ts'
import type { ConnectionSpec } from '../../../src/shared/spec.ts'
import type { OutgoingRequest } from '../../../src/transport/request-hook.ts'
import type { Attempt, AttemptOptions } from '../../support/attempt.ts'
import { serveHttp2, serveWebSocketOverHttp2, untilNothingIsWritten } from '../../support/http2.ts'
import {
  DATA,
  ENABLE_CONNECT_PROTOCOL,
  END_HEADERS,
  GOAWAY,
  HEADERS,
  http2Frame,
  PADDED,
  RST_STREAM,
  STATUS_200,
  serveHttp2Frames,
} from '../../support/http2-frames.ts'
import { closeServers, listen, refusedPort, serveHttp } from '../../support/loopback.ts'
import { closeFrame, frame } from '../../support/raw-server.ts'
import { certificates } from '../../support/tls.ts'
import { connect as connectOver, text } from './support.ts'

const FRAME_HEADER = 9

function connect(url: string, spec: Partial<ConnectionSpec> = {}, more: AttemptOptions = {}): Attempt {
  return connectOver(url, { http: '2', ...spec }, more)
}

function echo(socket: WebSocket): void {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
}

async function errorOf(attempt: Attempt): Promise<string> {
  await attempt.outcome
  const [error] = attempt.of('error')
  return `${error?.code}: ${error?.message}`
}

describe('a WebSocket over HTTP/2', () => {
  afterEach(closeServers)

  it('opens by an extended CONNECT, and reports its response', async () => {
    let asked: IncomingHttpHeaders = {}
    const { url } = await serveWebSocketOverHttp2(() => {}, {
      webSocket: { perMessageDeflate: true },
      handler: (_stream, headers) => {
        asked = headers
        return false
      },
    })
    const attempt = connect(`${url}chat?room=1`, {
      subprotocols: ['graphql-transport-ws', 'chat'],
      headers: {
        Origin: 'http://example.test',
        'X-Tag': ['a', 'b'],
        'X-Word': 'grüß',
        Connection: 'Upgrade',
      },
    })
    await attempt.until('open')
    const [open] = attempt.of('open')
    assert.equal(open?.status, 200)
    assert.equal(open?.httpVersion, '2')
    assert.equal(open?.transport, 'websocket')
    assert.equal(open?.subprotocol, 'graphql-transport-ws')
    assert.equal(open?.extensions, 'permessage-deflate')
    assert.equal(open?.remoteAddress, '127.0.0.1')
    assert.ok((open?.timing?.tcp ?? -1) >= 0 && (open?.timing?.firstByte ?? -1) >= 0)
    assert.ok((open?.requestHeadSize ?? 0) > FRAME_HEADER && (open?.headSize ?? 0) > FRAME_HEADER)
    const { ':method': method, ':protocol': protocol, ':scheme': scheme, ':path': path } = asked
    assert.deepEqual([method, protocol, scheme, path], ['CONNECT', 'websocket', 'http', '/chat?room=1'])
    assert.equal(asked[':authority'], new URL(url).host)
    assert.equal(asked['sec-websocket-version'], '13')
    assert.equal(asked['sec-websocket-key'], undefined)
    assert.equal(asked.origin, 'http://example.test')
    assert.equal(asked['x-tag'], 'a, b')
    assert.equal(Buffer.from(String(asked['x-word']), 'latin1').toString(), 'grüß')
    await attempt.disconnect()
  })

  for (const compression of [false, true])
    it(`exchanges messages ${compression ? 'with' : 'without'} permessage-deflate, and pings`, async () => {
      const { url } = await serveWebSocketOverHttp2(
        (socket) => {
          echo(socket)
          socket.ping('are you there?')
        },
        { webSocket: { perMessageDeflate: compression } },
      )
      const attempt = connect(url, { compression })
      await attempt.until('pong')
      const contents = ['hello', 'grüß', 'x'.repeat(100_000), '']
      for (const content of contents) attempt.transport.send(text(content))
      attempt.transport.send({ opcode: 'binary', payload: Uint8Array.of(0, 255) })
      await attempt.until('message', 2 * (contents.length + 1))
      assert.deepEqual(attempt.texts().slice(0, -1), contents)
      assert.deepEqual(attempt.texts('out').slice(0, -1), contents)
      const [ping] = attempt.of('ping')
      const [pong] = attempt.of('pong')
      assert.equal(ping?.wireSize, FRAME_HEADER + 2 + 'are you there?'.length)
      assert.equal(pong?.wireSize, FRAME_HEADER + 6 + 'are you there?'.length)
      assert.ok(attempt.of('message').every((message) => message.compressed === compression))
      assert.equal((await attempt.disconnect({ code: 3000, reason: 'bye' })).end, 'done')
      const [close] = attempt.of('close')
      assert.deepEqual([close?.by, close?.code, close?.reason], ['client', 3000, 'bye'])
      assert.equal(close?.wireSize, FRAME_HEADER + 6 + 2 + 'bye'.length)
    })

  it('counts the headers of frames with the first byte of their content, in both directions', async () => {
    const { url } = await serveWebSocketOverHttp2(echo)
    const attempt = connect(url, { compression: false })
    await attempt.until('open')
    const size = 50_000
    attempt.transport.send({ opcode: 'binary', payload: new Uint8Array(10) })
    await attempt.until('message', 2)
    attempt.transport.send({ opcode: 'binary', payload: new Uint8Array(size) })
    await attempt.until('message', 4)
    const [smallOut, smallIn, largeOut, largeIn] = attempt.of('message')
    assert.equal(smallOut?.wireSize, FRAME_HEADER + 2 + 4 + 10)
    assert.equal(smallIn?.wireSize, FRAME_HEADER + 2 + 10)
    // A DATA frame has 16,384 bytes at most.
    assert.equal(largeOut?.wireSize, 4 * FRAME_HEADER + 4 + 4 + size)
    assert.ok(
      ((largeIn?.wireSize ?? 0) - size - 4) % FRAME_HEADER === 0 && (largeIn?.wireSize ?? 0) > size + 4,
    )
    await attempt.disconnect()
  })

  it('emits what arrives although the server does not take what is sent', async () => {
    let stream: ServerHttp2Stream | undefined
    let socket: WebSocket | undefined
    const { url } = await serveWebSocketOverHttp2(
      (opened) => {
        socket = opened
      },
      {
        handler: (asked) => {
          stream = asked
          return false
        },
      },
    )
    const attempt = connect(url, { compression: false })
    await attempt.until('open')
    stream?.pause()
    // More than the server allows ahead.
    attempt.transport.send({ opcode: 'binary', payload: new Uint8Array(1_000_000) })
    attempt.transport.send(text('small'))
    socket?.send('news')
    await attempt.until('message', 3)
    const [large, small, news] = attempt.of('message')
    assert.deepEqual([large?.wireSize, small?.wireSize], [undefined, undefined])
    assert.equal(news?.wireSize, FRAME_HEADER + 2 + 4)
    stream?.resume()
    assert.equal((await attempt.disconnect()).end, 'done')
    assert.deepEqual(attempt.of('error'), [])
  })

  it('reports the code of the server', async () => {
    const { url } = await serveWebSocketOverHttp2((socket) => socket.close(4321, 'enough'))
    const attempt = connect(url)
    const outcome = await attempt.outcome
    assert.match(outcome.reason, /server closed with 4321 .*enough/)
    const [close] = attempt.of('close')
    assert.deepEqual([close?.by, close?.code, close?.reason], ['server', 4321, 'enough'])
    assert.equal(close?.wireSize, FRAME_HEADER + 2 + 2 + 'enough'.length)
  })

  it('says that the stream was ended without a close frame', async () => {
    const { url } = await serveWebSocketOverHttp2(() => {}, {
      handler: (stream) => {
        stream.respond({ ':status': 200 })
        stream.end(Buffer.concat([Buffer.from([0x81, 2]), Buffer.from('hi'), Buffer.from([0x81, 9, 0x68])]))
        return true
      },
    })
    const attempt = connect(url)
    const outcome = await attempt.outcome
    assert.deepEqual(outcome, { end: 'lost', reason: 'connection lost without a close frame' })
    assert.deepEqual(attempt.texts(), ['hi'])
    assert.match(
      await errorOf(attempt),
      /^TRUNCATED: The connection ended inside a message, after 3 of its bytes/,
    )
    assert.equal(attempt.of('close')[0]?.code, 1006)
  })

  /** What a server sends that opens the WebSocket, sends `content` in one DATA frame, and then other frames. */
  const serveAccepting = async (content: Buffer, ...frames: readonly Buffer[]) => {
    const accepting = [http2Frame(HEADERS, END_HEADERS, 1, STATUS_200), http2Frame(DATA, 0, 1, content)]
    const { url } = await serveHttp2Frames([...accepting, ...frames], ENABLE_CONNECT_PROTOCOL)
    return url.replace('http:', 'ws:')
  }

  it('names the code of RST_STREAM, and keeps what came before', async () => {
    const url = await serveAccepting(frame(1, 'before'), http2Frame(RST_STREAM, 0, 1, [0, 0, 0, 2]))
    const attempt = connect(url)
    assert.equal((await attempt.outcome).end, 'lost')
    assert.match(
      await errorOf(attempt),
      /^STREAM_RESET: .*ended the stream by RST_STREAM \(INTERNAL_ERROR\); what came before is kept/,
    )
    assert.deepEqual(attempt.texts(), ['before'])
  })

  it('names the code of GOAWAY', async () => {
    const url = await serveAccepting(
      frame(1, 'before'),
      http2Frame(GOAWAY, 0, 0, [0, 0, 0, 1, 0, 0, 0, 11, ...Buffer.from('too much')]),
    )
    const attempt = connect(url)
    assert.match(await errorOf(attempt), /^GOAWAY: .*by GOAWAY \(ENHANCE_YOUR_CALM, "too much"\)/)
    assert.deepEqual(attempt.texts(), ['before'])
  })

  it('counts padding, and each frame once, in any split', async () => {
    const messages = Buffer.concat([frame(1, 'one'), frame(1, 'two'), frame(9, 'p'), closeFrame(1000)])
    const padded = (from: number, to: number) =>
      http2Frame(DATA, PADDED, 1, [3, ...messages.subarray(from, to), 0, 0, 0])
    // "one" and the first byte of "two"; the rest of "two" and of all others.
    const url = await serveAccepting(Buffer.alloc(0), padded(0, 6), padded(6, messages.length))
    const attempt = connect(url)
    assert.equal((await attempt.outcome).end, 'done')
    const padding = FRAME_HEADER + 1 + 3
    assert.deepEqual(
      attempt.of('message').map(({ wireSize }) => wireSize),
      [padding + 5, padding + 5],
    )
    assert.equal(attempt.of('ping')[0]?.wireSize, 3)
    assert.equal(attempt.of('close')[0]?.wireSize, 4)
  })

  it('stays open after GOAWAY without an error', async () => {
    const { url, server } = await serveWebSocketOverHttp2(echo)
    const session = once(server, 'session')
    const attempt = connect(url)
    await attempt.until('open')
    const [opened]: http2.ServerHttp2Session[] = await session
    opened?.goaway(http2.constants.NGHTTP2_NO_ERROR)
    await new Promise<void>((resolve) => opened?.ping(() => resolve()))
    attempt.transport.send(text('still here'))
    await attempt.until('message', 2)
    assert.equal((await attempt.disconnect()).end, 'done')
  })

  it('says that the connection was lost, without an error if the server gives none', async () => {
    const { url, server } = await serveWebSocketOverHttp2((socket) => socket.send('before'))
    const session = once(server, 'session')
    const attempt = connect(url)
    await attempt.until('message')
    const [opened]: http2.ServerHttp2Session[] = await session
    opened?.socket.destroy()
    assert.equal((await attempt.outcome).end, 'lost')
    assert.equal(attempt.of('close')[0]?.by, 'network')
  })

  it('refuses what the server did not agree to', async () => {
    const answer = (fields: http2.OutgoingHttpHeaders) =>
      serveWebSocketOverHttp2(() => {}, {
        handler: (stream) => {
          stream.respond({ ':status': 200, ...fields })
          return true
        },
      })
    const chosen = await answer({ 'sec-websocket-protocol': 'other' })
    assert.match(
      await errorOf(connect(chosen.url, { subprotocols: ['chat'] })),
      /^BAD_HANDSHAKE: .*invalid subprotocol/,
    )
    const extended = await answer({ 'sec-websocket-extensions': 'x-foo' })
    assert.match(await errorOf(connect(extended.url)), /^BAD_HANDSHAKE: .*"x-foo" was not offered/)
  })

  it('quotes a refusal, follows redirects, and reads Retry-After', async () => {
    const { url } = await serveWebSocketOverHttp2((socket) => socket.send('there'), {
      handler: (stream, headers) => {
        if (headers[':path'] === '/old')
          stream.respond({ ':status': 307, location: '/new' }, { endStream: true })
        else if (headers[':path'] === '/busy') {
          stream.respond({ ':status': 503, 'content-type': 'text/plain' })
          stream.end('too many rooms')
        } else return false
        return true
      },
    })
    const moved = connect(`${url}old`)
    await moved.until('message')
    assert.deepEqual(moved.of('open')[0]?.redirects, [{ status: 307, location: '/new' }])
    await moved.disconnect()
    const busy = connect(`${url}busy`)
    assert.match(await errorOf(busy), /503.*too many rooms/)
  })

  it('says that a server has no WebSockets over HTTP/2', async () => {
    const { origin } = await serveHttp2((stream) => stream.respond({ ':status': 200 }))
    assert.match(
      await errorOf(connect(origin.replace('http', 'ws'))),
      /^NO_HTTP2: Connecting to ws:\/\/127.* has no WebSockets over HTTP\/2 \(RFC 8441\), as its settings say; use HTTP\/1\.1 .*--http auto/,
    )
  })

  it('says that a server does not speak HTTP/2, or does not run', async () => {
    const plain = await serveHttp((_request, response) => response.end())
    assert.match(await errorOf(connect(plain.replace('http', 'ws'))), /^NO_HTTP2: .*does not speak HTTP\/2/)
    assert.match(await errorOf(connect(`ws://127.0.0.1:${await refusedPort()}/`)), /^ECONNREFUSED: .*refused/)
  })

  it('says that the server did not answer in time', async () => {
    const { url } = await serveWebSocketOverHttp2(() => {}, { handler: () => true })
    assert.match(
      await errorOf(connect(url, { timeout: 50 })),
      /^TIMEOUT: .*did not open the WebSocket within 50 ms/,
    )
  })

  it('disconnects before it is open', async () => {
    let reset: (code: number) => void = () => {}
    const code = new Promise<number>((resolve) => {
      reset = resolve
    })
    const asked = new Promise<void>((resolve) => {
      void serveWebSocketOverHttp2(() => {}, {
        handler: (stream) => {
          stream.on('close', () => reset(stream.rstCode))
          resolve()
          return true
        },
      }).then(({ url }) => {
        attempt = connect(url)
      })
    })
    let attempt: Attempt | undefined
    await asked
    assert.equal((await attempt?.disconnect())?.end, 'done')
    assert.equal(await code, http2.constants.NGHTTP2_CANCEL)
    assert.deepEqual(
      attempt?.events.map(({ type }) => type),
      ['close'],
    )
  })

  // Once messages arrive, the reader gets what is read before the socket sees it.
  for (const read of [0, 1500])
    it(`stops the server while reading is paused after ${read} messages, and reads everything afterwards`, async () => {
      let stream: ServerHttp2Stream | undefined
      const { url } = await serveWebSocketOverHttp2(
        (socket) => {
          for (let count = 0; count < 4000; count++) socket.send(Buffer.alloc(1000, String(count % 10)))
          socket.close(1000)
        },
        {
          webSocket: { perMessageDeflate: false },
          handler: (asked) => {
            stream = asked
            return false
          },
        },
      )
      const attempt = connect(url, { compression: false })
      await attempt.until('open')
      await attempt.until('message', read)
      attempt.transport.pause()
      const before = attempt.of('message').length
      assert.ok(stream)
      const asked = stream
      await Promise.race([untilNothingIsWritten(asked, () => asked.writableLength), attempt.outcome])
      assert.equal(attempt.of('message').length, before)
      attempt.transport.resume()
      assert.equal((await attempt.outcome).end, 'done')
      assert.equal(attempt.of('message').length, 4000)
    })
})

describe('a WebSocket over TLS', () => {
  afterEach(closeServers)
  const tls = { ca: [certificates().ca] }

  it('uses HTTP/2 with auto if the server has WebSockets over it', async () => {
    const { url } = await serveWebSocketOverHttp2(echo, { isTls: true })
    const attempt = connect(url, { http: 'auto', tls })
    await attempt.until('open')
    const [open] = attempt.of('open')
    assert.equal(open?.httpVersion, '2')
    assert.equal(open?.tls?.protocol, 'TLSv1.3')
    attempt.transport.send(text('hello'))
    await attempt.until('message', 2)
    assert.ok(attempt.of('message').every(({ wireSize = 0 }) => wireSize > FRAME_HEADER))
    await attempt.disconnect()
  })

  /** A server that speaks only HTTP/1.1, and the first connection that it accepts. */
  const serveHttp1 = async () => {
    const server = https.createServer(certificates().server)
    new WebSocketServer({ server })
    const accepted = once(server, 'connection').then(([socket]: Socket[]) => socket)
    return { url: `wss://127.0.0.1:${await listen(server)}/`, accepted }
  }

  it('closes the connection of HTTP/1.1 that it opened with auto if the request cannot be made', async () => {
    const { url } = await serveHttp1()
    const opened: Socket[] = []
    const outgoing = () => Promise.reject(new Failure('NO_LOGIN', 'Nobody logged in; log in.'))
    const connected = (socket: Socket) => opened.push(socket)
    const attempt = connect(url, { http: 'auto', tls }, { hook: { outgoing }, connected })
    assert.equal(await errorOf(attempt), 'NO_LOGIN: Nobody logged in; log in.')
    assert.deepEqual(
      opened.map(({ destroyed }) => destroyed),
      [true],
    )
  })

  it('opens another connection with auto if the server closes the first before the request is made', async () => {
    const { url, accepted } = await serveHttp1()
    const opened: Socket[] = []
    const outgoing = async (request: OutgoingRequest) => {
      const [own] = opened
      const closed = new Promise((resolve) => own?.once('close', resolve))
      const peer = await accepted
      peer?.destroy()
      await closed
      return request
    }
    const connected = (socket: Socket) => opened.push(socket)
    const attempt = connect(url, { http: 'auto', tls }, { hook: { outgoing }, connected })
    await Promise.race([attempt.until('open'), attempt.outcome])
    assert.deepEqual(attempt.of('error'), [])
    assert.equal(opened.length, 2)
    await attempt.disconnect()
  })
})
