/** What `--otlp` sends, to a collector that checks the protocol. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import * as v from 'valibot'
import { cliTests, parseLines, runCli } from '../support/cli.ts'
import { listen, refusedPort, serveHttp, serveWebSocket } from '../support/loopback.ts'
import { tempDir } from '../support/temp-dir.ts'

const ID = (bytes: number) => v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`)))
const NANOS = v.pipe(v.string(), v.regex(/^\d{19}$/))
const ATTRIBUTE = v.strictObject({
  key: v.string(),
  value: v.union([
    v.strictObject({ stringValue: v.string() }),
    v.strictObject({ intValue: v.union([v.number(), v.string()]) }),
    v.strictObject({ doubleValue: v.number() }),
    v.strictObject({ boolValue: v.boolean() }),
    v.strictObject({ arrayValue: v.object({}) }),
  ]),
})
/** `opentelemetry/proto/trace/v1/trace.proto`, in the JSON of OTLP: ids in hexadecimal, 64-bit numbers as texts. */
const SPAN = v.looseObject({
  traceId: ID(16),
  spanId: ID(8),
  parentSpanId: v.optional(ID(8)),
  name: v.pipe(v.string(), v.nonEmpty()),
  kind: v.literal(3),
  startTimeUnixNano: NANOS,
  endTimeUnixNano: NANOS,
  attributes: v.array(ATTRIBUTE),
  status: v.looseObject({ code: v.picklist([0, 1, 2]) }),
})
const RESOURCE = v.looseObject({ attributes: v.array(ATTRIBUTE) })
const TRACES = v.object({
  resourceSpans: v.array(
    v.object({ resource: RESOURCE, scopeSpans: v.array(v.object({ spans: v.array(SPAN) })) }),
  ),
})
const METRICS = v.object({
  resourceMetrics: v.array(
    v.object({
      resource: RESOURCE,
      scopeMetrics: v.array(
        v.object({
          metrics: v.array(
            v.looseObject({
              name: v.string(),
              sum: v.optional(v.looseObject({})),
              histogram: v.optional(v.looseObject({})),
            }),
          ),
        }),
      ),
    }),
  ),
})

/** A busy machine may take long to answer an export. */
const PATIENT = { OTEL_EXPORTER_OTLP_TIMEOUT: '120000' }

type Span = v.InferOutput<typeof SPAN>

/** A collector: answers as the specification of OTLP says, and keeps what it got. */
class Collector {
  readonly spans: Span[] = []
  readonly metrics = new Map<string, Record<string, unknown>>()
  readonly headers: (string | undefined)[] = []
  readonly resources: string[] = []
  texts = ''
  url = ''

  async start(): Promise<this> {
    const port = await listen(
      createServer(async (request, response) => {
        const body = await buffer(request)
        const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString()
        this.texts += text
        this.headers.push(request.headers['x-team'] as string | undefined)
        try {
          this.#take(request.url ?? '', JSON.parse(text))
          response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
        } catch (thrown) {
          response.writeHead(400).end(String(thrown))
        }
      }),
    )
    this.url = `http://127.0.0.1:${port}`
    return this
  }

  #take(url: string, body: unknown): void {
    if (url === '/v1/traces') {
      for (const { resource, scopeSpans } of v.parse(TRACES, body).resourceSpans) {
        this.resources.push(JSON.stringify(resource))
        for (const { spans } of scopeSpans) this.spans.push(...spans)
      }
      return
    }
    assert.equal(url, '/v1/metrics')
    for (const { scopeMetrics } of v.parse(METRICS, body).resourceMetrics)
      for (const { metrics } of scopeMetrics)
        for (const metric of metrics) this.metrics.set(metric.name, metric)
  }

  /** The sum of a counter over its series. */
  sum(name: string): number {
    const { sum, histogram } = (this.metrics.get(name) ?? {}) as Record<string, { dataPoints: Point[] }>
    const points = (sum ?? histogram)?.dataPoints ?? []
    return points.reduce(
      (all, { asInt, asDouble, count }) => all + Number(asInt ?? asDouble ?? count ?? 0),
      0,
    )
  }
}

interface Point {
  readonly asInt?: string | number
  readonly asDouble?: number
  readonly count?: string | number
}

const attributeOf = ({ attributes }: Span, key: string) =>
  Object.values(attributes.find((each) => each.key === key)?.value ?? {})[0]

describe('--otlp', () => {
  cliTests()

  /** Answers JSON-RPC requests. */
  const rpc = () =>
    serveWebSocket((socket) => {
      socket.on('message', (data) => {
        const { id } = JSON.parse(String(data))
        socket.send(JSON.stringify({ jsonrpc: '2.0', id, result: 1 }))
      })
    })

  it('sends a trace of the connection, its attempt and its requests at the times of the events, and metrics', async () => {
    const collector = await new Collector().start()
    const send = [1, 2].flatMap((id) => ['--send', JSON.stringify({ jsonrpc: '2.0', id, method: 'add' })])
    const { code, stdout, stderr } = await runCli(
      ['connect', await rpc(), ...send, '--max-messages', '2', '--otlp', collector.url],
      { env: { ...PATIENT, OTEL_SERVICE_NAME: 'my-test', OTEL_EXPORTER_OTLP_HEADERS: 'x-team=blue' } },
    )
    assert.deepEqual([code, stderr], [0, ''])
    const { spans } = collector
    const [root, ...others] = spans.filter(({ parentSpanId }) => parentSpanId === undefined)
    assert.ok(root !== undefined && others.length === 0)
    assert.match(root.name, /^websocket 127\.0\.0\.1$/)
    const children = spans.filter(({ parentSpanId }) => parentSpanId === root.spanId)
    assert.deepEqual(children.map(({ name }) => name).sort(), ['add', 'add', 'attempt 0'])
    for (const child of children) assert.equal(child.traceId, root.traceId)
    const [header, connect] = parseLines(stdout)
    const at = Date.parse(String(header?.startedAt)) + Number(connect?.time)
    assert.ok(Math.abs(Number(BigInt(root.startTimeUnixNano) / 1000n) / 1000 - at) < 2)
    assert.equal(
      attributeOf(children.find(({ name }) => name === 'attempt 0') ?? root, 'http.response.status_code'),
      101,
    )
    assert.equal(collector.sum('realtime.messages'), 4)
    assert.equal(collector.sum('realtime.answer.latency'), 2)
    assert.equal(collector.sum('realtime.gap'), 1)
    assert.equal(collector.sum('realtime.connections'), 0)
    assert.ok(collector.headers.every((team) => team === 'blue'))
    assert.match(collector.resources[0] ?? '', /my-test/)
  })

  it('says that a connection failed, and reconnects are in its trace', async () => {
    const collector = await new Collector().start()
    let connections = 0
    const url = await serveWebSocket((socket) => {
      if (++connections === 1) socket.terminate()
      else socket.send('hello')
    })
    const options = ['--reconnect', '0', '--max-messages', '1', '--otlp', collector.url]
    assert.equal((await runCli(['connect', url, ...options], { env: PATIENT })).code, 0)
    const roots = collector.spans.filter(({ parentSpanId }) => parentSpanId === undefined)
    assert.equal(roots.length, 1)
    const names = collector.spans.map(({ name }) => name).filter((name) => name.startsWith('attempt'))
    assert.deepEqual(names.sort(), ['attempt 0', 'attempt 1'])
    assert.equal(collector.spans.find(({ name }) => name === 'attempt 0')?.status.code, 2)
    assert.equal(collector.sum('realtime.reconnects'), 1)
  })

  it('sends no secrets', async () => {
    const collector = await new Collector().start()
    const url = `${await rpc()}?access_token=hunter2`
    const options = ['-H', 'Authorization: Bearer hunter2', '--duration', '0.2', '--otlp', collector.url]
    await runCli(['connect', url, ...options], { env: PATIENT })
    assert.ok(collector.spans.length >= 2)
    assert.doesNotMatch(collector.texts, /hunter2/)
  })

  it('sends a request with its first answer only, and a connection that failed', async () => {
    const collector = await new Collector().start()
    const url = await serveWebSocket(
      (socket) => {
        socket.on('message', (data) => {
          const { type, id } = JSON.parse(String(data))
          if (type === 'connection_init') socket.send('{"type":"connection_ack"}')
          else if (type === 'subscribe')
            for (let n = 0; n < 3; n++)
              socket.send(JSON.stringify({ type: 'next', id, payload: { data: { n } } }))
        })
      },
      { handleProtocols: () => 'graphql-transport-ws' },
    )
    const query = JSON.stringify({ type: 'subscribe', id: '1', payload: { query: 'subscription S { n }' } })
    const send = ['--send', '{"type":"connection_init"}', '--send', query, '--max-messages', '4']
    const options = ['--subprotocol', 'graphql-transport-ws', '--otlp', collector.url]
    assert.equal((await runCli(['connect', url, ...send, ...options], { env: PATIENT })).code, 0)
    const requests = collector.spans.filter((span) => attributeOf(span, 'rpc.system') !== undefined)
    assert.ok(requests.length > 0)
    assert.equal(new Set(requests.map((span) => attributeOf(span, 'realtime.request'))).size, requests.length)
    const nobody = `ws://user:hunter2@127.0.0.1:${await refusedPort()}/?access_token=hunter2`
    assert.equal((await runCli(['connect', nobody, '--otlp', collector.url], { env: PATIENT })).code, 1)
    const [failed] = collector.spans.filter((span) => attributeOf(span, 'error.type') === 'ECONNREFUSED')
    assert.equal(failed?.status.code, 2)
    assert.doesNotMatch(collector.texts, /hunter2/)
  })

  it('works for the requests of a file', async () => {
    const collector = await new Collector().start()
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
    })
    const file = path.join(tempDir(), 'a.http')
    await writeFile(file, `### one\n# @max-messages 1\nSSE ${url}\n`)
    const { code } = await runCli(['run', file, '--otlp', collector.url], { env: PATIENT })
    assert.equal(code, 0)
    assert.match(collector.spans.map(({ name }) => name).join(), /sse 127\.0\.0\.1/)
  })

  it('does not get in the way if nobody collects, and says so once', async () => {
    const nobody = `http://127.0.0.1:${await refusedPort()}`
    const options = ['--max-messages', '1', '--send', '{"jsonrpc":"2.0","id":1,"method":"a"}']
    const { code, stderr } = await runCli(['connect', await rpc(), ...options, '--otlp', nobody])
    assert.equal(code, 0)
    assert.match(
      stderr,
      /^Spans and metrics could not be sent to http:\/\/127\.0\.0\.1:\d+\/? \([^()]*ECONNREFUSED[^()]*\); check that a collector listens/,
    )
    assert.match(stderr, /\d spans of the session were not sent to/)
    assert.doesNotMatch(stderr, /\n\s+at /)
    const wrong = await runCli(['connect', 'ws://127.0.0.1:1', '--otlp', 'localhost:4318'])
    assert.equal(wrong.code, 2)
    assert.match(wrong.stderr, /URL of a collector, such as http:\/\/localhost:4318/)
  })
})
