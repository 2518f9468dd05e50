import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, it } from 'mocha'
import type { ConnectionSpec } from '../../../src/shared/spec.ts'
import { LongPollTransport, PollTransport } from '../../../src/transport/poll.ts'
import { newResumeState, type ResumeState } from '../../../src/transport/transport.ts'
import { Attempt } from '../../support/attempt.ts'
import { closeServers, refusedPort, serveHttp } from '../../support/loopback.ts'
import { serveRaw } from '../../support/raw-server.ts'

type Answer = (response: ServerResponse, request: IncomingMessage) => void

/** Serves the answers one after the other, then holds whatever comes. */
async function serveAnswers(...answers: Answer[]): Promise<{ url: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = []
  const url = await serveHttp((request, response) => {
    requests.push(request)
    answers[requests.length - 1]?.(response, request)
  })
  return { url, requests }
}

function longPoll(url: string, spec: Partial<ConnectionSpec> = {}, resume?: ResumeState): Attempt {
  return new Attempt(new LongPollTransport(), { interval: 0, ...spec, url }, resume)
}

function poll(url: string, spec: Partial<ConnectionSpec> = {}): Attempt {
  return new Attempt(new PollTransport(), { interval: 0, ...spec, url })
}

const say =
  (text: string, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(200, headers).end(text)

const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end()

describe('long-polling', () => {
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

  it('tells text from bytes', async () => {
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

  it('tells how long the server held each request', async () => {
    const { url } = await serveAnswers((response) => setTimeout(() => response.end('late'), 120), say('soon'))
    const attempt = longPoll(url)
    await attempt.until('message', 2)
    const [late, soon] = attempt.of('response')
    assert.ok((late?.held ?? 0) > 100, `${late?.held}`)
    assert.ok((soon?.held ?? 1000) < (late?.held ?? 0))
    await attempt.disconnect()
  })

  it('takes 204, 304, 408 and an empty body for empty, not for errors', async () => {
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

  it('sends ETag and Last-Modified back, and keeps them over empty answers', async () => {
    const validators = { ETag: '"1"', 'Last-Modified': 'Mon, 23 Nov 2026 05:00:00 GMT' }
    const { url, requests } = await serveAnswers(
      say('one', validators),
      status(304),
      status(408, { ETag: '"408"' }),
    )
    const attempt = longPoll(url)
    await attempt.until('request', 4)
    for (const { headers } of requests.slice(1, 4)) {
      assert.equal(headers['if-none-match'], '"1"')
      assert.equal(headers['if-modified-since'], validators['Last-Modified'])
    }
    assert.equal(requests[0]?.headers['if-none-match'], undefined)
    assert.equal(attempt.of('request')[3]?.cursor, `"1" ${validators['Last-Modified']}`)
    await attempt.disconnect()
  })

  it('takes a response header into the query, and an unmoved one for empty', async () => {
    const at = (index: string) => say(`at ${index}`, { 'X-Index': index })
    const { url, requests } = await serveAnswers(at('5'), at('5'), at('6'))
    const attempt = longPoll(`${url}?wait=5m`, { cursor: 'header:X-Index:index' })
    await attempt.until('request', 4)
    assert.deepEqual(
      requests.slice(0, 3).map((request) => request.url),
      ['/?wait=5m', '/?wait=5m&index=5', '/?wait=5m&index=5'],
    )
    assert.equal(attempt.of('request')[3]?.url, `${url}?wait=5m&index=6`)
    assert.deepEqual(attempt.texts(), ['at 5', 'at 6'])
    assert.deepEqual(
      attempt.of('response').map(({ empty }) => empty),
      [false, true, false],
    )
    await attempt.disconnect()
  })

  it('takes a JSON pointer into the query, and an unmoved one for empty', async () => {
    const at = (seq: number) => say(JSON.stringify({ results: [], last_seq: seq }))
    const { url, requests } = await serveAnswers(at(1), at(1), at(2))
    const attempt = longPoll(url, { cursor: 'json:/last_seq:since' })
    await attempt.until('request', 4)
    assert.deepEqual(
      requests.slice(0, 3).map((request) => request.url),
      ['/', '/?since=1', '/?since=1'],
    )
    assert.deepEqual(
      attempt.of('response').map(({ empty, cursor }) => [empty, cursor]),
      [
        [false, '1'],
        [true, '1'],
        [false, '2'],
      ],
    )
    assert.equal(attempt.of('message').length, 2)
    await attempt.disconnect()
  })

  it('shows an answer in which a JSON cursor cannot stand, then fails', async () => {
    const { url } = await serveAnswers(say('<html>'))
    const attempt = longPoll(url, { cursor: 'json:/last_seq:since' })
    assert.equal((await attempt.outcome).end, 'failed')
    assert.deepEqual(attempt.texts(), ['<html>'])
    assert.equal(attempt.of('error')[0]?.code, 'BAD_CURSOR')
  })

  it('fails at once for a cursor that makes no sense', async () => {
    const attempt = longPoll('http://127.0.0.1:1/', { cursor: 'etag' })
    assert.equal((await attempt.outcome).end, 'failed')
    assert.deepEqual(
      attempt.events.map(({ type }) => type),
      ['error'],
    )
  })

  it('keeps the cursor over a failure, for the next attempt', async () => {
    const { url, requests } = await serveAnswers(say('one', { ETag: '"1"' }), status(503), say('two'))
    const resume = newResumeState()
    const attempt = longPoll(url, {}, resume)
    assert.deepEqual(await attempt.outcome, { end: 'lost', reason: 'HTTP 503' })
    const [error] = attempt.of('error')
    assert.deepEqual([error?.code, error?.status], ['HTTP_STATUS', 503])
    assert.match(error?.message ?? '', /503 Service Unavailable; .*try later/)
    const next = longPoll(url, {}, resume)
    await next.until('message')
    assert.equal(requests[2]?.headers['if-none-match'], '"1"')
    await next.disconnect()
  })

  it('says which program asks and what it takes, unless told otherwise', async () => {
    const { url, requests } = await serveAnswers(say('one'))
    const attempt = longPoll(url, { headers: { ACCEPT: 'text/json' } })
    await attempt.until('message')
    const { accept, 'user-agent': program } = requests[0]?.headers ?? {}
    assert.deepEqual([accept, program], ['text/json', 'realtime-inspector'])
    await attempt.disconnect()
  })

  it('tells of each redirect, and how long the servers held the request in all', async () => {
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

  it('says in the words of the server why it is refused', async () => {
    const { url } = await serveAnswers((response) =>
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"unknown cursor"}'),
    )
    const attempt = longPoll(url)
    assert.equal((await attempt.outcome).end, 'failed')
    assert.match(attempt.of('error')[0]?.message ?? '', /answered 400 Bad Request \(.*unknown cursor.*\); /)
  })

  it('does not move its cursor past an answer that was cut short', async () => {
    const { url } = await serveAnswers(say('one', { ETag: '"1"' }), (response) => {
      response.writeHead(200, { ETag: '"2"', 'Content-Length': 100 }).write('half')
      setTimeout(() => response.destroy(), 20)
    })
    const resume = newResumeState()
    const attempt = longPoll(url, {}, resume)
    assert.equal((await attempt.outcome).end, 'lost')
    assert.deepEqual(resume.cursorHeaders, { 'If-None-Match': '"1"' })
    assert.deepEqual(
      attempt.of('message').map(({ payload, truncated }) => [String(Buffer.from(payload)), truncated]),
      [
        ['one', undefined],
        ['half', true],
      ],
    )
    assert.match(attempt.of('error')[0]?.message ?? '', /what came before is kept/)
  })

  it('gives up on a 4xx, tries again after 429 when it was told to', async () => {
    for (const [code, end] of [
      [404, 'failed'],
      [401, 'failed'],
      [429, 'lost'],
      [500, 'lost'],
    ] as const) {
      const { url } = await serveAnswers(status(code, { 'Retry-After': '7' }))
      const resume = newResumeState()
      const attempt = longPoll(url, {}, resume)
      assert.equal((await attempt.outcome).end, end)
      assert.equal(resume.retryAfter, 7000)
      assert.deepEqual(
        attempt.events.map(({ type }) => type),
        ['request', 'response', 'error'],
      )
    }
  })

  it('takes a date for when to come back', async () => {
    for (const [from, least, most] of [
      [-60_000, 0, 0],
      [60_000, 50_000, 60_000],
    ] as const) {
      const date = new Date(Date.now() + from).toUTCString()
      const { url } = await serveAnswers(status(503, { 'Retry-After': date }))
      const resume = newResumeState()
      await longPoll(url, {}, resume).outcome
      const { retryAfter = -1 } = resume
      assert.ok(retryAfter >= least && retryAfter <= most, `${retryAfter}`)
    }
  })

  it('does not believe a Retry-After of days', async () => {
    for (const value of ['999999', 'soon', '-1', new Date(Date.now() + 1e9).toUTCString()]) {
      const { url } = await serveAnswers(status(503, { 'Retry-After': value }))
      const resume = newResumeState()
      await longPoll(url, {}, resume).outcome
      assert.equal(resume.retryAfter, undefined)
    }
  })

  it('is lost where nobody listens', async () => {
    const attempt = longPoll(`http://127.0.0.1:${await refusedPort()}/`)
    assert.equal((await attempt.outcome).end, 'lost')
    assert.equal(attempt.of('error')[0]?.code, 'ECONNREFUSED')
    assert.equal(attempt.of('close').length, 0)
  })

  it('waits for a held answer as long as the server likes, unless a timeout is set', async () => {
    const { url } = await serveAnswers((response) => setTimeout(() => response.end('late'), 100))
    const attempt = longPoll(url, { timeout: 50 })
    assert.equal((await attempt.outcome).end, 'lost')
    assert.equal(attempt.of('error')[0]?.code, 'TIMEOUT')
  })

  it('does not hammer a server that answers at once with nothing', async () => {
    const { url, requests } = await serveAnswers(status(204), status(204), status(204))
    const attempt = longPoll(url, { interval: 60 })
    const started = performance.now()
    await attempt.until('response', 3)
    assert.ok(performance.now() - started > 150, 'paused 60 and 120 ms')
    await attempt.disconnect()
    assert.ok(requests.length <= 4)
  })

  it('does not spare a server that holds its answer after the beginning of it', async () => {
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
      [reading.url, 'response'],
    ] as const) {
      const attempt = longPoll(url, { interval: 60_000 })
      await attempt.until(type)
      assert.equal((await attempt.disconnect({ reason: 'enough' })).end, 'done')
      const [close] = attempt.of('close')
      assert.deepEqual([close?.by, close?.reason], ['client', 'enough'])
      assert.equal(attempt.of('error').length, 0)
    }
  })

  it('measures a body’s bytes on the connection, chunk framing included', async () => {
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
    it(`measures a coded body as it came, framed by ${framing}`, async () => {
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
    let more = () => {}
    const { url } = await serveAnswers(say('small'), (response) => {
      response.write('x'.repeat(800))
      more = () => void response.write('x'.repeat(800))
    })
    const attempt = longPoll(url, { maxMessageSize: 1000 })
    await attempt.until('response', 2)
    more()
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

  it('reads no answer while paused, and all of it when resumed', async () => {
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

  it('makes no request while paused, and goes on when resumed', async () => {
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

  it('gives up on an answer after its timeout', async () => {
    const { url } = await serveAnswers()
    const attempt = poll(url, { timeout: 50 })
    assert.equal((await attempt.outcome).end, 'lost')
    assert.equal(attempt.of('error')[0]?.code, 'TIMEOUT')
  })
})
