import assert from 'node:assert/strict'
import { newResumeState } from '../../../src/transport/transport.ts'
import { closeServers, refusedPort } from '../../support/loopback.ts'
import { serveRaw } from '../../support/raw-server.ts'
import { longPoll, say, serveAnswers, status } from './support.ts'

describe('long polling over several responses', () => {
  afterEach(closeServers)

  it('sends ETag and Last-Modified back, and keeps them after empty responses', async () => {
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

  for (const fields of [
    'Content-Length: 99',
    'Content-Length: 99\r\nConnection: close',
    'Transfer-Encoding: chunked',
  ])
    it(`treats a 304 as empty whatever its fields say: ${JSON.stringify(fields)}`, async () => {
      let requests = 0
      const host = await serveRaw((socket) => {
        const answer = () => {
          requests++
          if (requests % 3 === 1)
            socket.write(`HTTP/1.1 200 OK\r\nETag: "${requests}"\r\nContent-Length: 2\r\n\r\nok`)
          else {
            socket.write(`HTTP/1.1 304 Not Modified\r\n${fields}\r\n\r\n`)
            if (fields.includes('close')) socket.end()
          }
        }
        socket.on('data', answer)
        answer()
      })
      const attempt = longPoll(`http://${host}/`)
      await attempt.until('message', 2)
      await attempt.disconnect()
      assert.deepEqual(attempt.of('error'), [])
      assert.deepEqual(
        attempt
          .of('response')
          .slice(0, 4)
          .map(({ status, empty }) => [status, empty]),
        [
          [200, false],
          [304, true],
          [304, true],
          [200, false],
        ],
      )
    })

  it('copies a response header to the query, and treats an unchanged one as empty', async () => {
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

  it('copies the value at a JSON pointer to the query, and treats an unchanged one as empty', async () => {
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

  it('starts over if the server no longer has what follows the cursor', async () => {
    const { url, requests } = await serveAnswers(say('{"last_seq":7}'), status(410), say('{"last_seq":9}'))
    const resume = newResumeState()
    const lost = longPoll(url, { cursor: 'json:/last_seq:since' }, resume)
    assert.equal((await lost.outcome).end, 'lost')
    assert.deepEqual(
      lost.of('error').map(({ code, status }) => [code, status]),
      [['CURSOR_GONE', 410]],
    )
    const again = longPoll(url, { cursor: 'json:/last_seq:since' }, resume)
    await again.until('message')
    await again.disconnect()
    assert.deepEqual(
      requests.slice(0, 3).map((request) => request.url),
      ['/', '/?since=7', '/'],
    )
  })

  it('fails for good if the server answers 410 to a request without a cursor', async () => {
    const { url } = await serveAnswers(status(410))
    const attempt = longPoll(url)
    assert.equal((await attempt.outcome).end, 'failed')
    assert.equal(attempt.of('error')[0]?.code, 'HTTP_STATUS')
  })

  for (const [cursor, param] of [
    ['json:/at:session_token', 'session_token'],
    ['json:/secret_key:k', 'k'],
    ['header:X-Auth-Token:t', 't'],
  ] as const)
    it(`resumes from ${cursor} without revealing the secret in it`, async () => {
      const at = (n: number) =>
        say(`{"at":"S3CR3T${n}","secret_key":"S3CR3T${n}"}`, { 'X-Auth-Token': `S3CR3T${n}` })
      const { url, requests } = await serveAnswers(at(1), at(1), at(2))
      const attempt = longPoll(url, { cursor })
      await attempt.until('request', 4)
      assert.deepEqual(
        requests.slice(0, 3).map((request) => request.url),
        ['/', `/?${param}=S3CR3T1`, `/?${param}=S3CR3T1`],
      )
      assert.deepEqual(
        attempt.of('response').map(({ empty, cursor: told }) => [empty, told]),
        [
          [false, '***'],
          [true, '***'],
          [false, '***'],
        ],
      )
      assert.equal(attempt.of('request')[3]?.cursor, '***')
      await attempt.disconnect()
    })

  it('reports a response that cannot contain a JSON cursor, then fails', async () => {
    const { url } = await serveAnswers(say('<html>'))
    const attempt = longPoll(url, { cursor: 'json:/last_seq:since' })
    assert.equal((await attempt.outcome).end, 'failed')
    assert.deepEqual(attempt.texts(), ['<html>'])
    assert.equal(attempt.of('error')[0]?.code, 'BAD_CURSOR')
  })

  it('reports a response whose JSON cursor is too long for a URL, then fails', async () => {
    const answer = JSON.stringify({ last_seq: 'x'.repeat(8001) })
    const { url } = await serveAnswers(say(answer))
    const attempt = longPoll(url, { cursor: 'json:/last_seq:since' })
    assert.equal((await attempt.outcome).end, 'failed')
    assert.deepEqual(attempt.texts(), [answer])
    assert.match(
      attempt.of('error')[0]?.message ?? '',
      /^The value at \/last_seq has 8001 characters, too many/,
    )
  })

  it('fails at once for an invalid cursor', async () => {
    const attempt = longPoll('http://127.0.0.1:1/', { cursor: 'etag' })
    assert.equal((await attempt.outcome).end, 'failed')
    assert.deepEqual(
      attempt.events.map(({ type }) => type),
      ['error'],
    )
  })

  it('keeps the cursor after a failure, for the next attempt', async () => {
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

  it('quotes why the server refuses', async () => {
    const { url } = await serveAnswers((response) =>
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"unknown cursor"}'),
    )
    const attempt = longPoll(url)
    assert.equal((await attempt.outcome).end, 'failed')
    assert.match(attempt.of('error')[0]?.message ?? '', /answered 400 Bad Request: unknown cursor; /)
  })

  it('does not move its cursor past a truncated response', async () => {
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

  it('fails on a 4xx, but retries after 429 if the user set a policy', async () => {
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

  it('accepts a date in Retry-After', async () => {
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

  it('ignores a Retry-After of days', async () => {
    for (const value of ['999999', 'soon', '-1', new Date(Date.now() + 1e9).toUTCString()]) {
      const { url } = await serveAnswers(status(503, { 'Retry-After': value }))
      const resume = newResumeState()
      await longPoll(url, {}, resume).outcome
      assert.equal(resume.retryAfter, undefined)
    }
  })

  it('is lost if nothing listens on the port', async () => {
    const attempt = longPoll(`http://127.0.0.1:${await refusedPort()}/`)
    assert.equal((await attempt.outcome).end, 'lost')
    assert.equal(attempt.of('error')[0]?.code, 'ECONNREFUSED')
    assert.equal(attempt.of('close').length, 0)
  })
})
