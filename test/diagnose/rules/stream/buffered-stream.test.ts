import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import compression from 'compression'
import express from 'express'
import { bufferedStream, compressorHolds } from '../../../../src/diagnose/rules/stream/buffered-stream.ts'
import type { ConnectionSpec } from '../../../../src/shared/spec.ts'
import { type Nginx, startNginx } from '../../../independent/nginx.ts'
import { closeServers, serveHttp } from '../../../support/loopback.ts'
import { EVENT_STREAM, PACE, sendFeed } from './feed.ts'
import { type Recorded, record } from './support.ts'

/** nginx fills buffers of 4 kB, so that an event waits for some ten others. */
const LIMIT = 4 * PACE

const GZIP = { 'accept-encoding': 'gzip' }
const SPEC = { transport: 'sse', reconnect: 'never' } satisfies Partial<ConnectionSpec>

describe('the rule buffered-stream', () => {
  let nginx: Nginx | undefined
  afterEach(async () => {
    closeServers()
    await nginx?.stop()
    nginx = undefined
  })

  /** A feed behind nginx. */
  async function proxied(directives: string, headers = {}): Promise<Recorded> {
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { ...EVENT_STREAM, ...headers })
      void sendFeed(response)
    })
    nginx = await startNginx({ server: `location / { proxy_pass ${url}; ${directives} }` })
    return await record({ ...SPEC, url: `http://${nginx.host}/`, headers: GZIP }, { hasEnded: true })
  }

  it('finds what nginx buffers by default, and says how to turn it off', async () => {
    const session = await proxied('proxy_buffering on;')
    const [found, ...others] = await session.find(bufferedStream, LIMIT)
    assert.deepEqual(others, [])
    const { evidence, advice, confidence, events, chart, threshold } = found ?? assert.fail('silent')
    assert.ok(Number(evidence.bursts) >= 3, `${evidence.bursts} bursts`)
    assert.ok(Number(evidence.events) > 30)
    assert.ok(Number(evidence.longest) > LIMIT)
    assert.equal(evidence.field, 'ts')
    assert.match(advice ?? '', /proxy_buffering off/)
    assert.match(confidence ?? '', /ts/)
    assert.deepEqual(threshold, { value: LIMIT, unit: 'ms' })
    for (const number of events ?? []) assert.equal(session.events[number - 1]?.type, 'message')
    assert.ok(chart?.kind === 'times' && chart.points.length > 100)
    assert.deepEqual(await session.find(compressorHolds, LIMIT), [])
  })

  it('is silent if nginx does not buffer, because it is told to or the server asks', async () => {
    for (const [directives, headers] of [
      ['proxy_buffering off;', {}],
      ['proxy_buffering on;', { 'x-accel-buffering': 'no' }],
    ] as const) {
      const session = await proxied(directives, headers)
      assert.deepEqual(await session.find(bufferedStream, LIMIT), [])
      await nginx?.stop()
    }
  })

  it('finds as compressor-holds what nginx compresses', async () => {
    const gzip = 'proxy_http_version 1.1; gzip on; gzip_types text/event-stream;'
    const session = await proxied(gzip)
    const [found] = await session.find(compressorHolds, LIMIT)
    assert.match(found?.title ?? '', /compressor holds/)
    assert.match(found?.advice ?? '', /gzip_types/)
    assert.deepEqual(await session.find(bufferedStream, LIMIT), [])
  })

  it('is silent on what a server kept for a client that comes later', async () => {
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, EVENT_STREAM)
      const kept = (index: number) => ({ seq: index, ts: Date.now() - (60 - index) * PACE })
      for (let index = 0; index < 60; index++) response.write(`data: ${JSON.stringify(kept(index))}\n\n`)
      void sendFeed(response)
    })
    const session = await record({ ...SPEC, url }, { hasEnded: true })
    assert.deepEqual(await session.find(bufferedStream, LIMIT), [])
  })

  it('is silent on bursts of events without a time', async () => {
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, EVENT_STREAM)
      void sendFeed(response, { data: (index) => ({ seq: index }) })
    })
    nginx = await startNginx({ server: `location / { proxy_pass ${url}; }` })
    const session = await record({ ...SPEC, url: `http://${nginx.host}/` }, { hasEnded: true })
    assert.deepEqual(await session.find(bufferedStream, LIMIT), [])
  })
})

describe('the rule compressor-holds', () => {
  afterEach(closeServers)

  /** A feed behind the compression middleware of Express. */
  async function compressed(flushes: boolean, client: Partial<ConnectionSpec>): Promise<Recorded> {
    const app = express()
    app.use(compression())
    app.get('/', (_request, response: ServerResponse & { flush?: () => void }) => {
      response.writeHead(200, { ...EVENT_STREAM })
      void sendFeed(response, { written: () => flushes && response.flush?.() })
    })
    return await record({ ...SPEC, url: await serveHttp(app), ...client }, { hasEnded: true })
  }

  it('finds what the compression middleware of Express holds', async () => {
    const session = await compressed(false, { headers: GZIP })
    const [found, ...others] = await session.find(compressorHolds, LIMIT)
    assert.deepEqual(others, [])
    assert.equal(found?.evidence['content-encoding'], 'gzip')
    assert.equal(found?.evidence.events, 60)
    assert.match(found?.advice ?? '', /flush\(\)/)
    assert.match(found?.source?.url ?? '', /expressjs\/compression/)
    assert.deepEqual(await session.find(bufferedStream, LIMIT), [])
  })

  it('finds it as a browser, and says that only such clients are affected', async () => {
    const session = await compressed(false, { asBrowser: true })
    const [found] = await session.find(compressorHolds, LIMIT)
    assert.match(found?.message ?? '', /compressed with \S+, so only clients that accept it are affected/)
  })

  it('is silent if it is flushed, or if the client does not ask for compression', async () => {
    for (const session of [await compressed(true, { headers: GZIP }), await compressed(false, {})])
      for (const rule of [compressorHolds, bufferedStream])
        assert.deepEqual(await session.find(rule, LIMIT), [])
  })
})
