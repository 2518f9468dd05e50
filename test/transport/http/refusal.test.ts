import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { reasonOf } from '../../../src/shared/failure.ts'
import type { ConnectionSpec } from '../../../src/shared/spec.ts'
import { createTransport } from '../../../src/transport/registry.ts'
import { Attempt } from '../../support/attempt.ts'
import { closeServers, serveHttp } from '../../support/loopback.ts'

const TRANSPORTS = ['auto', 'sse', 'http-stream', 'poll', 'long-poll', 'websocket'] as const

/** One attempt with that transport; the URL of a WebSocket gets its scheme. */
function connect(url: string, spec: Omit<ConnectionSpec, 'url'>): Attempt {
  const asked = { ...spec, url: spec.transport === 'websocket' ? url.replace('http:', 'ws:') : url }
  return new Attempt(createTransport(asked), asked)
}

async function messageOf(attempt: Attempt): Promise<string> {
  await attempt.outcome
  return attempt.of('error')[0]?.message ?? ''
}

function refuse(status: number, body: string | Uint8Array, type?: string): Promise<string> {
  return serveHttp((_request, response) =>
    response.writeHead(status, type === undefined ? {} : { 'content-type': type }).end(body),
  )
}

describe('a refusal', () => {
  afterEach(closeServers)

  it('is quoted, whatever its type, unless it is an HTML page or binary', async () => {
    const table: [body: string | Uint8Array, type: string | undefined, quoted: string | undefined][] = [
      ['no such\r\nfeed', undefined, 'no such feed'],
      ['no such feed', 'text/plain; charset=utf-8', 'no such feed'],
      ['{"feed":"é"}', 'application/problem+json', '{"feed":"é"}'],
      ['<Error><Code>NoSuchKey</Code></Error>', 'application/xml', '<Error><Code>NoSuchKey</Code></Error>'],
      ['bad=1', 'application/octet-stream', 'bad=1'],
      ['x'.repeat(5000), undefined, `${'x'.repeat(160)}…`],
      ['<p>no</p>', 'text/html', undefined],
      ['\n<!DOCTYPE html><title>404</title>', undefined, undefined],
      ['<html><body>404</body></html>', 'text/plain', undefined],
      [Uint8Array.of(0x1f, 0x8b, 0xff), undefined, undefined],
      ['GIF89a', 'image/gif', undefined],
      ['a\0b', undefined, undefined],
      ['', 'text/plain', undefined],
    ]
    for (const transport of ['sse', 'websocket'] as const)
      for (const [body, type, quoted] of table) {
        const message = await messageOf(connect(await refuse(404, body, type), { transport }))
        assert.match(message, /answered 404 Not Found(?: \(".*"\))?; check the path of the URL\.$/)
        assert.equal(/\("(.*)"\)/.exec(message)?.[1], quoted, `${transport} ${type}: ${body}`)
      }
  })

  it('is quoted by each transport, and by a handshake even if it is successful', async () => {
    const url = await refuse(422, 'which room?')
    for (const transport of TRANSPORTS)
      assert.match(
        await messageOf(connect(url, { transport })),
        /422 Unprocessable Entity \("which room\?"\); /,
      )
    const mistyped = connect(await refuse(200, '{"error":"no stream"}', 'application/json'), {
      transport: 'sse',
    })
    assert.match(
      await messageOf(mistyped),
      /answered with Content-Type application\/json \("\{"error":"no stream"\}"\) rather than text\/event-stream; /,
    )
    const success = connect(await refuse(200, 'hello, use /socket'), { transport: 'websocket' })
    assert.match(await messageOf(success), /answered 200 \("hello, use \/socket"\) rather than opening/)
  })

  it('says why, if the body has one of the common fields of an error', async () => {
    const table: [body: string, reason: string][] = [
      ['{"error":"token_expired"}', 'token_expired'],
      ['{"error":"é\\n"}', 'é'],
      [
        '{"error":"invalid_token","error_description":"The token expired."}',
        'invalid_token (The token expired)',
      ],
      [
        '{"error":{"message":"Incorrect API key; see docs","type":"auth","code":401}}',
        'Incorrect API key, see docs',
      ],
      ['{"error":{"code":"no_such_room"}}', 'no_such_room'],
      ['{"errors":[{"message":"Unknown field"}]}', 'Unknown field'],
      ['{"status":401,"error":"Unauthorized","message":"Login first"}', 'Login first'],
      ['{"title":"Out of credit","type":"https://example.com/credit"}', 'Out of credit'],
      [`{"message":"${'x'.repeat(500)}"}`, `${'x'.repeat(120)}…`],
      ['{"message":"bad Bearer abcdefghijklmnopqrstuvwxyz0123"}', 'bad Bearer ***'],
    ]
    for (const transport of ['sse', 'websocket'] as const)
      for (const [body, reason] of table) {
        const message = await messageOf(connect(await refuse(401, body, 'application/json'), { transport }))
        assert.ok(message.includes(` answered 401 Unauthorized: ${reason}; give credentials`), message)
        assert.equal(reasonOf(message), `401 Unauthorized: ${reason}`)
      }
  })

  it('says why, if only the challenge does', async () => {
    const url = await serveHttp((_request, response) =>
      response.writeHead(401, { 'www-authenticate': 'Bearer realm="x", error="invalid_token"' }).end(),
    )
    for (const transport of ['poll', 'websocket'] as const)
      assert.equal(reasonOf(await messageOf(connect(url, { transport }))), '401 Unauthorized: invalid_token')
  })

  it('mentions that a body was sent without its type, only for a client error', async () => {
    const mention = /; the body was sent without a Content-Type, which may be the reason\.$/
    for (const transport of ['auto', 'sse', 'http-stream', 'poll', 'long-poll'] as const) {
      const refused = await refuse(415, '')
      assert.match(await messageOf(connect(refused, { transport, body: 'hello' })), mention)
      const told: Omit<ConnectionSpec, 'url'>[] = [
        { transport, body: 'hello', headers: { 'CONTENT-TYPE': 'text/plain' } },
        { transport, method: 'POST' },
      ]
      for (const spec of told) {
        const message = await messageOf(connect(refused, spec))
        assert.match(message, /415/)
        assert.doesNotMatch(message, mention)
      }
      const failing = connect(await refuse(503, ''), { transport, body: 'hello' })
      assert.doesNotMatch(await messageOf(failing), mention)
    }
  })
})

describe('the Content-Type of a request', () => {
  afterEach(closeServers)

  it('is that of JSON if the body is JSON and the user sets none', async () => {
    const table: [body: ConnectionSpec['body'], type: string | undefined][] = [
      ['{"stream":true}', 'application/json'],
      [' \n[1]', 'application/json'],
      ['{"stream":', undefined],
      ['hello', undefined],
      ['1', undefined],
      [{ base64: 'e30=' }, undefined],
    ]
    for (const transport of ['auto', 'sse', 'http-stream', 'poll', 'long-poll'] as const) {
      const seen: (string | undefined)[] = []
      const url = await serveHttp((request: IncomingMessage, response: ServerResponse) => {
        seen.push(request.headers['content-type'])
        response.writeHead(403).end()
      })
      for (const [body, type] of table) {
        await connect(url, { transport, ...(body !== undefined && { body }) }).outcome
        assert.equal(seen.pop(), type, `${transport} ${JSON.stringify(body)}`)
      }
      await connect(url, { transport, body: '{}', headers: { 'Content-Type': 'application/graphql' } })
        .outcome
      assert.deepEqual(seen, ['application/graphql'])
    }
  })
})

describe('a response that acknowledges a request', () => {
  afterEach(closeServers)

  for (const [title, spec, status, body] of [
    ['202 to a POST', { body: '{}' }, 202, ''],
    ['202 with words', { body: '{}' }, 202, '{"queued":1}'],
    ['200 to a DELETE', { method: 'DELETE' }, 200, '{"deleted":true}'],
    ['200 to a PUT', { method: 'PUT', body: 'x' }, 200, ''],
    ['205', {}, 205, ''],
  ] as const)
    it(`is not a failure: ${title}`, async () => {
      const url = await serveHttp((_request, response) => response.writeHead(status).end(body))
      for (const transport of ['auto', 'sse', 'http-stream'] as const) {
        const attempt = connect(url, { transport, ...spec })
        assert.equal((await attempt.outcome).end, 'done', transport)
        assert.deepEqual(attempt.of('error'), [])
        assert.equal(attempt.of('open')[0]?.status, status)
        assert.equal(attempt.of('close')[0]?.by, 'server')
      }
    })

  it('may contain events, for a DELETE', async () => {
    const url = await serveHttp((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: gone\n\n'),
    )
    const attempt = connect(url, { transport: 'sse', method: 'DELETE' })
    await attempt.outcome
    assert.deepEqual(attempt.texts(), ['gone'])
  })
})
