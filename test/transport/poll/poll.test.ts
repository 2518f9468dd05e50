import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { LongPollTransport } from '../../../src/transport/poll.ts'
import { Attempt } from '../../support/attempt.ts'
import { closeServers, serveHttp } from '../../support/loopback.ts'
import { isCollected } from '../../support/memory.ts'
import { serveRaw } from '../../support/raw-server.ts'
import { readResponse } from '../../support/responses.ts'
import { type Answer, longPoll, poll, say, serveAnswers, status } from './support.ts'

/** In ms: differences of times are not exact. */
const MICROSECOND = 0.001

describe('long polling', () => {
  afterEach(closeServers)

  it('emits request, open once, response and message, cycle after cycle', async () => {
    const { url } = await serveAnswers(say('one'), say('two'))
    const attempt = longPoll(url, { headers: { 'X-Own': 'field' } })
    await attempt.until('request', 3)
    assert.deepEqual(
      attempt.events.map(({ type }) => type),
      ['request', 'open', 'response', 'message', 'request', 'response', 'message', 'request'],
    )
    assert.deepEqual(attempt.texts(), ['one', 'two'])
    const defaults = { accept: '*/*', 'user-agent': 'realtime-inspector' }
    assert.deepEqual(attempt.of('request')[0]?.headers, { ...defaults, 'X-Own': 'field' })
    const [open] = attempt.of('open')
    assert.deepEqual([open?.transport, open?.status, open?.httpVersion], ['long-poll', 200, '1.1'])
    const times = attempt.events.map(({ time }) => time)
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    )
    assert.deepEqual(await attempt.disconnect(), { end: 'done', reason: 'disconnected' })
  })

  for (const type of ['open', 'response', 'message'] as const)
    it(`emits each event once if it is disconnected while ${type} is emitted`, async () => {
      for (const start of [longPoll, poll]) {
        const { url } = await serveAnswers(say('one'), say('two'))
        const attempt = start(url)
        attempt.during(type, () => void attempt.disconnect())
        assert.deepEqual(await attempt.outcome, { end: 'done', reason: 'disconnected' })
        const seen = attempt.events.map((event) => event.type)
        assert.deepEqual(seen, [...new Set(seen)])
      }
    })

  it('keeps nothing of the response before the request that is held', async () => {
    const { url } = await serveAnswers(say('one'), say('two'))
    const attempt = longPoll(url)
    await attempt.until('request', 3)
    // In functions of their own, since this one waits, and would keep what it has used.
    const latestHeaders = () => new WeakRef(attempt.of('response')[1]?.headers ?? assert.fail())
    const headers = latestHeaders()
    attempt.events.length = 0
    // The latest head of all connections is kept, so another one follows.
    readResponse([new Uint8Array(Buffer.from('HTTP/1.1 204 No Content\r\n\r\n'))])
    assert.ok(await isCollected(headers))
    await attempt.disconnect()
  })

  it('distinguishes text from binary data', async () => {
    const bytes: Answer = (response) => response.end(Buffer.of(0xff, 0x00))
    const { url } = await serveAnswers(say('grüße'), bytes)
    const attempt = longPoll(url)
    await attempt.until('message', 2)
    assert.deepEqual(
      attempt.of('message').map(({ opcode }) => opcode),
      ['text', 'binary'],
    )
    await attempt.disconnect()
  })

  it('reports how long the server held each request', async () => {
    const { url } = await serveAnswers((response) => setTimeout(() => response.end('late'), 120), say('soon'))
    const attempt = longPoll(url)
    await attempt.until('message', 2)
    const [late, soon] = attempt.of('response')
    assert.ok((late?.held ?? 0) > 100, `${late?.held}`)
    assert.ok((soon?.held ?? 1000) < (late?.held ?? 0))
    await attempt.disconnect()
  })

  it('counts the time in which a body is held after its head, but not the time of its transfer', async () => {
    const afterHead: Answer = (response) => {
      response.flushHeaders()
      setTimeout(() => response.end('{"results":[],"last_seq":5}'), 200)
    }
    const afterBeginning: Answer = (response) => {
      response.write('{"results":[')
      setTimeout(() => response.end('],"last_seq":6}'), 200)
    }
    const flowing: Answer = (response) => {
      let pieces = 0
      const timer = setInterval(() => {
        if (++pieces < 12) return void response.write(' ')
        clearInterval(timer)
        response.end('{"last_seq":7}')
      }, 20)
    }
    for (const cursor of ['auto', 'json:/last_seq:since']) {
      // On a busy machine, a flow may pause for as long as a server holds. One of several does not.
      const flows = Array.from({ length: 10 }, () => flowing)
      const { url } = await serveAnswers(afterHead, afterBeginning, ...flows)
      const attempt = longPoll(url, { cursor })
      await attempt.until('message', 3)
      while (attempt.of('response').at(-1)?.head !== undefined)
        await attempt.until('message', attempt.of('message').length + 1)
      const [responses, requests] = [attempt.of('response'), attempt.of('request')]
      const messages = attempt.of('message')
      for (const index of [0, 1]) {
        const { held = 0, head = 999, time = 0 } = responses[index] ?? {}
        assert.ok(held >= 190 && head < held - 150, `${held} ${head}`)
        const sent = time - held
        const [asked = 0, came = 0] = [requests[index]?.time, messages[index]?.time]
        assert.ok(asked <= sent + MICROSECOND && time <= came, 'it ended when it says')
      }
      const flow = responses.at(-1)
      assert.deepEqual([flow?.head, responses.length > 2], [undefined, true])
      assert.ok((flow?.time ?? 0) < (attempt.of('message').at(-1)?.time ?? 0))
      await attempt.disconnect()
    }
  })

  it('treats 204, 304, 408 and an empty body as empty, not as errors', async () => {
    const { url } = await serveAnswers(status(204), status(304), status(408), status(200), say('news'))
    const attempt = longPoll(url)
    await attempt.until('message')
    assert.deepEqual(
      attempt.of('response').map(({ status, empty }) => [status, empty]),
      [
        [204, true],
        [304, true],
        [408, true],
        [200, true],
        [200, false],
      ],
    )
    assert.equal(attempt.of('open')[0]?.status, 204)
    assert.equal(attempt.of('error').length, 0)
    await attempt.disconnect()
  })

  it('sends User-Agent and Accept, unless the user sets them', async () => {
    const { url, requests } = await serveAnswers(say('one'))
    const attempt = longPoll(url, { headers: { ACCEPT: 'text/json' } })
    await attempt.until('message')
    const { accept, 'user-agent': program } = requests[0]?.headers ?? {}
    assert.deepEqual([accept, program], ['text/json', 'realtime-inspector'])
    await attempt.disconnect()
  })

  it('reports each redirect, and how long all servers held the request', async () => {
    let asked = 0
    const url = await serveHttp((request, response) => {
      if (request.url === '/login') return void response.end('please log in')
      asked++
      if (asked === 1) return void response.end('one')
      setTimeout(() => response.writeHead(302, { location: '/login' }).end(), 120)
    })
    const attempt = longPoll(url)
    await attempt.until('message', 2)
    assert.deepEqual(attempt.texts(), ['one', 'please log in'])
    const [straight, redirected] = attempt.of('response')
    assert.equal(straight?.redirects, undefined)
    assert.deepEqual(redirected?.redirects, [{ status: 302, location: `${url}login` }])
    assert.ok((redirected?.held ?? 0) > 100, `${redirected?.held}`)
    await attempt.disconnect()
  })

  it('waits for a held response without a limit, unless a timeout is set', async () => {
    const { url } = await serveAnswers((response) => setTimeout(() => response.end('late'), 100))
    const attempt = longPoll(url, { timeout: 50 })
    assert.equal((await attempt.outcome).end, 'lost')
    assert.equal(attempt.of('error')[0]?.code, 'TIMEOUT')
  })

  it('fails if nothing more of a body arrives within the timeout, and keeps what arrived', async () => {
    const half: Answer = (response) => void response.writeHead(200, { 'Content-Length': 100 }).write('half')
    for (const ask of [longPoll, poll]) {
      const { url } = await serveAnswers(half)
      const attempt = ask(url, { timeout: 80 })
      assert.equal((await attempt.outcome).end, 'lost')
      assert.deepEqual(
        attempt.events.map(({ type }) => type),
        ['request', 'open', 'response', 'message', 'error', 'close'],
      )
      assert.equal(attempt.of('message')[0]?.truncated, true)
      const [error] = attempt.of('error')
      assert.equal(error?.code, 'TIMEOUT')
      assert.match(error?.message ?? '', /^Nothing more of the answer from .* came within 80 ms; .*\.$/)
      assert.equal(attempt.of('close')[0]?.by, 'client')
    }
  })

  it('does not count its own pause as a stall', async () => {
    const transport = new LongPollTransport()
    let finish = () => {}
    const { url } = await serveAnswers((response) => {
      response.writeHead(200, { 'Content-Length': 8 }).write('half')
      finish = () => void response.end('half')
    })
    const attempt = new Attempt(transport, { url, interval: 0, timeout: 60 })
    await attempt.until('open')
    transport.pause()
    await new Promise((resolve) => setTimeout(resolve, 150))
    finish()
    transport.resume()
    await attempt.until('message')
    assert.deepEqual(attempt.texts(), ['halfhalf'])
    await attempt.disconnect()
  })

  it('does not flood a server that answers at once with something new', async () => {
    let asked = 0
    const url = await serveHttp((_request, response) => void response.end(`${asked++}`))
    const attempt = new Attempt(new LongPollTransport(), { url })
    await new Promise((resolve) => setTimeout(resolve, 600))
    await attempt.disconnect()
    assert.ok(asked >= 11 && asked <= 18, `${asked} requests`)
    asked = 0
    const named = new Attempt(new LongPollTransport(), { url, interval: 200 })
    await named.until('response', 3)
    const [first, , third] = named.of('request').map(({ time }) => time)
    assert.ok((third ?? 0) - (first ?? 0) >= 390, 'the interval holds from request to request')
    await named.disconnect()
  })

  it('does not flood a server that answers at once with nothing', async () => {
    const { url, requests } = await serveAnswers(status(204), status(204), status(204))
    const attempt = longPoll(url, { interval: 60 })
    const started = performance.now()
    await attempt.until('response', 3)
    assert.ok(performance.now() - started > 150, 'paused 60 and 120 ms')
    await attempt.disconnect()
    assert.ok(requests.length <= 4)
  })

  it('sends the next request at once if the server holds the body', async () => {
    const half: Answer = (response) => {
      response.write('{"results":[')
      setTimeout(() => response.end('],"last_seq":5}'), 120)
    }
    const { url } = await serveAnswers(half, half, half)
    const attempt = longPoll(url, { cursor: 'json:/last_seq:since', interval: 60_000 })
    await attempt.until('request', 4)
    assert.deepEqual(
      attempt.of('response').map(({ empty }) => empty),
      [false, true, true],
    )
    await attempt.disconnect()
  })

  it('ends at once when disconnected: while held, while waiting, while reading', async () => {
    const held = await serveAnswers()
    const waiting = await serveAnswers(status(204))
    const reading = await serveAnswers((response) => void response.writeHead(200).write('half'))
    for (const [url, type] of [
      [held.url, 'request'],
      [waiting.url, 'response'],
      [reading.url, 'open'],
    ] as const) {
      const attempt = longPoll(url, { interval: 60_000 })
      await attempt.until(type)
      assert.equal((await attempt.disconnect({ reason: 'enough' })).end, 'done')
      const [close] = attempt.of('close')
      assert.deepEqual([close?.by, close?.reason], ['client', 'enough'])
      assert.equal(attempt.of('error').length, 0)
    }
  })

  it('measures the wire size of a body, with chunk framing', async () => {
    const host = await serveRaw((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n2\r\nde\r\n0\r\n\r\n'),
    )
    const attempt = longPoll(`http://${host}/`)
    await attempt.until('message')
    const [message] = attempt.of('message')
    assert.deepEqual([message?.payload.length, message?.wireSize], [5, '3;x\r\nabc\r\n2\r\nde\r\n'.length])
    await attempt.disconnect()
  })

  for (const [framing, frame] of Object.entries({
    'its length': (coded: Buffer) => [`Content-Length: ${coded.length}\r\n\r\n`, coded, ''],
    chunks: (coded: Buffer) => [
      `Transfer-Encoding: chunked\r\n\r\n${coded.length.toString(16)}\r\n`,
      coded,
      '\r\n0\r\n\r\n',
    ],
  }))
    it(`measures the wire size of a coded body, framed by ${framing}`, async () => {
      const coded = gzipSync('hello hello hello hello')
      const host = await serveRaw((socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n')
        for (const part of frame(coded)) socket.write(part)
      })
      const attempt = longPoll(`http://${host}/`)
      await attempt.until('message')
      const [message] = attempt.of('message')
      const around = framing === 'chunks' ? `${coded.length.toString(16)}\r\n\r\n`.length : 0
      assert.deepEqual([message?.payload.length, message?.wireSize], [23, coded.length + around])
      await attempt.disconnect()
    })

  it('ends with TOO_LARGE for a body beyond the limit', async () => {
    const { url } = await serveAnswers(say('small'), (response) => {
      response.write('x'.repeat(800), () => response.write('x'.repeat(800)))
    })
    const attempt = longPoll(url, { maxMessageSize: 1000 })
    assert.equal((await attempt.outcome).end, 'failed')
    assert.equal(attempt.of('error')[0]?.code, 'TOO_LARGE')
    assert.equal(attempt.of('close')[0]?.by, 'client')
    assert.deepEqual(attempt.texts(), ['small'])
  })

  it('sends its method and body each time', async () => {
    const bodies: string[] = []
    const url = await serveHttp(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      bodies.push(`${request.method} ${body}`)
      if (bodies.length < 3) response.end('ok')
    })
    const attempt = longPoll(url, { body: { base64: Buffer.from('{}').toString('base64') } })
    await attempt.until('request', 3)
    assert.deepEqual(bodies.slice(0, 2), ['POST {}', 'POST {}'])
    await attempt.disconnect()
  })

  it('cannot send', () => {
    const message = { opcode: 'text', payload: new Uint8Array() } as const
    assert.throws(() => new LongPollTransport().send(message), { code: 'CANNOT_SEND' })
  })

  it('does not read a response while paused, and reads all of it when resumed', async () => {
    const transport = new LongPollTransport()
    const { url } = await serveAnswers((response) => {
      transport.pause()
      response.end('all of it')
    })
    const attempt = new Attempt(transport, { url, interval: 0 })
    await attempt.until('open')
    await new Promise((resolve) => setTimeout(resolve, 40))
    assert.deepEqual(attempt.texts(), [])
    transport.resume()
    await attempt.until('message')
    assert.deepEqual(attempt.texts(), ['all of it'])
    await attempt.disconnect()
  })

  it('does not send a request while paused, and continues when resumed', async () => {
    const { url, requests } = await serveAnswers(say('one'), say('two'))
    const transport = new LongPollTransport()
    transport.pause()
    const attempt = new Attempt(transport, { url, interval: 0 })
    await new Promise((resolve) => setTimeout(resolve, 40))
    assert.equal(requests.length, 0)
    transport.resume()
    await attempt.until('message', 2)
    await attempt.disconnect()
  })
})

describe('polling', () => {
  afterEach(closeServers)

  it('keeps its interval from request to request', async () => {
    const { url } = await serveAnswers(
      say('1'),
      (response) => setTimeout(() => response.end('2'), 60),
      say('3'),
    )
    const attempt = poll(url, { interval: 100 })
    await attempt.until('request', 3)
    const [first = 0, second = 0, third = 0] = attempt.of('request').map(({ time }) => time)
    assert.ok(second - first >= 95 && third - first >= 195, `${first} ${second} ${third}`)
    await attempt.disconnect()
    assert.equal(attempt.of('open')[0]?.transport, 'poll')
  })

  it('makes ten requests on one connection', async () => {
    const sockets = new Set<Socket>()
    const url = await serveHttp((request, response) => {
      sockets.add(request.socket)
      response.writeHead(304).end()
    })
    const attempt = poll(url)
    await attempt.until('response', 10)
    await attempt.disconnect()
    assert.equal(sockets.size, 1)
    assert.ok(attempt.of('response').every(({ empty }) => empty))
  })

  it('fails if a response does not arrive within its timeout', async () => {
    const { url } = await serveAnswers()
    const attempt = poll(url, { timeout: 50 })
    assert.equal((await attempt.outcome).end, 'lost')
    assert.equal(attempt.of('error')[0]?.code, 'TIMEOUT')
  })
})
