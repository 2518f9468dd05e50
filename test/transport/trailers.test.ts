import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'mocha'
import { redactEvent } from '../../src/session/redact.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { createTransport } from '../../src/transport/registry.ts'
import { Attempt } from '../support/attempt.ts'
import { closeServers } from '../support/loopback.ts'
import { serveRaw } from '../support/raw-server.ts'
import { poll } from './poll/support.ts'

const TYPES = {
  sse: ['text/event-stream', 'data: x\n\n'],
  'http-stream': ['application/x-ndjson', '{"a":1}\n'],
  auto: ['application/json', '{"a":1}'],
} as const

/** Serves a body in one chunk, and trailers after it. */
function serve(type: string, body: string, trailers: string, head = ''): Promise<string> {
  return serveRaw((socket) =>
    socket.write(
      `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\n${head}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n${trailers}\r\n`,
      'latin1',
    ),
  )
}

async function run(host: string, transport: keyof typeof TYPES): Promise<Attempt> {
  const spec: ConnectionSpec = { url: `http://${host}/`, transport }
  const attempt = new Attempt(createTransport(spec), spec)
  await attempt.outcome
  return attempt
}

describe('trailers', () => {
  afterEach(closeServers)

  for (const transport of ['sse', 'http-stream', 'auto'] as const) {
    const [type, body] = TYPES[transport]

    it(`are reported when the connection ends: ${transport}`, async () => {
      const attempt = await run(
        await serve(type, body, 'X-Count: 1\r\nX-Count: 2\r\nSet-Cookie: a=b\r\n'),
        transport,
      )
      const [close] = attempt.of('close')
      assert.deepEqual(close?.trailers, { 'x-count': ['1', '2'], 'set-cookie': 'a=b' })
      assert.equal(attempt.texts().length, 1)
      assert.ok(close !== undefined)
      const { trailers } = redactEvent({ ...close, connection: 1 }, {}) as typeof close
      assert.equal(trailers?.['set-cookie'], '***')
    })

    it(`that name an error are reported as one, and the body is kept: ${transport}`, async () => {
      for (const [field, code] of [
        ['X-Stream-Error: disk gone', 'STREAM_ERROR'],
        ['Error: disk gone', 'STREAM_ERROR'],
        ['grpc-status: 13\r\ngrpc-message: disk gone', 'STREAM_ERROR'],
        ['X-Error-Count: 0', undefined],
        ['X-Stream-Error:', undefined],
        ['grpc-status: 0', undefined],
        ['X-Terror: disk gone', undefined],
      ] as const) {
        const attempt = await run(await serve(type, body, `${field}\r\n`), transport)
        const told = attempt.of('error').find((error) => error.code === 'STREAM_ERROR')
        assert.equal(told?.code, code, field)
        if (told !== undefined) assert.match(told.message, /disk gone.*; /)
        assert.equal(attempt.texts().length, 1)
      }
    })
  }

  it('that name an error are reported for a poll, too', async () => {
    const attempt = poll(
      `http://${await serve('application/json', '{"a":1}', 'X-Stream-Error: disk gone\r\n')}/`,
    )
    await attempt.until('error')
    await attempt.disconnect()
    assert.match(attempt.of('error')[0]?.message ?? '', /disk gone/)
    assert.equal(attempt.texts()[0], '{"a":1}')
  })
})

describe('the oddities of a response', () => {
  afterEach(closeServers)

  it('are reported with its head and with its end', async () => {
    const host = await serveRaw((socket) =>
      socket.end(
        'HTTP/1.1 200 OK\nContent-Type: text/event-stream\nX: a\n b\nTransfer-Encoding: chunked\n\n9 \ndata: x\n\n\n0\n\nmore',
      ),
    )
    const attempt = await run(host, 'sse')
    assert.deepEqual(attempt.of('open')[0]?.oddities, [
      'lines of the head end with a line feed alone',
      'a header field is folded over several lines',
    ])
    assert.deepEqual(attempt.of('close')[0]?.oddities, [
      'a chunk size is followed by white space or by a line feed without a carriage return',
      'bytes after the end of the response were ignored',
    ])
    assert.deepEqual(attempt.texts(), ['x'])
  })

  it('are reported with each response of a poll', async () => {
    const host = await serveRaw((socket) =>
      socket.write(
        'HTTP/1.1 200 OK\r\nX: a\r\n b\r\nTransfer-Encoding: chunked\r\n\r\n2 \r\nok\r\n0\r\n\r\n',
      ),
    )
    const attempt = poll(`http://${host}/`)
    await attempt.until('message')
    await attempt.disconnect()
    assert.match(attempt.of('response')[0]?.oddities?.join() ?? '', /folded/)
    assert.match(attempt.of('message')[0]?.oddities?.join() ?? '', /chunk/)
  })
})
