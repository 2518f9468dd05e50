import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import type { Headers, RealtimeEvent } from '../../../src/shared/event.ts'
import { message } from '../../support/recording.ts'
import { serve, stopServing } from '../../support/served.ts'

const URL_RECORDED = 'https://h/feed?room=1'

interface CycleOptions {
  readonly url?: string
  readonly request?: Headers
  readonly status?: number
  readonly headers?: Headers
  readonly held?: number
  readonly text?: string
  readonly empty?: boolean
}

/** One cycle that starts at a time. */
function cycle(time: number, options: CycleOptions = {}): RealtimeEvent[] {
  const {
    url = URL_RECORDED,
    request = {},
    status = 200,
    headers = {},
    held = 1,
    text,
    empty = false,
  } = options
  const at = time + held
  return [
    { type: 'request', connection: 1, time, url, headers: request },
    { type: 'response', connection: 1, time: at, status, headers, held, empty },
    ...(text === undefined ? [] : [message(at, text)]),
  ]
}

function connected(transport: 'poll' | 'long-poll', url = URL_RECORDED): RealtimeEvent {
  return { type: 'connect', connection: 1, time: 0, transport, url, attempt: 0 }
}

const unanswered: RealtimeEvent = {
  type: 'request',
  connection: 1,
  time: 9000,
  url: URL_RECORDED,
  headers: { 'If-None-Match': '"3"' },
}

/** Three responses that resume by ETag, one of them without news, and a last request without a response. */
const BY_ETAG: readonly RealtimeEvent[] = [
  connected('long-poll'),
  ...cycle(10, { headers: { etag: '"1"', 'content-length': '3' }, text: 'one' }),
  ...cycle(20, { request: { 'If-None-Match': '"1"' }, status: 304, headers: { etag: '"1"' }, empty: true }),
  ...cycle(30, { request: { 'If-None-Match': '"1"' }, headers: { etag: '"2"' }, text: 'two' }),
  ...cycle(40, { request: { 'If-None-Match': '"2"' }, headers: { etag: '"3"' }, text: 'three' }),
  unanswered,
]

interface Answer {
  readonly status: number | undefined
  readonly text: string
  readonly headers: IncomingMessage['headers']
}

describe('a served poll', () => {
  const agents: Agent[] = []

  /** A client that keeps its connection alive, like browsers and most libraries. */
  function client(): (url: string, headers?: Record<string, string>) => Promise<Answer> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    agents.push(agent)
    return async (url, headers = {}) => {
      const [response] = (await once(get(url, { agent, headers }), 'response')) as [IncomingMessage]
      const text = (await buffer(response)).toString()
      return { status: response.statusCode, text, headers: response.headers }
    }
  }

  /** Polls until there is no response for a while, and resumes by ETag. */
  async function follow(url: string, count: number): Promise<string[]> {
    const ask = client()
    const got: string[] = []
    let etag: string | undefined
    for (let n = 0; n < count; n++) {
      const { status, text, headers } = await ask(url, etag === undefined ? {} : { 'if-none-match': etag })
      etag = headers.etag ?? etag
      got.push(`${status} ${text}`)
    }
    return got
  }

  afterEach(async () => {
    for (const agent of agents.splice(0)) agent.destroy()
    await stopServing()
  })

  it('answers as recorded, in order', async () => {
    const { url } = await serve(BY_ETAG)
    assert.deepEqual(await follow(url, 4), ['200 one', '304 ', '200 two', '200 three'])
  })

  it('gives each of several concurrent clients its own responses', async () => {
    const { url } = await serve(BY_ETAG)
    const expected = ['200 one', '304 ', '200 two', '200 three']
    assert.deepEqual(await Promise.all([follow(url, 4), follow(url, 4), follow(url, 4)]), [
      expected,
      expected,
      expected,
    ])
  })

  it('continues at the cursor of a new client', async () => {
    const { url } = await serve(BY_ETAG)
    const { text } = await client()(url, { 'if-none-match': '"2"' })
    assert.equal(text, 'three')
  })

  it('compares a validator outside ASCII by its bytes', async () => {
    const { url } = await serve([
      connected('long-poll'),
      ...cycle(10, { headers: { etag: '"a"' }, text: 'one' }),
      ...cycle(20, { headers: { etag: '"\xc3\xa9\xff"' }, text: 'two' }),
      ...cycle(30, { request: { 'If-None-Match': '"\u00e9\udcff"' }, text: 'three' }),
    ])
    assert.equal((await client()(url, { 'if-none-match': '"\xc3\xa9\xff"' })).text, 'three')
  })

  it('continues at a cursor in the query, and treats other queries as a new client', async () => {
    const cursor = (n: number) => `${URL_RECORDED}&since=${n}&key=***`
    const { url } = await serve([
      connected('long-poll', `${URL_RECORDED}&key=***`),
      ...cycle(10, { url: `${URL_RECORDED}&key=***`, text: 'one' }),
      ...cycle(20, { url: cursor(1), text: 'two' }),
      ...cycle(30, { url: cursor(2), text: 'three' }),
    ])
    const base = url.replace('***', 'secret')
    assert.equal((await client()(`${base}&since=2`)).text, 'three')
    assert.equal((await client()(`${base}&since=1`)).text, 'two')
    const ask = client()
    assert.equal((await ask(base)).text, 'one')
    assert.equal((await ask(`${base}&since=1`)).text, 'two')
  })

  it('sends the head first if the body was held after it', async () => {
    const [request, response, text] = cycle(0, { held: 150, text: 'late' })
    assert.ok(request !== undefined && response?.type === 'response' && text !== undefined)
    const { url } = await serve([connected('long-poll'), request, { ...response, head: 2 }, text], {
      speed: 1,
    })
    const [answer] = (await once(get(url), 'response')) as [IncomingMessage]
    const started = performance.now()
    assert.equal((await buffer(answer)).toString(), 'late')
    assert.ok(performance.now() - started > 100)
  })

  it('holds a request as long as recorded', async () => {
    const { url } = await serve(
      [
        connected('long-poll'),
        ...cycle(10, { held: 60_000, text: 'late' }),
        ...cycle(61_000, { held: 0, text: 'x' }),
      ],
      { speed: 120 },
    )
    const started = performance.now()
    assert.equal((await client()(url)).text, 'late')
    const took = performance.now() - started
    assert.ok(took > 490 && took < 55_000, `${took} ms`)
  })

  it('holds a request until its client leaves if it was not answered, or comes after the last response', async () => {
    for (const events of [
      [connected('long-poll'), unanswered],
      [connected('long-poll'), ...cycle(1, { text: 'a' })],
    ]) {
      const { url } = await serve(events)
      const ask = client()
      if (events.length > 2) await ask(url)
      const request = get(url, { agent: agents.at(-1) ?? false })
      const ended = once(request, 'close').catch((error: unknown) => error)
      const first = await Promise.race([
        once(request, 'response'),
        new Promise((resolve) => setTimeout(resolve, 300, 'held')),
      ])
      assert.equal(first, 'held')
      request.on('error', () => {})
      request.destroy()
      await ended
    }
  })

  it('repeats the last response of a plain poll, whose responses are a state', async () => {
    const { url } = await serve([connected('poll'), ...cycle(1, { text: 'a' }), ...cycle(2, { text: 'b' })])
    const ask = client()
    const texts = []
    for (let n = 0; n < 4; n++) texts.push((await ask(url)).text)
    assert.deepEqual(texts, ['a', 'b', 'b', 'b'])
  })

  it('starts over in a loop', async () => {
    const { url } = await serve([connected('poll'), ...cycle(1, { text: 'a' }), ...cycle(2, { text: 'b' })], {
      loop: true,
    })
    const ask = client()
    const texts = []
    for (let n = 0; n < 5; n++) texts.push((await ask(url)).text)
    assert.deepEqual(texts, ['a', 'b', 'a', 'b', 'a'])
  })

  it('repeats the body for a response that had nothing new, like Consul', async () => {
    const { url } = await serve([
      connected('long-poll'),
      ...cycle(1, { headers: { 'x-consul-index': '7' }, text: '[1]' }),
      ...cycle(2, { headers: { 'x-consul-index': '7' }, empty: true }),
    ])
    const ask = client()
    await ask(url)
    const second = await ask(url)
    assert.deepEqual([second.status, second.text, second.headers['x-consul-index']], [200, '[1]', '7'])
  })

  it('does not repeat a body if none was sent', async () => {
    const { url } = await serve([
      connected('long-poll'),
      ...cycle(1, { text: '[1]' }),
      ...cycle(2, { headers: { 'content-length': '0' }, empty: true }),
    ])
    const ask = client()
    await ask(url)
    const second = await ask(url)
    assert.deepEqual([second.status, second.text, second.headers['content-length']], [200, '', '0'])
  })

  it('fails and breaks as recorded, but not if outages are left out', async () => {
    const events: RealtimeEvent[] = [
      connected('poll'),
      ...cycle(1, { text: 'a' }),
      ...cycle(2, { status: 503, headers: { 'retry-after': '1' }, empty: true }),
      { type: 'error', connection: 1, time: 3, code: 'HTTP_STATUS', message: 'Busy.', status: 503 },
      { type: 'request', connection: 1, time: 4, url: URL_RECORDED, headers: {} },
      { type: 'error', connection: 1, time: 5, code: 'ECONNRESET', message: 'Reset.' },
      ...cycle(6, { text: 'b' }),
    ]
    const { url } = await serve(events)
    const ask = client()
    assert.equal((await ask(url)).text, 'a')
    const busy = await ask(url)
    assert.deepEqual([busy.status, busy.headers['retry-after']], [503, '1'])
    await assert.rejects(ask(url), /socket hang up|ECONNRESET/)
    // Another connection, but the same client.
    assert.equal((await ask(url)).text, 'b')

    const without = await serve(events, { outages: false })
    const other = client()
    assert.deepEqual([(await other(without.url)).text, (await other(without.url)).text], ['a', 'b'])
  })

  it('recognizes curl, which opens a connection for each request', async () => {
    const { url } = await serve(BY_ETAG)
    const curl = async (...args: string[]) => {
      const { stdout } = await promisify(execFile)('curl', ['-s', '-w', ' %{http_code}', ...args, url])
      return stdout
    }
    assert.equal(await curl(), 'one 200')
    assert.equal(await curl('-H', 'If-None-Match: "1"'), ' 304')
    assert.equal(await curl('-H', 'If-None-Match: "1"'), 'two 200')
  })
})
