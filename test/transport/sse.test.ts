import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import zlib from 'node:zlib'
import { WebSocketServer } from 'ws'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { SseTransport } from '../../src/transport/sse.ts'
import { newResumeState, type ResumeState } from '../../src/transport/transport.ts'
import { Attempt } from '../support/attempt.ts'
import { closeServers, refusedPort, serveHttp } from '../support/loopback.ts'
import { serveRaw } from '../support/raw-server.ts'
import { settled } from '../support/settled.ts'

function connect(url: string, spec: Partial<ConnectionSpec> = {}, resume?: ResumeState): Attempt {
  return new Attempt(new SseTransport(), { url, ...spec }, resume)
}

const eventStream: RequestListener = (_request, response) =>
  response.writeHead(200, { 'content-type': 'text/event-stream' })

/** A server whose every response is the same whole stream. */
function serveStream(body: string): Promise<string> {
  return serveHttp((request, response) => {
    eventStream(request, response)
    response.end(body)
  })
}

/** Runs one attempt after the other on the same connection. */
async function attempts(url: string, count: number): Promise<Attempt[]> {
  const resume = newResumeState()
  const all: Attempt[] = []
  for (let i = 0; i < count; i++) {
    const attempt = connect(url, {}, resume)
    all.push(attempt)
    await attempt.outcome
  }
  return all
}

const chunk = (content: string) => `${Buffer.byteLength(content).toString(16)}\r\n${content}\r\n`

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'

describe('sse', () => {
  afterEach(closeServers)

  it('reports open, events, comments and the end of the stream in order', async () => {
    const url = await serveStream(': hi\n\nid: 7\nevent: tick\ndata: é\n\ndata: b\n\n')
    const attempt = connect(url)
    assert.deepEqual(await attempt.outcome, { end: 'lost', reason: 'the server ended the stream' })
    assert.deepEqual(
      attempt.events.map((event) => event.type),
      ['open', 'comment', 'message', 'message', 'close'],
    )
    const [open] = attempt.of('open')
    assert.equal(open?.status, 200)
    assert.equal(open?.transport, 'sse')
    assert.equal(open?.headers['content-type'], 'text/event-stream')
    const [first, second] = attempt.of('message')
    assert.deepEqual([first?.event, first?.id, first?.opcode, first?.direction], ['tick', '7', 'text', 'in'])
    assert.deepEqual([second?.event, second?.id], ['message', '7'])
    assert.deepEqual(attempt.texts(), ['é', 'b'])
    assert.equal(attempt.of('close')[0]?.by, 'server')
  })

  it('measures what each event took on the connection, chunk framing included', async () => {
    const event = 'data: one\n\n'
    const address = await serveRaw((socket) => {
      socket.write(HEAD + chunk(`: c\n\n`) + chunk(event) + chunk('data: tw') + chunk('o\n\ndata: three\n\n'))
      socket.end('0\r\n\r\n')
    })
    const attempt = connect(`http://${address}/`)
    await attempt.outcome
    assert.deepEqual(
      attempt.of('message').map(({ wireSize }) => wireSize),
      [chunk(event).length, chunk('data: tw').length + 'o\n\n'.length + 4, 'data: three\n\n'.length + 2],
    )
  })

  it('asks as the standard says, unless the user says otherwise', async () => {
    const requests: IncomingMessage[] = []
    const url = await serveHttp((request, response) => {
      requests.push(request)
      eventStream(request, response)
      response.end()
    })
    await connect(url).outcome
    await connect(url, { headers: { ACCEPT: 'x/y', 'X-Token': 'ü' } }).outcome
    assert.equal(requests[0]?.method, 'GET')
    assert.equal(requests[0]?.headers.accept, 'text/event-stream')
    assert.equal(requests[0]?.headers['cache-control'], 'no-store')
    assert.equal(requests[0]?.headers['last-event-id'], undefined)
    assert.equal(requests[1]?.headers.accept, 'x/y')
    assert.equal(Buffer.from(String(requests[1]?.headers['x-token']), 'latin1').toString(), 'ü')
  })

  it('posts a body, is not the one to post it twice, and does where it is told to', async () => {
    const bodies: string[] = []
    const url = await serveHttp(async (request, response) => {
      bodies.push(`${request.method} ${await readText(request)}`)
      eventStream(request, response)
      response.end('data: x\n\n')
    })
    const body = '{"stream":true}'
    assert.equal((await connect(url, { body }).outcome).end, 'done')
    assert.equal((await connect(url, { body, reconnect: 100 }).outcome).end, 'lost')
    assert.equal((await connect(url, { body, method: 'PUT' }).outcome).end, 'lost')
    assert.deepEqual(bodies, [`POST ${body}`, `POST ${body}`, `PUT ${body}`])
  })

  for (const [coding, create] of [
    ['gzip', zlib.createGzip],
    ['br', zlib.createBrotliCompress],
    ['zstd', zlib.createZstdCompress],
  ] as const)
    it(`decodes ${coding} as it flows, delaying no event, and leaves the wire size out`, async () => {
      const steps: (() => void)[] = []
      const url = await serveHttp((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': coding })
        const encoder = create()
        encoder.pipe(response)
        for (const data of ['one', 'two'])
          steps.push(() => {
            encoder.write(`data: ${data}\n\n`)
            encoder.flush()
          })
        steps.push(() => encoder.end())
        steps.shift()?.()
      })
      const attempt = connect(url)
      await attempt.until('message', 1)
      assert.deepEqual(attempt.texts(), ['one'])
      steps.shift()?.()
      await attempt.until('message', 2)
      steps.shift()?.()
      assert.equal((await attempt.outcome).end, 'lost')
      assert.deepEqual(attempt.texts(), ['one', 'two'])
      assert.deepEqual(attempt.of('error'), [])
      assert.ok(attempt.of('message').every((event) => !('wireSize' in event)))
    })

  it('reports an event that ends in CR without waiting for what follows', async () => {
    let go: (() => void) | undefined
    const url = await serveHttp((request, response) => {
      eventStream(request, response)
      response.write('data: 0\r\n\r\n')
      response.write('data: a\r\r')
      go = () => response.end('\ndata: b\r\n\r\n')
    })
    const attempt = connect(url)
    await attempt.until('message', 2)
    go?.()
    await attempt.outcome
    assert.deepEqual(attempt.texts(), ['0', 'a', 'b'])
    // Whether the LF that came later was the second one's could not be known.
    assert.deepEqual(
      attempt.of('message').map(({ wireSize }) => wireSize !== undefined),
      [true, false, true],
    )
  })

  it('follows redirects with method and body', async () => {
    const url = await serveHttp(async (request, response) => {
      if (request.url === '/') {
        response.writeHead(307, { location: '/events' }).end()
        return
      }
      const body = await readText(request)
      eventStream(request, response)
      response.end(`data: ${request.method} ${request.url} ${body}\n\n`)
    })
    const attempt = connect(url, { body: 'b' })
    await attempt.outcome
    assert.deepEqual(attempt.texts(), ['POST /events b'])
    assert.deepEqual(attempt.of('open')[0]?.redirects, [{ status: 307, location: `${url}events` }])
  })

  it('stops for good at 204', async () => {
    const url = await serveHttp((_request, response) => response.writeHead(204).end())
    const attempt = connect(url)
    assert.equal((await attempt.outcome).end, 'done')
    assert.deepEqual(
      attempt.events.map((event) => event.type),
      ['open', 'close'],
    )
    assert.equal(attempt.of('open')[0]?.status, 204)
    assert.deepEqual(attempt.of('error'), [])
  })

  it('fails on any other status, with what the server says of it', async () => {
    const url = await serveHttp((_request, response) =>
      response.writeHead(503, { 'content-type': 'application/json' }).end('{"why":\n "no\u0007 room"}'),
    )
    const attempt = connect(url)
    assert.equal((await attempt.outcome).end, 'failed')
    assert.deepEqual(
      attempt.events.map((event) => event.type),
      ['error'],
    )
    const [error] = attempt.of('error')
    assert.equal(error?.code, 'HTTP_STATUS')
    assert.equal(error?.status, 503)
    assert.match(error?.message ?? '', /answered 503 Service Unavailable \("\{"why": "no room"\}"\); .+\.$/)
  })

  it('does not wait for the body of a refusal that never ends', async () => {
    const url = await serveHttp((_request, response) => {
      response.writeHead(400, { 'content-type': 'text/plain' })
      response.write('no')
    })
    const attempt = connect(url)
    await attempt.outcome
    assert.match(attempt.of('error')[0]?.message ?? '', /400 Bad Request \("no"\)/)
  })

  it('says of a WebSocket server how it is reached', async () => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    await once(server, 'listening')
    const attempt = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    assert.equal((await attempt.outcome).end, 'failed')
    server.close()
    assert.match(
      attempt.of('error')[0]?.message ?? '',
      /426 Upgrade Required .*; .*connect by ws:\/\/ or wss:/,
    )
  })

  it('fails on another type than text/event-stream, and takes parameters and case as they come', async () => {
    const url = await serveHttp((request, response) => {
      response.writeHead(200, {
        'content-type': request.url === '/ok' ? 'Text/Event-Stream;charset=x' : 'text/html',
      })
      if (request.url === '/ok') response.end('data: x\n\n')
      else {
        response.write('<p>endless')
        response.on('close', () => closed())
      }
    })
    let closed = () => {}
    const hungUp = new Promise<void>((resolve) => {
      closed = resolve
    })
    const attempt = connect(url)
    assert.equal((await attempt.outcome).end, 'failed')
    await hungUp
    assert.equal(attempt.of('error')[0]?.code, 'BAD_MIME')
    assert.match(attempt.of('error')[0]?.message ?? '', /text\/html rather than text\/event-stream; .+\.$/)
    assert.deepEqual(attempt.of('open'), [])
    const fine = connect(`${url}ok`)
    await fine.outcome
    assert.deepEqual(fine.texts(), ['x'])
  })

  it('takes the last of several types, as the Fetch standard does', async () => {
    for (const [types, end] of [
      [['text/html', 'text/event-stream'], 'lost'],
      [['text/event-stream, text/event-stream;charset=utf-8'], 'lost'],
      [['text/event-stream', 'text/html'], 'failed'],
    ] as const) {
      const lines = types.map((type) => `Content-Type: ${type}\r\n`).join('')
      const host = await serveRaw((socket) => socket.end(`HTTP/1.1 200 OK\r\n${lines}\r\ndata: x\n\n`))
      assert.equal((await connect(`http://${host}/`).outcome).end, end, types.join(' | '))
    }
  })

  it('resumes with the last event id in UTF-8 and keeps the reconnection time', async () => {
    const ids: string[] = []
    const url = await serveHttp((request, response) => {
      ids.push(Buffer.from(String(request.headers['last-event-id'] ?? ''), 'latin1').toString())
      eventStream(request, response)
      response.end(
        ids.length === 1 ? 'retry: 1234\nid: …7\ndata: a\n\nid: 8\ndata: lost' : 'data: b\n\nid\n\n',
      )
    })
    const resume = newResumeState()
    await connect(url, {}, resume).outcome
    assert.equal(resume.lastEventId, '…7')
    assert.equal(resume.retry, 1234)
    const second = connect(url, {}, resume)
    await second.outcome
    assert.equal(second.of('message')[0]?.id, '…7')
    assert.equal(resume.lastEventId, '')
    assert.equal(resume.retry, 1234)
    await connect(url, {}, resume).outcome
    assert.deepEqual(ids, ['', '…7', ''])
  })

  it('says so where an id cannot be sent back', async () => {
    const [, second] = await attempts(await serveStream('id: a\x01\ndata: x\n\n'), 2)
    assert.deepEqual(
      second?.events.map((event) => event.type),
      ['error', 'open', 'message', 'gap', 'close'],
    )
    assert.equal(second?.of('error')[0]?.code, 'BAD_EVENT_ID')
  })

  it('counts events that come again after a reconnect, and no others', async () => {
    let request = 0
    const bodies = [
      'id: a\ndata: 1\n\nid: b\ndata: 2\n\n',
      'id: a\ndata: 1\n\nid: b\ndata: 2\n\nid: c\ndata: 3\n\n',
      'id: c\ndata: other\n\nid: c\ndata: 3\n\n',
      'data: 3\n\n',
    ]
    const url = await serveHttp((incoming, response) => {
      eventStream(incoming, response)
      response.end(bodies[request++])
    })
    const gaps = (await attempts(url, 4)).map((attempt) =>
      attempt.of('gap').map(({ time: _, ...gap }) => gap),
    )
    assert.deepEqual(gaps, [[], [{ type: 'gap', repeated: 2 }], [], []])
  })

  it('claims no repetition of events without an id of their own, nor of those long gone', async () => {
    const bodies = ['id: a\ndata: 1\n\ndata: 2\n\n', 'data: 2\n\n']
    const old = Array.from({ length: 300 }, (_, i) => `id: n${i}\ndata: x\n\n`).join('')
    for (const [first, second] of [bodies, [old, 'id: n0\ndata: x\n\n']] as const) {
      let request = 0
      const url = await serveHttp((incoming, response) => {
        eventStream(incoming, response)
        response.end(request++ === 0 ? first : second)
      })
      const [, again] = await attempts(url, 2)
      assert.equal(again?.of('message').length, 1)
      assert.deepEqual(again?.of('gap'), [])
    }
  })

  it('claims no repetition of a stream that repeats itself anyway', async () => {
    const beat = 'id: x\ndata: beat\n\n'
    const [, second] = await attempts(await serveStream(beat + beat), 2)
    assert.deepEqual(second?.of('gap'), [])
  })

  it('counts events that were missed where ids count on by one, and claims nothing elsewhere', async () => {
    const missed = async (...bodies: string[]) => {
      let request = 0
      const url = await serveHttp((incoming, response) => {
        eventStream(incoming, response)
        response.end(bodies[request++])
      })
      const all = await attempts(url, bodies.length)
      return all.flatMap((attempt) => attempt.of('gap').map((gap) => gap.missed))
    }
    const stream = (...ids: unknown[]) => ids.map((id) => `id: ${id}\ndata: x${id}\n\n`).join('')
    assert.deepEqual(await missed(stream(1, 2), stream(6, 7), stream(8)), [3])
    assert.deepEqual(await missed(stream(10, 20), stream(40)), [])
    assert.deepEqual(await missed(stream(1, 2, 5), stream(9)), [])
    assert.deepEqual(await missed(stream(5), stream(9)), [])
    assert.deepEqual(await missed(stream(1, 2), stream(1, 2).replaceAll('x', 'y')), [])
    assert.deepEqual(await missed(stream('1', '2', 'a'), stream('b')), [])
  })

  it('reports a cut connection as the network\u2019s doing, worth another attempt', async () => {
    const address = await serveRaw((socket) => {
      socket.write(`${HEAD}${chunk('id: 1\ndata: a\n\ndata: b')}`, () => socket.resetAndDestroy())
    })
    const resume = newResumeState()
    const attempt = connect(`http://${address}/`, {}, resume)
    assert.equal((await attempt.outcome).end, 'lost')
    assert.deepEqual(
      attempt.events.map((event) => event.type),
      ['open', 'message', 'error', 'close'],
    )
    assert.equal(attempt.of('error')[0]?.code, 'ECONNRESET')
    assert.equal(attempt.of('close')[0]?.by, 'network')
    assert.equal(resume.lastEventId, '1')
  })

  it('starts from the user\u2019s Last-Event-ID, then goes on from the stream\u2019s own', async () => {
    const ids: unknown[] = []
    const url = await serveHttp((request, response) => {
      ids.push(request.headers['last-event-id'])
      eventStream(request, response)
      response.end(ids.length === 1 ? 'data: no id\n\n' : 'id: 5\ndata: a\n\n')
    })
    const resume = newResumeState()
    for (let i = 0; i < 3; i++) await connect(url, { headers: { 'Last-Event-ID': '3' } }, resume).outcome
    assert.deepEqual(ids, ['3', '3', '5'])
  })

  it('discards an unterminated last event and says so', async () => {
    const attempt = connect(await serveStream('data: a\n\ndata: b\n'))
    assert.equal((await attempt.outcome).end, 'lost')
    assert.deepEqual(attempt.texts(), ['a'])
    assert.equal(attempt.of('error')[0]?.code, 'TRUNCATED')
    assert.match(attempt.of('error')[0]?.message ?? '', /8 bytes were discarded/)
    assert.equal(attempt.of('close')[0]?.by, 'server')
  })

  it('ends an endless line with TOO_LARGE, keeping the events before it', async () => {
    const url = await serveHttp((request, response) => {
      eventStream(request, response)
      response.write('id: 3\ndata: a\n\n')
      const flood = () => {
        while (response.write('x'.repeat(10_000)));
        response.once('drain', flood)
      }
      flood()
    })
    const resume = newResumeState()
    const attempt = connect(url, { maxMessageSize: 100_000 }, resume)
    assert.equal((await attempt.outcome).end, 'failed')
    assert.deepEqual(attempt.texts(), ['a'])
    assert.equal(attempt.of('error')[0]?.code, 'TOO_LARGE')
    assert.equal(attempt.of('close')[0]?.by, 'client')
    assert.equal(resume.lastEventId, '3')
  })

  it('disconnects at once, while the stream is open and before', async () => {
    const responses: ServerResponse[] = []
    const url = await serveHttp((request, response) => {
      responses.push(response)
      if (request.url === '/silent') return
      eventStream(request, response)
      response.write('data: a\n\n')
    })
    const attempt = connect(url)
    await attempt.until('message')
    const closed = once(responses[0] as ServerResponse, 'close')
    assert.deepEqual(await attempt.disconnect(), { end: 'done', reason: 'disconnected' })
    await closed
    assert.deepEqual(
      attempt.events.map((event) => event.type),
      ['open', 'message', 'close'],
    )
    assert.equal(attempt.of('close')[0]?.by, 'client')
    const silent = connect(`${url}silent`)
    assert.equal((await silent.disconnect()).end, 'done')
    assert.deepEqual(
      silent.events.map((event) => event.type),
      ['close'],
    )
  })

  it('reports a refused port and a head that does not come as worth another attempt', async () => {
    const refused = connect(`http://127.0.0.1:${await refusedPort()}/`)
    assert.equal((await refused.outcome).end, 'lost')
    assert.deepEqual(
      refused.events.map((event) => event.type),
      ['error'],
    )
    assert.equal(refused.of('error')[0]?.code, 'ECONNREFUSED')
    const late = connect(await serveHttp(() => {}), { timeout: 50 })
    assert.equal((await late.outcome).end, 'lost')
    assert.equal(late.of('error')[0]?.code, 'TIMEOUT')
  })

  for (const framing of ['chunked', 'by the end of the connection'])
    it(`stops reading while paused, early or late, a body framed ${framing}`, async () => {
      const blocks = 1200
      const after = 200
      let written = 0
      const url = await serveHttp(async (request, response) => {
        if (framing !== 'chunked') response.useChunkedEncodingByDefault = false
        eventStream(request, response)
        for (; written < blocks; written++)
          if (!response.write(`data: ${'x'.repeat(50_000)}\n\n`)) await once(response, 'drain')
        response.end()
      })
      const attempt = connect(url)
      attempt.transport.pause()
      await attempt.until('open')
      await settled(() => written)
      assert.deepEqual(attempt.of('message'), [])
      // What is on its way is in the system's buffers; all of it would be 60 MB.
      assert.ok(written < blocks / 2, `${written} went out`)
      attempt.transport.resume()
      await attempt.until('message', after)
      attempt.transport.pause()
      await settled(() => written)
      assert.ok(written < blocks / 2 + after, `${written} went out`)
      attempt.transport.resume()
      await attempt.outcome
      assert.equal(attempt.of('message').length, blocks)
      assert.deepEqual(attempt.of('error'), [])
    })

  for (const framing of ['Connection: close', 'Content-Length: 35', 'Transfer-Encoding: chunked'])
    for (const isReset of [false, true])
      it(`bears a peer that ${isReset ? 'resets' : 'ends'} what is paused, with ${framing}`, async () => {
        const inFrame = (content: string) => (framing.endsWith('chunked') ? chunk(content) : content)
        let write: ((content: string, then: () => void) => void) | undefined
        const address = await serveRaw((socket) => {
          const head = `Content-Type: text/event-stream\r\nConnection: close\r\n${framing}\r\n\r\n`
          socket.write(`HTTP/1.1 200 OK\r\n${head}${inFrame('data: one\n\n')}`)
          write = (content, then) =>
            socket.write(inFrame(content), () => {
              if (isReset) socket.resetAndDestroy()
              else socket.end(framing.endsWith('chunked') ? '0\r\n\r\n' : '')
              then()
            })
        })
        const attempt = connect(`http://${address}/`)
        await attempt.until('message')
        attempt.transport.pause()
        await new Promise<void>((resolve) => write?.('data: two\n\ndata: three\n\n', resolve))
        await settled(() => attempt.events.length)
        assert.deepEqual(attempt.texts(), ['one'])
        attempt.transport.resume()
        assert.equal((await attempt.outcome).end, 'lost')
        if (!isReset) assert.deepEqual(attempt.texts(), ['one', 'two', 'three'])
        assert.equal(attempt.of('close').length, 1)
        assert.equal(attempt.of('error').length, isReset && framing !== 'Content-Length: 35' ? 1 : 0)
      })

  it('cannot send', async () => {
    assert.throws(() => new SseTransport().send({ opcode: 'text', payload: Buffer.of() }), {
      code: 'CANNOT_SEND',
    })
  })
})
