/** Independent clients: a browser, wscat, curl. */
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../../../scripts/browser.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { closeServers, serveHttp } from '../../support/loopback.ts'
import { message, opened } from '../../support/recording.ts'
import { serve, stopServing } from '../../support/served.ts'

const WSCAT = path.resolve(import.meta.dirname, '../../../node_modules/wscat/bin/wscat')

const CHAT: readonly RealtimeEvent[] = [
  ...opened(1, 0, 'wss://chat.example/room?id=7'),
  message(2, 'hello'),
  message(3, '{"say":"hi"}', { direction: 'out' }),
  message(4, Uint8Array.of(1, 2, 255)),
  message(5, 'answer'),
  { type: 'close', connection: 1, time: 6, by: 'server', code: 4002, reason: 'done' },
]

const EVENTS: readonly RealtimeEvent[] = [
  { type: 'connect', connection: 1, time: 0, transport: 'sse', url: 'https://h/events', attempt: 0 },
  {
    type: 'open',
    connection: 1,
    time: 1,
    transport: 'sse',
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    httpVersion: '1.1',
  },
  message(2, 'one\ntwo', { event: 'message', id: '1' }),
  message(3, 'named', { event: 'tick', id: '2' }),
  { type: 'close', connection: 1, time: 504, by: 'network' },
  { type: 'reconnect', connection: 1, time: 504, attempt: 1, delay: 50, reason: 'lost', lastEventId: '2' },
  { type: 'connect', connection: 1, time: 554, transport: 'sse', url: 'https://h/events', attempt: 1 },
  {
    type: 'open',
    connection: 1,
    time: 555,
    transport: 'sse',
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    httpVersion: '1.1',
  },
  message(556, 'after', { event: 'tick', id: '3' }),
]

const LINES: readonly RealtimeEvent[] = [
  { type: 'connect', connection: 1, time: 0, transport: 'http-stream', url: 'https://h/lines', attempt: 0 },
  {
    type: 'open',
    connection: 1,
    time: 1,
    transport: 'http-stream',
    status: 200,
    headers: { 'content-type': 'application/x-ndjson', 'x-total': '2' },
    httpVersion: '1.1',
    framing: 'ndjson',
  },
  message(2, '{"n":1}'),
  message(3, '{"n":2}'),
  { type: 'close', connection: 1, time: 4, by: 'server' },
]

describe('a served session and a browser', () => {
  let browser: Browser
  let page: Page

  before(async () => {
    browser = await launchChromium()
  })
  beforeEach(async () => {
    // A page of another origin than the served session.
    const origin = await serveHttp((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>App</title>')
    })
    page = await browser.newPage()
    await page.goto(origin)
  })
  afterEach(async () => {
    await page.close()
    await stopServing()
    closeServers()
  })
  after(() => browser.close())

  it('speak WebSocket', async () => {
    const { url } = await serve(CHAT)
    const seen = await page.evaluate(
      (address) =>
        new Promise<unknown[]>((resolve) => {
          const got: unknown[] = []
          const socket = new WebSocket(address)
          socket.binaryType = 'arraybuffer'
          socket.onmessage = ({ data }) => {
            got.push(typeof data === 'string' ? data : [...new Uint8Array(data)])
            if (data === 'hello') socket.send('hi')
          }
          socket.onclose = ({ code, reason }) => resolve([...got, code, reason])
        }),
      url,
    )
    assert.deepEqual(seen, ['hello', [1, 2, 255], 'answer', 4002, 'done'])
  })

  it('speak Server-Sent Events from another origin, with credentials, over an outage', async () => {
    // At the recorded times: a browser discards what arrives together with the loss of its connection.
    const { url } = await serve(EVENTS, { speed: 1 })
    const seen = await page.evaluate(
      (address) =>
        new Promise<string[]>((resolve) => {
          const got: string[] = []
          const source = new EventSource(address, { withCredentials: true })
          const take = (event: Event) => {
            const { type, data, lastEventId } = event as Event & { data: string; lastEventId: string }
            got.push(`${type} ${lastEventId} ${data}`)
            if (data !== 'after') return
            source.close()
            resolve(got)
          }
          source.onmessage = take
          source.addEventListener('tick', take)
        }),
      url,
    )
    assert.deepEqual(seen, ['message 1 one\ntwo', 'tick 2 named', 'tick 3 after'])
  })

  it('stream a response with a header that needs a preflight', async () => {
    const { url } = await serve(LINES)
    const seen = await page.evaluate(async (address) => {
      const response = await fetch(address, {
        method: 'POST',
        credentials: 'include',
        headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
        body: '{}',
      })
      let got = ''
      const decoder = new TextDecoder()
      const reader = response.body?.getReader()
      for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read())
        got += decoder.decode(part.value, { stream: true })
      return [response.status, response.headers.get('x-total'), got]
    }, url)
    assert.deepEqual(seen, [200, '2', '{"n":1}\n{"n":2}\n'])
  })
})

describe('a served session and programs', () => {
  afterEach(stopServing)

  it('speak with wscat', async () => {
    const { url } = await serve(CHAT)
    const wscat = spawn(process.execPath, [WSCAT, '--connect', url, '--execute', 'hi', '--wait', '5'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const printed = text(wscat.stdout)
    await once(wscat, 'close')
    const output = await printed
    assert.match(output, /hello/)
    assert.match(output, /answer/)
  })

  it('speak with curl', async () => {
    const run = promisify(execFile)
    const lines = await serve(LINES)
    const streamed = await run('curl', ['-sNi', lines.url])
    assert.match(streamed.stdout, /^HTTP\/1\.1 200 OK\r\n.*x-total: 2\r\n.*\r\n\r\n\{"n":1\}\n\{"n":2\}\n$/s)
    const events = await serve(EVENTS)
    // 18: the transfer ended early, as recorded.
    await assert.rejects(run('curl', ['-sN', events.url]), { code: 18 })
    const resumed = await run('curl', ['-sN', '-m', '1', '-H', 'Last-Event-ID: 1', events.url]).catch(
      ({ stdout }: { stdout: string }) => ({ stdout }),
    )
    assert.match(resumed.stdout, /^(retry: 50\n\n)?id: 2\nevent: tick\ndata: named\n\n/)
  })
})
