import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import zlib from 'node:zlib'
import { UNKNOWN_SIZE } from '../../../src/shared/event-columns.ts'
import { SseTransport } from '../../../src/transport/sse.ts'
import { newResumeState } from '../../../src/transport/transport.ts'
import { closeServers, serveHttp } from '../../support/loopback.ts'
import { serveRaw } from '../../support/raw-server.ts'
import { settled } from '../../support/settled.ts'
import { connect, eventStream, serveStream } from './support.ts'

const chunk = (content: string) => `${Buffer.byteLength(content).toString(16)}\r\n${content}\r\n`

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'

describe('an event stream', () => {
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

  it('measures the wire size of each event, with chunk framing', async () => {
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

  for (const [coding, create] of [
    ['gzip', zlib.createGzip],
    ['br', zlib.createBrotliCompress],
    ['zstd', zlib.createZstdCompress],
  ] as const)
    it(`decodes ${coding} without delaying an event, and omits the wire size`, async () => {
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

  it('omits the wire sizes of a batch of a coded stream', async () => {
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' })
      // Not compressed, so that each position in the decoded body is one in the coded body, too.
      response.end(zlib.gzipSync('data: one\n\n'.repeat(100), { level: 0 }))
    })
    const wireSizes: number[] = []
    const attempt = connect(url, {}, undefined, (batch) =>
      wireSizes.push(...batch.wireSizes.subarray(0, batch.count)),
    )
    await attempt.outcome
    assert.ok(wireSizes.length > 0)
    assert.deepEqual(wireSizes, Array(wireSizes.length).fill(UNKNOWN_SIZE))
  })

  it('reports an event that ends with CR without waiting for what follows', async () => {
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
    // It is unknown whether the LF that came later belongs to the second event.
    assert.deepEqual(
      attempt.of('message').map(({ wireSize }) => wireSize !== undefined),
      [true, false, true],
    )
  })

  it('discards an unterminated last event and says so', async () => {
    const attempt = connect(await serveStream('data: a\n\ndata: b\n'))
    assert.equal((await attempt.outcome).end, 'lost')
    assert.deepEqual(attempt.texts(), ['a'])
    assert.equal(attempt.of('error')[0]?.code, 'TRUNCATED')
    assert.match(attempt.of('error')[0]?.message ?? '', /8 bytes were discarded/)
    assert.equal(attempt.of('close')[0]?.by, 'server')
  })

  it('ends an endless line with TOO_LARGE, and keeps the events before it', async () => {
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

  it('disconnects at once, before and while the stream is open', async () => {
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
      // The system's buffers hold a part of it; all of it would be 60 MB.
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
      it(`handles a peer that ${isReset ? 'resets' : 'ends'} a paused stream, with ${framing}`, async () => {
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

  it('reports on close the lines at the end of the stream that are not an event', async () => {
    const attempt = connect(await serveStream('data: a\n\nerror: {"code":400}\n\n'))
    await attempt.outcome
    const [close] = attempt.of('close')
    assert.equal(close?.by, 'server')
    assert.match(close?.reason ?? '', /was ignored: error: \{"code":400\}$/)
    assert.deepEqual(attempt.of('error'), [])
  })
})
