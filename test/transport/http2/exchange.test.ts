/** Requests over HTTP/2, against a server of Node.js, and against one that sends frames byte by byte. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import { MAX_HEAD_SIZE } from '../../../src/parse/http/response.ts'
import { Failure } from '../../../src/shared/failure.ts'
import { readBody } from '../../../src/transport/http/exchange.ts'
import { Http2Sessions } from '../../../src/transport/http2/sessions.ts'
import { becomes, eventually } from '../../support/eventually.ts'
import { type Asked, ask, Reading, readAll } from '../../support/exchange.ts'
import { serveHttp2, untilNothingIsWritten } from '../../support/http2.ts'
import {
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  http2Frame as frame,
  GOAWAY,
  HEADERS,
  PADDED,
  PING,
  RST_STREAM,
  STATUS_200,
  serveHttp2Frames,
} from '../../support/http2-frames.ts'
import { closeServers, refusedPort, serveHttp } from '../../support/loopback.ts'

const spec = { http: '2' } as const

function ask2(url: string, asked: Asked = {}) {
  return ask(url, { ...asked, spec: { ...spec, ...asked.spec } })
}

const serveFrames = (...frames: readonly Buffer[]) => serveHttp2Frames(frames)

async function failureOf(url: string, asked: Asked = {}): Promise<Failure> {
  try {
    const { end } = await readAll(await ask2(url, asked))
    assert.ok(!end.complete)
    return end.failure
  } catch (error) {
    assert.ok(error instanceof Failure)
    return error
  }
}

describe('an exchange over HTTP/2', () => {
  afterEach(closeServers)

  it('sends the request and reads the response with its trailers', async () => {
    let seen: unknown
    const { origin } = await serveHttp2((stream, headers) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        seen = { ...headers, body: Buffer.concat(chunks).toString() }
        stream.additionalHeaders({ ':status': 103, link: '</style.css>' })
        stream.respond(
          { ':status': 201, 'content-type': 'text/plain', 'set-cookie': ['a=1', 'b=2'], 'x-text': 'Ã©' },
          { waitForTrailers: true },
        )
        stream.on('wantTrailers', () => stream.sendTrailers({ 'x-end': 'yes' }))
        stream.end('hello')
      })
    })
    const response = await ask2(`${origin}/path?q=1`, {
      method: 'POST',
      headers: { 'X-Own': ['1', '2'], host: 'example.test', 'content-length': '99' },
      body: Buffer.from('body'),
    })
    const { text, end } = await readAll(response)
    assert.equal(response.status, 201)
    assert.equal(response.httpVersion, '2')
    const { date: _, ...headers } = response.headers
    assert.deepEqual(headers, { 'content-type': 'text/plain', 'set-cookie': ['a=1', 'b=2'], 'x-text': 'Ã©' })
    assert.equal(text, 'hello')
    assert.ok(end.complete)
    assert.deepEqual(end.trailers, { 'x-end': 'yes' })
    assert.equal(response.remoteAddress, '127.0.0.1')
    assert.ok((response.timing?.tcp ?? -1) >= 0 && (response.timing?.firstByte ?? -1) >= 0)
    const { ':method': method, ':path': path, ':authority': authority, 'x-own': own, body } = Object(seen)
    assert.deepEqual(
      { method, path, authority, own, body },
      { method: 'POST', path: '/path?q=1', authority: 'example.test', own: '1, 2', body: 'body' },
    )
    assert.equal(Object(seen)['content-length'], '4')
  })

  it('measures frames, padding and heads in any split', async () => {
    const frames = [
      // Informational: the status 103 as a literal with an indexed name.
      frame(HEADERS, END_HEADERS, 1, [0x08, 3, ...Buffer.from('103')]),
      frame(HEADERS, 0, 1, STATUS_200),
      frame(CONTINUATION, END_HEADERS, 1, [0x00, 1, 0x78, 1, 0x79]),
      frame(DATA, 0, 1, Buffer.from('abcd')),
      frame(DATA, PADDED, 1, [5, ...Buffer.from('efghij'), 0, 0, 0, 0, 0]),
      frame(DATA, 0, 1),
      frame(DATA, END_STREAM, 1, Buffer.from('k')),
    ]
    const bytes = Buffer.concat(frames)
    for (const size of [1, 2, 7, 10, bytes.length]) {
      const { url, socket } = await serveFrames()
      const asked = ask2(url)
      const peer = await socket
      // Each write is its own read of the client, because the next one follows only when it was sent.
      peer.once('data', async () => {
        for (let at = 0; at < bytes.length; at += size)
          await new Promise((resolve) => peer.write(bytes.subarray(at, at + size), resolve))
      })
      const response = await asked
      const { text, end } = await readAll(response)
      assert.equal(text, 'abcdefghijk')
      assert.ok(end.complete)
      assert.deepEqual(response.headers, { x: 'y' })
      assert.equal(
        response.headSize,
        (frames[0]?.length ?? 0) + (frames[1]?.length ?? 0) + (frames[2]?.length ?? 0),
      )
      assert.equal(response.wireSpan(0, 2), 9 + 2)
      assert.equal(response.wireSpan(2, 5), 2 + 9 + 6 + 1)
      assert.equal(response.wireSpan(5, 11), 5 + 9 + 1)
      assert.equal(response.wireSpan(11, 12), undefined)
    }
  })

  it('measures the head of the request', async () => {
    const { url, socket } = await serveFrames(frame(HEADERS, END_HEADERS | END_STREAM, 1, STATUS_200))
    const asked = ask2(url)
    const [bytes] = await once(await socket, 'data')
    const response = await asked
    // The preface, SETTINGS and WINDOW_UPDATE come before the frame HEADERS, which is the last one.
    let at = 24
    while (bytes[at + 3] !== HEADERS) at += 9 + bytes.readUIntBE(at, 3)
    assert.equal(response.requestHeadSize, 9 + bytes.readUIntBE(at, 3))
  })

  it('follows redirects on the same connection', async () => {
    const { origin, connections } = await serveHttp2((stream, headers) => {
      if (headers[':path'] === '/') stream.respond({ ':status': 302, location: '/next' }, { endStream: true })
      else stream.end('there')
    })
    const response = await ask2(`${origin}/`)
    assert.equal((await readAll(response)).text, 'there')
    assert.deepEqual(response.redirects, [{ status: 302, location: `${origin}/next` }])
    assert.equal(connections(), 1)
  })

  it('decodes content codings', async () => {
    const { gzipSync } = await import('node:zlib')
    const { origin } = await serveHttp2((stream) => {
      stream.respond({ ':status': 200, 'content-encoding': 'gzip' })
      stream.end(gzipSync('coded'))
    })
    const response = await ask2(origin)
    assert.equal((await readAll(response)).text, 'coded')
    assert.equal(response.wireSpan(0, 5), undefined)
    assert.equal(response.wireLength(), gzipSync('coded').length + 9)
  })

  it('keeps what came before a stream is reset, and says by which code', async () => {
    const { url } = await serveFrames(
      frame(HEADERS, END_HEADERS, 1, STATUS_200),
      frame(DATA, 0, 1, Buffer.from('abc')),
      frame(RST_STREAM, 0, 1, [0, 0, 0, 2]),
    )
    const { text, end } = await readAll(await ask2(url))
    assert.equal(text, 'abc')
    assert.ok(!end.complete)
    assert.equal(end.failure.code, 'STREAM_RESET')
    assert.match(end.failure.message, /RST_STREAM \(INTERNAL_ERROR\); what came before is kept;/)
  })

  it('takes a reset without an error for the end of the response, and says so', async () => {
    const { url } = await serveFrames(
      frame(HEADERS, END_HEADERS, 1, STATUS_200),
      frame(DATA, 0, 1, Buffer.from('abc')),
      frame(RST_STREAM, 0, 1, [0, 0, 0, 0]),
    )
    const { text, end } = await readAll(await ask2(url))
    assert.equal(text, 'abc')
    assert.ok(end.complete)
    assert.deepEqual(end.oddities, ['its stream was ended by RST_STREAM (NO_ERROR) instead of END_STREAM'])
  })

  it('keeps all that came before an error that the server sends with the end of the stream', async () => {
    const { url } = await serveFrames(
      frame(HEADERS, END_HEADERS, 1, STATUS_200),
      frame(DATA, END_STREAM, 1, Buffer.from('abc')),
      frame(RST_STREAM, 0, 1, [0, 0, 0, 2]),
    )
    const { text, end } = await readAll(await ask2(url))
    assert.equal(text, 'abc')
    assert.ok(!end.complete)
    assert.equal(end.failure.code, 'STREAM_RESET')
  })

  it('reads all that had arrived while it was paused before the stream was reset', async () => {
    const size = 200_000
    const { url, socket } = await serveFrames(frame(HEADERS, END_HEADERS, 1, STATUS_200))
    const response = await ask2(url)
    response.pause()
    const reading = new Reading(response)
    const data = Array.from({ length: size / 10_000 }, () => frame(DATA, 0, 1, Buffer.alloc(10_000, 'x')))
    const peer = await socket
    const acknowledged = once(peer, 'data')
    peer.write(
      Buffer.concat([...data, frame(RST_STREAM, 0, 1, [0, 0, 0, 2]), frame(PING, 0, 0, Buffer.alloc(8))]),
    )
    await acknowledged
    response.resume()
    const end = await reading.end
    assert.ok(!end.complete)
    assert.equal(end.failure.code, 'STREAM_RESET')
    assert.equal(reading.text.length, size)
  })

  it('sends a request again that the server refused before it processed it, also a POST', async () => {
    let requests = 0
    const { origin } = await serveHttp2((stream) => {
      requests++
      if (requests < 3) stream.close(7)
      else stream.end('done')
    })
    const response = await ask2(origin, { method: 'POST', body: Buffer.from('x') })
    assert.equal((await readAll(response)).text, 'done')
    assert.equal(requests, 3)
  })

  it('gives up if the server refuses each request', async () => {
    const { origin } = await serveHttp2((stream) => stream.close(7))
    const failure = await failureOf(origin)
    assert.match(failure.message, /RST_STREAM \(REFUSED_STREAM\); open fewer connections/)
  })

  it('finishes streams that the server still serves after GOAWAY', async () => {
    const { origin } = await serveHttp2((stream) => {
      stream.respond({ ':status': 200 })
      stream.write('before ')
      stream.session?.goaway(0)
      stream.session?.ping(() => stream.end('after'))
    })
    const { text, end } = await readAll(await ask2(origin))
    assert.equal(text, 'before after')
    assert.ok(end.complete)
  })

  it('says why the server ends the connection by GOAWAY in the middle', async () => {
    const { url } = await serveFrames(
      frame(HEADERS, END_HEADERS, 1, STATUS_200),
      frame(DATA, 0, 1, Buffer.from('abc')),
      frame(GOAWAY, 0, 0, [0, 0, 0, 1, 0, 0, 0, 11, ...Buffer.from('too_many_pings\n')]),
    )
    const { text, end } = await readAll(await ask2(url))
    assert.equal(text, 'abc')
    assert.ok(!end.complete)
    assert.equal(end.failure.code, 'GOAWAY')
    assert.match(
      end.failure.message,
      /GOAWAY \(ENHANCE_YOUR_CALM, "too_many_pings"\); what came before is kept/,
    )
  })

  it('says that the body is cut if the connection closes', async () => {
    const { url, socket } = await serveFrames(
      frame(HEADERS, END_HEADERS, 1, STATUS_200),
      frame(DATA, 0, 1, Buffer.from('abc')),
    )
    const reading = new Reading(await ask2(url))
    await reading.until('abc')
    ;(await socket).end()
    const end = await reading.end
    assert.ok(!end.complete)
    assert.equal(end.failure.code, 'TRUNCATED')
  })

  it('says that the connection was reset', async () => {
    const { url, socket } = await serveFrames(frame(HEADERS, END_HEADERS, 1, STATUS_200))
    const reading = new Reading(await ask2(url))
    ;(await socket).resetAndDestroy()
    const end = await reading.end
    assert.ok(!end.complete)
    assert.equal(end.failure.code, 'ECONNRESET')
  })

  it('says that a server does not speak HTTP/2', async () => {
    const url = await serveHttp((_request, response) => response.end('hello'))
    const failure = await failureOf(url)
    assert.equal(failure.code, 'NO_HTTP2')
    assert.match(failure.message, /does not speak HTTP\/2; check the port, or use HTTP\/1\.1/)
  })

  it('says that nothing listens', async () => {
    assert.equal((await failureOf(`http://127.0.0.1:${await refusedPort()}/`)).code, 'ECONNREFUSED')
  })

  it('refuses fields of connections', async () => {
    const { origin } = await serveHttp2((stream) => stream.end())
    const failure = await failureOf(origin, { headers: { 'Keep-Alive': 'timeout=5' } })
    assert.equal(failure.code, 'BAD_REQUEST')
    assert.match(failure.message, /HTTP\/2 has no header field keep-alive; leave it out, or use HTTP\/1\.1/)
  })

  it('limits the informational responses before a head', async () => {
    const block = [
      0x08,
      3,
      ...Buffer.from('103'),
      0x00,
      1,
      0x78,
      0x7f,
      0xd1,
      0x0e,
      ...Buffer.alloc(2000, 'a'),
    ]
    const information = frame(HEADERS, END_HEADERS, 1, block)
    const many = Math.ceil(MAX_HEAD_SIZE / information.length) + 1
    const { url } = await serveFrames(...Array.from({ length: many }, () => information))
    const failure = await failureOf(url)
    assert.equal(failure.code, 'TOO_LARGE')
  })

  it('limits the fields of a head and of trailers, also before the server has acknowledged the settings', async () => {
    // A field of 4000 bytes, and 18 references to it.
    const block = [0x40, 1, 0x78, 0x7f, 0xa1, 0x1e, ...Buffer.alloc(4000, 'a'), ...Buffer.alloc(18, 0xbe)]
    const large = await serveFrames(frame(HEADERS, END_HEADERS, 1, [...STATUS_200, ...block]))
    const head = await failureOf(large.url)
    assert.equal(head.code, 'TOO_LARGE')
    const { url } = await serveFrames(
      frame(HEADERS, END_HEADERS, 1, STATUS_200),
      frame(HEADERS, END_HEADERS | END_STREAM, 1, block),
    )
    const trailers = await failureOf(url)
    assert.equal(trailers.code, 'TOO_LARGE')
  })

  it('fails if the stream is reset without an error before a head', async () => {
    const { url } = await serveFrames(frame(RST_STREAM, 0, 1, [0, 0, 0, 0]))
    const failure = await failureOf(url)
    assert.equal(failure.code, 'STREAM_RESET')
    assert.match(failure.message, /RST_STREAM \(NO_ERROR\)/)
  })

  it('ignores content behind the reset of its stream', async () => {
    const { url, socket } = await serveFrames(
      frame(HEADERS, END_HEADERS, 1, STATUS_200),
      frame(DATA, 0, 1, Buffer.from('abc')),
    )
    const reading = new Reading(await ask2(url))
    await reading.until('abc')
    const [before, after] = ['def', 'ghi'].map((text) => frame(DATA, 0, 1, Buffer.from(text)))
    assert.ok(before && after)
    ;(await socket).write(Buffer.concat([before, frame(RST_STREAM, 0, 1, [0, 0, 0, 2]), after]))
    const end = await reading.end
    assert.ok(!end.complete)
    assert.equal(end.failure.code, 'STREAM_RESET')
    assert.equal(reading.text, 'abcdef')
  })

  it('does not say that the server closed the connection if a flood of it ended that', async () => {
    const { url, socket } = await serveFrames(frame(HEADERS, END_HEADERS, 1, STATUS_200))
    const reading = new Reading(await ask2(url))
    ;(await socket).write(
      Buffer.concat(Array.from({ length: 20_000 }, () => frame(PING, 0, 0, Buffer.alloc(8)))),
    )
    const end = await reading.end
    assert.ok(!end.complete)
    assert.match(end.failure.message, /sent what HTTP\/2 does not allow \(INTERNAL_ERROR\)/)
  })

  it('reads on after any number of empty frames', async () => {
    const { url, socket } = await serveFrames(
      frame(HEADERS, END_HEADERS, 1, STATUS_200),
      frame(DATA, 0, 1, Buffer.from('abc')),
    )
    const reading = new Reading(await ask2(url))
    await reading.until('abc')
    const empty = Array.from({ length: 2000 }, () => frame(DATA, 0, 1))
    ;(await socket).write(Buffer.concat([...empty, frame(DATA, END_STREAM, 1, Buffer.from('def'))]))
    const end = await reading.end
    assert.ok(end.complete)
    assert.equal(reading.text, 'abcdef')
  })

  it('says what HTTP/2 does not allow', async () => {
    const { url } = await serveFrames(frame(DATA, 0, 1, Buffer.from('abc')))
    const failure = await failureOf(url)
    assert.equal(failure.code, 'BAD_RESPONSE')
    assert.match(failure.message, /sent what HTTP\/2 does not allow/)
  })

  it('ends the stream, not the connection, if the response is not needed', async () => {
    const streams: ServerHttp2Stream[] = []
    const { origin } = await serveHttp2((stream) => {
      streams.push(stream)
      stream.respond({ ':status': 200 })
      stream.write('first')
    })
    const response = await ask2(origin)
    const [stream] = streams
    assert.ok(stream)
    const closed = once(stream, 'close')
    response.abort()
    await closed
    assert.equal(stream.rstCode, 8)
  })

  it('keeps content in order that comes partly before its head is known, and measures it', async () => {
    const parts = Array.from({ length: 2000 }, (_, at) => frame(DATA, 0, 1, Buffer.from(`${at},`)))
    const trailers = frame(HEADERS, END_HEADERS | END_STREAM, 1, [0x00, 1, 0x78, 1, 0x79])
    const { url } = await serveFrames(frame(HEADERS, END_HEADERS, 1, STATUS_200), ...parts, trailers)
    const response = await ask2(url)
    const { text, end } = await readAll(response)
    assert.equal(text, parts.map((_, at) => `${at},`).join(''))
    assert.ok(end.complete)
    assert.deepEqual(end.trailers, { x: 'y' })
    assert.equal(response.wireLength(), Buffer.concat(parts).length)
  })

  it('keeps content in order of which Node.js holds back a part while it writes', async () => {
    const { url, socket } = await serveFrames(frame(HEADERS, END_HEADERS, 1, STATUS_200))
    const opened: Socket[] = []
    const response = await ask2(url, { connected: (own) => opened.push(own) })
    const reading = new Reading(response)
    const [own, peer] = [opened[0], await socket]
    assert.ok(own)
    // Node.js answers the PING, and takes nothing more until that is written.
    own.cork()
    peer.write(frame(PING, 0, 0, Buffer.alloc(8)))
    await eventually(() => assert.ok(own.writableLength > 0))
    const frames = [
      // Node.js gets content with padding.
      frame(DATA, PADDED, 1, [1, ...Buffer.from('one '), 0]),
      frame(DATA, 0, 1, Buffer.from('two ')),
      frame(DATA, END_STREAM, 1, Buffer.from('three')),
    ]
    peer.write(Buffer.concat(frames))
    await becomes(() => response.wireLength(), Buffer.concat(frames).length)
    own.uncork()
    assert.ok((await reading.end).complete)
    assert.equal(reading.text, 'one two three')
  })

  it('keeps streams of one connection apart', async () => {
    const { origin, connections } = await serveHttp2((stream, headers) => {
      stream.respond({ ':status': 200 })
      const chunk = Buffer.alloc(100_000, headers[':path']?.at(-1))
      for (let count = 0; count < 30; count++) stream.write(chunk)
      stream.end()
    })
    const sessions = new Http2Sessions()
    const texts = ['a', 'b', 'c'].map(async (name) => {
      const response = await ask2(`${origin}/${name}`, { sessions })
      const { text, end } = await readAll(response)
      assert.ok(end.complete)
      // Node.js fills frames of 16 KiB, but for the last one of a write.
      assert.ok((response.wireLength() ?? 0) >= text.length + 9 * Math.ceil(text.length / 16_384))
      return text
    })
    assert.deepEqual(
      await Promise.all(texts),
      ['a', 'b', 'c'].map((name) => name.repeat(3_000_000)),
    )
    assert.equal(connections(), 1)
    sessions.close()
  })

  it('ends the connection if the server sends more than its flow-control window allows', async () => {
    const full = frame(DATA, 0, 1, Buffer.alloc(16_384, 'x'))
    const { url, socket } = await serveFrames(frame(HEADERS, END_HEADERS, 1, STATUS_200))
    const response = await ask2(url)
    response.pause()
    const reading = new Reading(response)
    const peer = await socket
    const closed = once(peer, 'close')
    peer.resume()
    for (let count = 0; count < 100; count++) peer.write(full)
    await closed
    response.resume()
    const end = await reading.end
    assert.ok(!end.complete)
    assert.match(end.failure.message, /sent what HTTP\/2 does not allow \(FLOW_CONTROL_ERROR\)/)
  })

  it('stops the server while reading is paused, and reads everything afterwards', async () => {
    const size = 8 * 1024 * 1024
    let written = 0
    let isBlocked: Promise<void> = Promise.resolve()
    const { origin } = await serveHttp2((stream) => {
      stream.respond({ ':status': 200 })
      const chunk = Buffer.alloc(64 * 1024, 'x')
      const write = () => {
        while (written < size) {
          written += chunk.length
          if (stream.write(chunk)) continue
          stream.once('drain', write)
          return
        }
        stream.end()
      }
      write()
      isBlocked = untilNothingIsWritten(stream, () => written)
    })
    const response = await ask2(origin)
    let length = 0
    response.pause()
    const end = readBody(response, {
      data: (bytes) => {
        length += bytes.length
      },
    })
    await isBlocked
    assert.ok(written < size / 2, `${written} bytes were written`)
    assert.equal(length, 0)
    response.resume()
    const ended = await end
    assert.deepEqual(ended.complete || ended.failure, true)
    assert.equal(length, size)
  })
})
