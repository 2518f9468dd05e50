/** The rules about the heads of streams, with servers that send such heads. */
import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import type { Rule } from '../../../../src/diagnose/rule.ts'
import { cacheableStream } from '../../../../src/diagnose/rules/stream/cacheable-stream.ts'
import { cachedStream } from '../../../../src/diagnose/rules/stream/cached-stream.ts'
import { slowFirstByte } from '../../../../src/diagnose/rules/stream/slow-first-byte.ts'
import { wrongType } from '../../../../src/diagnose/rules/stream/wrong-type.ts'
import type { Headers } from '../../../../src/shared/headers.ts'
import type { ConnectionSpec } from '../../../../src/shared/spec.ts'
import { startNginx } from '../../../independent/nginx.ts'
import { closeServers, serveHttp } from '../../../support/loopback.ts'
import { EVENT_STREAM } from './feed.ts'
import { record, recorded } from './support.ts'

const EVENTS = 'data: 1\n\ndata: 2\n\ndata: 3\n\n'
const LINES = '{"n":1}\n{"n":2}\n{"n":3}\n'

const respond =
  (headers: Headers, body: string): RequestListener =>
  (_request, response) => {
    response.writeHead(200, headers as Record<string, string>)
    response.write(body)
    response.end()
  }

/** What a rule finds in the answer of a server. */
async function finds(
  rule: Rule,
  handler: RequestListener,
  spec: Partial<ConnectionSpec> = { transport: 'sse' },
  threshold?: number,
) {
  const session = await record(
    { url: await serveHttp(handler), reconnect: 'never', ...spec },
    { hasEnded: true },
  )
  return await session.find(rule, threshold)
}

const STREAM = { transport: 'http-stream' } as const

describe('the rules about heads', () => {
  afterEach(closeServers)

  describe('cacheable-stream', () => {
    const type = { 'content-type': 'text/event-stream' }
    const found = async (headers: Headers, spec?: Partial<ConnectionSpec>) =>
      (await finds(cacheableStream, respond({ ...type, ...headers }, EVENTS), spec)).map(({ message }) =>
        message.replace(/^.*, and /, ''),
      )

    it('finds event streams that do not tell caches anything, or allow them', async () => {
      assert.deepEqual(await found({}), ['its head does not say whether caches may keep it.'])
      assert.deepEqual(await found({ 'cache-control': 'public, max-age=60' }), [
        'its head allows caches to keep it for 60 s.',
      ])
    })

    it('is silent if caches are told, or would not store the answer anyway', async () => {
      for (const cacheControl of ['no-cache', 'no-store', 'private', 'max-age=0', 'No-Cache, no-transform'])
        assert.deepEqual(await found({ 'cache-control': cacheControl }), [], cacheControl)
      assert.deepEqual(await found({ pragma: 'no-cache' }), [])
      assert.deepEqual(await found({}, { transport: 'sse', body: '{}' }), [])
      assert.deepEqual(await found({}, { transport: 'sse', headers: { Authorization: 'Bearer x' } }), [])
    })
  })

  describe('cached-stream', () => {
    it('finds a stream that a proxy answers from its cache', async () => {
      let requests = 0
      const url = await serveHttp((_request, response) => {
        requests++
        respond({ ...EVENT_STREAM, 'cache-control': 'max-age=60' }, EVENTS)(_request, response)
      })
      const nginx = await startNginx({
        http: 'proxy_cache_path cache keys_zone=streams:1m;',
        server: `
          location /cached { proxy_pass ${url}; proxy_cache streams; add_header X-Cache $upstream_cache_status; }
          location /plain { proxy_pass ${url}; add_header X-Cache $upstream_cache_status; }`,
      })
      try {
        const answers = async (path: string) => {
          const spec = { url: `http://${nginx.host}/${path}`, transport: 'sse', reconnect: 'never' } as const
          const first = await record(spec, { hasEnded: true })
          const second = await record(spec, { hasEnded: true })
          return [await first.find(cachedStream), await second.find(cachedStream)]
        }
        const [miss, hit] = await answers('cached')
        assert.deepEqual(miss, [])
        assert.equal(requests, 1)
        const [found] = hit ?? []
        assert.deepEqual(
          [found?.evidence.field, found?.evidence.answers, found?.evidence.events],
          ['x-cache: HIT', 1, 3],
        )
        assert.match(found?.advice ?? '', /proxy_cache off/)
        assert.ok(found?.chart?.kind === 'times' && found.chart.points.length === 3)
        assert.deepEqual(await answers('plain'), [[], []])
      } finally {
        await nginx.stop()
      }
    })

    for (const [name, value, isHit] of [
      ['Age', '12', true],
      ['Age', '0', false],
      ['X-Cache', 'MISS from proxy', false],
      ['CF-Cache-Status', 'HIT', true],
      ['CF-Cache-Status', 'DYNAMIC', false],
      ['Cache-Status', 'ExampleCache; hit; ttl=30', true],
      ['Cache-Status', 'ExampleCache; fwd=uri-miss; stored', false],
    ] as const)
      it(`${isHit ? 'believes' : 'is silent on'} ${name}: ${value}`, async () => {
        const found = await finds(cachedStream, respond({ ...EVENT_STREAM, [name]: value }, EVENTS))
        assert.equal(found.length, isHit ? 1 : 0)
      })
  })

  describe('wrong-type', () => {
    const titles = async (headers: Headers, body: string, spec?: Partial<ConnectionSpec>) =>
      (await finds(wrongType, respond(headers, body), spec)).map(({ title }) => title)

    it('finds an event stream under another type', async () => {
      const title = 'An event stream without the type text/event-stream'
      for (const type of ['text/plain', 'text/html; charset=utf-8', 'application/octet-stream'])
        assert.deepEqual(
          await titles({ 'content-type': type }, EVENTS, { ...STREAM, framing: 'lines' }),
          [title],
          type,
        )
    })

    it('finds lines of JSON under a type of text', async () => {
      const title = 'Lines of JSON without a type that says so'
      assert.deepEqual(await titles({ 'content-type': 'text/plain' }, LINES, STREAM), [title])
    })

    it('finds another charset than UTF-8, and a length', async () => {
      assert.deepEqual(await titles({ 'content-type': 'text/event-stream; charset=iso-8859-1' }, EVENTS), [
        'The event stream says that it is iso-8859-1',
      ])
      const length = String(EVENTS.length)
      assert.deepEqual(await titles({ ...EVENT_STREAM, 'content-length': length }, EVENTS), [
        `The event stream has a Content-Length of ${length}`,
      ])
    })

    it('is silent on streams that say what they are, and on text that is neither', async () => {
      assert.deepEqual(await titles(EVENT_STREAM, EVENTS), [])
      assert.deepEqual(await titles({ 'content-type': 'text/event-stream; charset=UTF-8' }, EVENTS), [])
      assert.deepEqual(await titles({ 'content-type': 'application/x-ndjson' }, LINES, STREAM), [])
      assert.deepEqual(await titles({ 'content-type': 'text/plain' }, 'data: 1\nhello\n{}\n[]\n', STREAM), [])
      // The answer to a POST may be complete at once.
      const length = String(EVENTS.length)
      const post = { transport: 'sse', body: '{}' } as const
      assert.deepEqual(await titles({ ...EVENT_STREAM, 'content-length': length }, EVENTS, post), [])
    })
  })

  describe('slow-first-byte', () => {
    it('finds a head that comes with the first event', async () => {
      const [found, ...others] = await finds(
        slowFirstByte,
        async (request, response) => {
          await setTimeout(300)
          respond(EVENT_STREAM, EVENTS)(request, response)
        },
        { transport: 'sse' },
        200,
      )
      assert.deepEqual(others, [])
      assert.ok(Number(found?.evidence.answer) >= 290, `${found?.evidence.answer} ms`)
      assert.match(found?.message ?? '', /together with the first event/)
      assert.match(found?.advice ?? '', /flushHeaders/)
      assert.equal(found?.threshold?.value, 200)
      assert.ok(found?.chart?.kind === 'bars' && found.chart.bars.length === 4)
      assert.equal(found.chart.bars.find(({ tone }) => tone === 'wrong')?.label, 'answer')
    })

    it('is silent on a head that is sent at once, though events come later', async () => {
      const later: RequestListener = async (_request, response) => {
        response.writeHead(200, EVENT_STREAM).flushHeaders()
        await setTimeout(300)
        response.end(EVENTS)
      }
      // A busy machine is slow, too, so the limit is far above what the server waits.
      assert.deepEqual(await finds(slowFirstByte, later, { transport: 'sse' }, 20_000), [])
      const [found] = await finds(slowFirstByte, later, { transport: 'sse' }, 0)
      assert.doesNotMatch(found?.message ?? '', /together/)
    })

    it('finds that no head came at all', async () => {
      const spec = { transport: 'sse', timeout: 400 } as const
      const [found, ...others] = await finds(slowFirstByte, () => {}, spec, 200)
      assert.deepEqual(others, [])
      assert.match(found?.title ?? '', /^No head after /)
      assert.ok(Number(found?.evidence.waited) >= 390, `${found?.evidence.waited} ms`)
      assert.deepEqual(await finds(slowFirstByte, () => {}, { ...spec, transport: 'long-poll' }, 200), [])
    })

    it('finds that Cloudflare gave up', async () => {
      const [found] = await finds(slowFirstByte, (_request, response) =>
        response.writeHead(524).end('error code: 524'),
      )
      assert.equal(found?.severity, 'error')
      assert.match(found?.source?.url ?? '', /cloudflare/)
      const refused: RequestListener = (_request, response) => response.writeHead(503).end()
      assert.deepEqual(await finds(slowFirstByte, refused, { transport: 'sse' }, 20_000), [])
    })

    it('says which part took longest, if that was not the server', async () => {
      const { find } = recorded(
        [
          {
            type: 'connect',
            connection: 1,
            time: 0,
            transport: 'sse',
            url: 'https://a.example/',
            attempt: 0,
          },
          {
            ...{ type: 'open', connection: 1, time: 5000, transport: 'sse', headers: {} },
            timing: { dns: 4000, tcp: 10, tls: 40, firstByte: 950 },
          },
        ],
        0,
      )
      const [found] = await find(slowFirstByte)
      assert.match(found?.message ?? '', /took 5.0 s to answer, 4.0 s of it for name resolution/)
      assert.match(found?.advice ?? '', /network/)
    })
  })
})
