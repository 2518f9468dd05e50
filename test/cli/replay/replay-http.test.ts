/** Recordings of HTTP sent again to real servers, which give other ids than the recorded ones did. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import { InMemoryEventStore } from '@modelcontextprotocol/sdk/examples/shared/inMemoryEventStore.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import * as graphql from 'graphql'
import { z } from 'zod'
import { cliTests, parseLines, runCli } from '../../support/cli.ts'
import { serveHttp } from '../../support/loopback.ts'

const RECORDINGS = path.join(import.meta.dirname, '../../fixtures/recordings')
const recorded = (name: string) => path.join(RECORDINGS, `${name}.rtsession`)

/** A server of the tools and the resource that the recorded client used. Each session has an id of its own. */
class DemoServer {
  /** What came, as `POST tools/call`, with whether it named the session. */
  readonly asked: string[] = []
  readonly #sessions = new Map<string, StreamableHTTPServerTransport>()

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = request.method === 'POST' ? await bodyOf(request) : undefined
    const id = request.headers['mcp-session-id']
    const session = typeof id === 'string' ? this.#sessions.get(id) : undefined
    const { method } = (body ?? {}) as { method?: string }
    this.asked.push([request.method, method, session !== undefined && 'in session'].filter(Boolean).join(' '))
    await (session ?? (await this.#newSession())).handleRequest(request, response, body)
  }

  async #newSession(): Promise<StreamableHTTPServerTransport> {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      eventStore: new InMemoryEventStore(),
      onsessioninitialized: (id) => {
        this.#sessions.set(id, transport)
      },
    })
    const server = new McpServer({ name: 'demo', version: '1' }, { capabilities: { logging: {} } })
    const text = (content: string) => ({ content: [{ type: 'text' as const, text: content }] })
    server.registerTool('add', { inputSchema: { a: z.number(), b: z.number() } }, ({ a, b }) =>
      text(String(a + b)),
    )
    server.registerTool(
      'count',
      { inputSchema: { n: z.number() } },
      async ({ n }, { _meta, sendNotification }) => {
        const progressToken = _meta?.progressToken
        for (let progress = 1; progress <= n && progressToken !== undefined; progress++)
          await sendNotification({
            method: 'notifications/progress',
            params: { progressToken, progress, total: n },
          })
        return text(`counted ${n}`)
      },
    )
    server.registerTool('boom', {}, () => {
      throw new Error('boom')
    })
    server.registerResource('motd', 'demo://motd', {}, (uri) => ({
      contents: [{ uri: uri.href, text: 'hello' }],
    }))
    await server.connect(transport as never)
    return transport
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return JSON.parse(text)
}

describe('replay of HTTP to a live server', () => {
  cliTests()

  it('gives the requests of an MCP client the session of the server', async () => {
    const demo = new DemoServer()
    const url = await serveHttp((request, response) => void demo.handle(request, response))
    const { code, stdout, stderr } = await runCli([
      ...['replay', recorded('mcp'), '--to', `${url}mcp`, '--pace', 'answers', '--decoded'],
    ])
    assert.deepEqual([code, stderr], [0, ''])
    assert.deepEqual(demo.asked, [
      'POST initialize',
      'POST notifications/initialized in session',
      'GET in session',
      'POST tools/list in session',
      ...Array.from({ length: 4 }, () => 'POST tools/call in session'),
      ...Array.from({ length: 2 }, () => 'POST resources/read in session'),
      'GET in session',
      'DELETE in session',
    ])
    const events = parseLines(stdout)
    const answers = events.flatMap(({ type, text }) =>
      type === 'message' && text !== '' ? [JSON.parse(String(text)) as Record<string, unknown>] : [],
    )
    assert.deepEqual(
      answers.flatMap(({ id }) => (id === undefined ? [] : [id])),
      [0, 1, 2, 3, 4, 5, 6, 7],
    )
    assert.deepEqual(
      answers.flatMap(({ params }) => (params === undefined ? [] : [params])),
      [1, 2, 3].map((progress) => ({ progressToken: 3, progress, total: 3 })),
    )
    // The client continued after the last event of a stream that was cut off.
    const last = events.findLast(({ type, connection }) => type === 'message' && connection === 10)
    const resumed = events.find(({ type, connection }) => type === 'connect' && connection === 11)
    const headers = resumed?.headers as Record<string, unknown> | undefined
    assert.equal(headers?.['last-event-id'], last?.id)
  })

  it('sends the request of GraphQL over SSE, and ends when the server does', async () => {
    const url = await serveHttp((request, response) => void serveGraphql(request, response))
    const { code, stdout, stderr } = await runCli(['replay', recorded('graphql-sse'), '--to', url])
    assert.deepEqual([code, stderr], [0, ''])
    const events = parseLines(stdout)
    assert.deepEqual(
      events.flatMap(({ type, event, text }) => (type === 'message' ? [`${event} ${text}`] : [])),
      [...[1, 2, 3].map((n) => `next {"data":{"ticks":{"n":${n}}}}`), 'complete '],
    )
    assert.deepEqual([events.at(-1)?.type, events.at(-1)?.by], ['close', 'server'])
  })

  it('asks a language model again with the credentials of -H, and says that they are needed', async () => {
    const asked: unknown[] = []
    const url = await serveHttp((request, response) => {
      if (request.headers.authorization !== 'Bearer mine') {
        response.writeHead(401).end()
        return
      }
      void bodyOf(request).then((body) => {
        asked.push(body)
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        const id = `chatcmpl-${randomUUID()}`
        for (const content of ['Hello', ' you'])
          response.write(`data: ${JSON.stringify({ id, choices: [{ index: 0, delta: { content } }] })}\n\n`)
        response.end('data: [DONE]\n\n')
      })
    })
    const args = ['replay', recorded('openai-chat'), '--to', `${url}v1/chat/completions`]
    const refused = await runCli(args)
    assert.equal(refused.code, 1)
    const [notice, failure] = refused.stderr.split('\n')
    assert.equal(
      notice,
      'Recorded credentials are not sent (authorization); give those that the server needs with -H.',
    )
    assert.match(failure ?? '', /\b401\b/)
    const { code, stdout, stderr } = await runCli([...args, '-H', 'Authorization: Bearer mine'])
    assert.deepEqual([code, stderr], [0, ''])
    assert.deepEqual(asked, [{ stream: true, messages: [] }])
    assert.match(stdout, /\[DONE\]/)
  })

  it('repeats a poll of its own from where the live server is', async () => {
    const asked: (string | undefined)[] = []
    const url = await serveHttp((request, response) => {
      asked.push(request.url)
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ results: [{ id: 'doc' }], last_seq: 100 + asked.length }))
    })
    const { code, stdout } = await runCli([
      ...['replay', recorded('couch-longpoll'), '--to', `${url}db/_changes?feed=longpoll&since=now`],
    ])
    assert.equal(code, 0)
    assert.deepEqual(asked.slice(0, 3), [
      '/db/_changes?feed=longpoll&since=now',
      '/db/_changes?feed=longpoll&since=101',
      '/db/_changes?feed=longpoll&since=102',
    ])
    assert.equal(parseLines(stdout).filter(({ type }) => type === 'response').length, 8)
  })
})

const schema = graphql.buildSchema(`
  type Query { unused: String }
  type Tick { n: Int! }
  type Subscription { ticks(count: Int!): Tick }
`)

/** GraphQL over SSE, in distinct connections mode. */
async function serveGraphql(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { query } = (await bodyOf(request)) as { query: string }
  const rootValue = {
    async *ticks({ count }: { count: number }) {
      for (let n = 1; n <= count; n++) yield { ticks: { n } }
    },
  }
  const results = await graphql.subscribe({ schema, rootValue, document: graphql.parse(query) })
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  assert.ok(Symbol.asyncIterator in results)
  for await (const result of results) response.write(`event: next\ndata: ${JSON.stringify(result)}\n\n`)
  response.end('event: complete\ndata:\n\n')
}
