import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { AutoTransport } from '../../src/transport/auto.ts'
import { newResumeState, type ResumeState } from '../../src/transport/transport.ts'
import { Attempt } from '../support/attempt.ts'
import { closeServers, serveHttp } from '../support/loopback.ts'
import { serveRaw } from '../support/raw-server.ts'

function connect(url: string, spec: Partial<ConnectionSpec> = {}, resume?: ResumeState): Attempt {
  return new Attempt(new AutoTransport(), { url, ...spec }, resume)
}

const typesOf = (attempt: Attempt) => attempt.events.map((event) => event.type)

describe('auto', () => {
  afterEach(closeServers)

  it('continues as SSE with the same response, and requests SSE from then on', async () => {
    const requests: IncomingMessage[] = []
    const url = await serveHttp((request, response) => {
      requests.push(request)
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end('id: 5\ndata: a\n\n')
    })
    const resume = newResumeState()
    const first = connect(url, {}, resume)
    assert.equal((await first.outcome).end, 'lost')
    assert.equal(first.of('open')[0]?.transport, 'sse')
    assert.deepEqual(first.texts(), ['a'])
    assert.equal(requests.length, 1)
    assert.match(requests[0]?.headers.accept ?? '', /^text\/event-stream, .*\*\/\*/)
    await connect(url, {}, resume).outcome
    assert.equal(requests[1]?.headers.accept, 'text/event-stream')
    assert.equal(requests[1]?.headers['last-event-id'], '5')
  })

  it('continues as a stream with the same response if its type is that of a stream', async () => {
    let requests = 0
    const url = await serveHttp((_request, response) => {
      requests++
      response.writeHead(200, { 'content-type': 'application/x-ndjson', 'content-length': 4 })
      response.end('1\n2\n')
    })
    const resume = newResumeState()
    const attempt = connect(url, {}, resume)
    assert.equal((await attempt.outcome).end, 'done')
    assert.deepEqual(attempt.of('open')[0]?.framing, 'ndjson')
    assert.deepEqual(attempt.texts(), ['1', '2'])
    assert.equal(requests, 1)
    assert.equal(resume.settled, 'http-stream')
  })

  it('treats audio, video and images as streams from their first byte, even if their length is known', async () => {
    for (const type of ['video/webm', 'audio/mpeg', 'image/png']) {
      let finish: (() => void) | undefined
      const url = await serveHttp((_request, response) => {
        response.writeHead(200, { 'content-type': type, 'content-length': 6 })
        response.write('one')
        finish = () => response.end('two')
      })
      const attempt = connect(url)
      await attempt.until('message')
      assert.deepEqual(attempt.texts(), ['one'])
      const [open] = attempt.of('open')
      assert.deepEqual([open?.transport, open?.framing], ['http-stream', 'raw'], type)
      finish?.()
      assert.equal((await attempt.outcome).end, 'done')
      assert.deepEqual(attempt.texts(), ['one', 'two'])
    }
  })

  it('treats a framing set by the user as a stream', async () => {
    const url = await serveHttp((_request, response) => response.end('a\nb\n'))
    const attempt = connect(url, { framing: 'lines' })
    assert.equal((await attempt.outcome).end, 'done')
    assert.deepEqual(attempt.texts(), ['a', 'b'])
  })

  it('reports a plain response as one message, with the hint to name a transport', async () => {
    const body = `<p>${'x'.repeat(1200)}</p>`
    const url = await serveHttp((request, response) => {
      response.setHeader('content-type', 'text/html')
      if (request.url === '/chunked') response.flushHeaders()
      response.end(body)
    })
    for (const path of ['', 'chunked?token=secret']) {
      const attempt = connect(`${url}${path}`)
      assert.equal((await attempt.outcome).end, 'failed')
      assert.deepEqual(typesOf(attempt), ['open', 'message', 'error', 'close'])
      assert.deepEqual(attempt.texts(), [body])
      const [error] = attempt.of('error')
      assert.equal(error?.code, 'PLAIN_RESPONSE')
      assert.equal(error?.status, 200)
      assert.match(
        error?.message ?? '',
        /answered with a complete response \(200, text\/html, 1\.2 kB\), not a stream; name the transport to poll it: poll or long-poll\.$/,
      )
      assert.doesNotMatch(error?.message ?? '', /secret/)
      assert.equal(attempt.of('close')[0]?.by, 'server')
    }
  })

  it('ends normally after a plain response if the specification accepts one', async () => {
    const url = await serveHttp((request, response) => {
      response.statusCode = request.url === '/missing' ? 404 : 200
      response.setHeader('content-type', 'application/json').end('{"token":"t"}')
    })
    const attempt = connect(url, { plainResponse: true })
    assert.equal((await attempt.outcome).end, 'done')
    assert.deepEqual(typesOf(attempt), ['open', 'message', 'close'])
    assert.deepEqual(attempt.texts(), ['{"token":"t"}'])

    const missing = connect(`${url}missing`, { plainResponse: true })
    assert.equal((await missing.outcome).end, 'failed')
    assert.equal(missing.of('error')[0]?.code, 'HTTP_STATUS')
  })

  it('waits for all of a plain response whose length is known', async () => {
    let finish: (() => void) | undefined
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 4 })
      response.write('[1')
      finish = () => response.end(',]')
    })
    const attempt = connect(url)
    await new Promise((resolve) => setTimeout(resolve, 1200))
    assert.deepEqual(attempt.events, [])
    finish?.()
    await attempt.outcome
    assert.deepEqual(attempt.texts(), ['[1,]'])
    assert.equal(attempt.of('message')[0]?.wireSize, 4)
    assert.equal(attempt.of('error')[0]?.code, 'PLAIN_RESPONSE')
  })

  it('fails if nothing more of a plain response arrives, and keeps what arrived', async () => {
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('abc')
    })
    const attempt = connect(url, { timeout: 80 })
    assert.equal((await attempt.outcome).end, 'failed')
    assert.deepEqual(typesOf(attempt), ['open', 'message', 'error', 'close'])
    assert.deepEqual(attempt.texts(), ['abc'])
    assert.equal(attempt.of('message')[0]?.truncated, true)
    assert.equal(attempt.of('error')[0]?.code, 'TIMEOUT')
    assert.equal(attempt.of('close')[0]?.by, 'client')
  })

  it('allows a stream to be silent for longer than its timeout', async () => {
    let finish = () => {}
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/x-unheard-of' })
      response.write('one')
      finish = () => void response.end('two')
    })
    const attempt = connect(url, { timeout: 5000 })
    await attempt.until('message')
    setTimeout(finish, 5000)
    assert.equal((await attempt.outcome).end, 'done')
    assert.deepEqual(attempt.texts(), ['one', 'two'])
  })

  it('continues as a stream if text, a JSON array or several JSON texts arrive in pieces, within a second', async () => {
    for (const [type, pieces, texts] of [
      ['text/plain', ['Once', ' upon'], ['Once', ' upon']],
      ['text/markdown', ['# Once', ' upon'], ['# Once', ' upon']],
      ['application/vnd.api+json', ['[{"a":1}', ',{"a":2}]'], ['{"a":1}', '{"a":2}']],
      ['application/json', ['[{"a":1}', ',{"a":2}]'], ['{"a":1}', '{"a":2}']],
      // Kubernetes watches, gRPC gateways and Docker events.
      ['application/json', ['{"a":1}\n', '{"a":2}\n'], ['{"a":1}', '{"a":2}']],
      ['application/json', ['{"a":1}', '{"a":2}'], ['{"a":1}', '{"a":2}']],
    ] as const) {
      const url = await serveHttp((_request, response) => {
        response.writeHead(200, { 'content-type': type }).write(pieces[0])
        setTimeout(() => response.write(pieces[1]), 250)
      })
      const attempt = connect(url)
      await attempt.until('message', 2)
      const [open] = attempt.of('open')
      assert.equal(open?.transport, 'http-stream')
      assert.deepEqual(attempt.texts(), texts)
      const [first = 0, second = 0] = attempt.of('message').map(({ time }) => time - (open?.time ?? 0))
      assert.ok(first <= second && second > 200, `${first} ${second}`)
      await attempt.disconnect()
    }
  })

  it('continues as a stream if text arrives word by word, not if a large text arrives slowly', async () => {
    const url = await serveHttp((request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' })
      const word = request.url === '/words' ? 'word ' : 'x'.repeat(20_000)
      let words = 0
      const timer = setInterval(() => {
        if (++words < 8) return void response.write(word)
        clearInterval(timer)
        response.end(word)
      }, 40)
    })
    const words = connect(`${url}words`)
    assert.equal((await words.outcome).end, 'done')
    assert.equal(words.texts().join(''), 'word '.repeat(8))
    assert.ok(words.texts().length > 1)
    const much = connect(url)
    assert.equal((await much.outcome).end, 'failed')
    assert.equal(much.of('error')[0]?.code, 'PLAIN_RESPONSE')
  })

  it('treats a JSON text as a plain response even if it arrives in pieces', async () => {
    for (const [first, second] of [
      ['{"a":', '1}'],
      ['{"a":1}', '\n'],
    ] as const) {
      const url = await serveHttp((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).write(first)
        setTimeout(() => response.end(second), 250)
      })
      const attempt = connect(url)
      assert.equal((await attempt.outcome).end, 'failed')
      assert.deepEqual(attempt.texts(), [first + second])
      assert.equal(attempt.of('error')[0]?.code, 'PLAIN_RESPONSE')
    }
  })

  it('continues as a stream if a body of unknown type still flows after a second, with the times of arrival', async () => {
    let finish: (() => void) | undefined
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/x-unheard-of' })
      response.write('one')
      setTimeout(() => response.write('two'), 300)
      finish = () => response.end('three')
    })
    const attempt = connect(url)
    await attempt.until('message', 2)
    const [open] = attempt.of('open')
    assert.deepEqual([open?.transport, open?.framing], ['http-stream', 'raw'])
    const times = attempt.of('message').map(({ time }) => time - (open?.time ?? 0))
    assert.ok((times[0] ?? 999) < 250 && (times[1] ?? 0) >= 250 && (times[1] ?? 999) < 900, times.join())
    finish?.()
    assert.equal((await attempt.outcome).end, 'done')
    assert.deepEqual(attempt.texts(), ['one', 'two', 'three'])
    assert.deepEqual(attempt.of('error'), [])
  })

  it('continues as a stream if a JSON body keeps flowing, one record per text', async () => {
    let finish = () => {}
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write('{"type":"ADDED"}\n{"type":')
      finish = () => void response.end('"GONE"}\n')
    })
    const attempt = connect(url)
    await attempt.until('message')
    finish()
    assert.equal((await attempt.outcome).end, 'done')
    assert.equal(attempt.of('open')[0]?.framing, 'ndjson')
    assert.deepEqual(attempt.texts(), ['{"type":"ADDED"}', '{"type":"GONE"}'])
  })

  it('keeps what arrived if a record of it exceeds the limit', async () => {
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' })
      response.write(`a\n${'x'.repeat(600)}\n`)
    })
    const attempt = connect(url, { maxMessageSize: 605 })
    await attempt.until('open')
    const second = connect(url, { maxMessageSize: 100 })
    assert.equal((await second.outcome).end, 'failed')
    assert.deepEqual(
      second.of('error').map(({ code }) => code),
      ['TOO_LARGE'],
    )
    await attempt.disconnect()
    assert.deepEqual(attempt.texts(), ['a', 'x'.repeat(600)])
  })

  it('retries after a plain response that is cut off, and keeps what arrived', async () => {
    const address = await serveRaw((socket) => {
      socket.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n[1,')
    })
    const attempt = connect(`http://${address}/`)
    assert.equal((await attempt.outcome).end, 'lost')
    assert.deepEqual(typesOf(attempt), ['open', 'message', 'error', 'close'])
    assert.equal(attempt.of('message')[0]?.truncated, true)
    assert.equal(attempt.of('error')[0]?.code, 'TRUNCATED')
    assert.equal(attempt.of('close')[0]?.by, 'network')
  })

  it('fails on a status that is not successful', async () => {
    const url = await serveHttp((_request, response) => response.writeHead(404).end())
    const attempt = connect(url)
    assert.equal((await attempt.outcome).end, 'failed')
    assert.deepEqual(typesOf(attempt), ['error'])
    assert.equal(attempt.of('error')[0]?.code, 'HTTP_STATUS')
  })

  it('disconnects at once while it probes', async () => {
    let arrived: (() => void) | undefined
    const headSent = new Promise<void>((resolve) => {
      arrived = resolve
    })
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/x-unheard-of' })
      response.write('x', () => arrived?.())
    })
    const attempt = connect(url)
    await headSent
    assert.equal((await attempt.disconnect()).end, 'done')
    // Once it has probed for a second, it is open.
    assert.deepEqual(typesOf(attempt), ['close'])
  })

  it('pauses and resumes the transport that it found', async () => {
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end('data: a\n\n')
    })
    const attempt = connect(url)
    attempt.transport.pause()
    await attempt.until('open')
    assert.deepEqual(attempt.of('message'), [])
    attempt.transport.resume()
    await attempt.outcome
    assert.deepEqual(attempt.texts(), ['a'])
  })
})
