/** Compares the requests of a connection as a browser with those of the Chromium that is installed. */
import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { createServer } from 'node:net'
import type { Browser } from 'playwright-core'
import { launchChromium } from '../../../scripts/browser.ts'
import type { EventType } from '../../../src/shared/event-types.ts'
import type { ConnectionSpec } from '../../../src/shared/spec.ts'
import { connectionStarter } from '../../support/connection.ts'
import { listen } from '../../support/loopback.ts'

/** How a page of one origin requests something of another, or of its own. */
const PLACES = [
  { title: 'a page of the same origin', page: 'http://127.0.0.1', host: '127.0.0.1' },
  { title: 'a page of another site', page: 'http://localhost', host: '127.0.0.1' },
  { title: 'a page of the same site', page: 'http://www.a.localhost', host: 'a.localhost' },
  { title: 'a page of a host without encryption', page: 'http://a.test', host: 'a.test' },
  { title: 'a page of another host without encryption', page: 'http://b.test', host: 'a.test' },
]

interface Kind {
  readonly spec: Omit<ConnectionSpec, 'url'>
  /** The event after the last request that is compared. */
  readonly until: EventType
  /** How many requests it makes. */
  readonly count: number
}

/** The connections, by their path. */
const KINDS: Readonly<Record<string, Kind>> = {
  'event-source': { spec: { transport: 'sse', reconnect: 10 }, until: 'message', count: 2 },
  get: { spec: { transport: 'http-stream' }, until: 'open', count: 1 },
  poll: { spec: { transport: 'poll' }, until: 'response', count: 1 },
  post: { spec: { transport: 'http-stream', body: '{"a":1}' }, until: 'open', count: 1 },
  socket: { spec: { transport: 'websocket', subprotocols: ['a', 'b'] }, until: 'error', count: 1 },
}

/** What a page does for each kind. */
async function requestAll(base: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const source = new EventSource(`${base}/event-source`)
    let events = 0
    source.onmessage = () => {
      if (++events < 2) return
      source.close()
      resolve()
    }
  })
  for (const path of ['get', 'poll']) await (await fetch(`${base}/${path}`)).text()
  const headers = { 'content-type': 'application/json' }
  await (await fetch(`${base}/post`, { method: 'POST', body: '{"a":1}', headers })).text()
  await new Promise((resolve) => {
    new WebSocket(`${base.replace('http', 'ws')}/socket`, ['a', 'b']).onclose = resolve
  })
}

/** The field lines of the requests that a server got, by the last part of their path. */
class Requests {
  readonly #heads = new Map<string, string[]>()
  port = 0

  async listen(): Promise<void> {
    this.port = await listen(createServer((socket) => this.#serve(socket)))
  }

  /** The fields of the requests for a path, and forgets them. */
  take(path: string): string[][] {
    const heads = this.#heads.get(path) ?? []
    this.#heads.delete(path)
    return heads.map((head) => head.split('\r\n').slice(1).map(comparable))
  }

  #serve(socket: Socket): void {
    let text = ''
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      const end = text.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = text.slice(0, end)
      text = ''
      // A proxy for the hosts that only Chromium resolves.
      if (head.startsWith('CONNECT ')) socket.write('HTTP/1.1 200 OK\r\n\r\n')
      else this.#answer(socket, head)
    })
  }

  #answer(socket: Socket, head: string): void {
    const path = /\/([\w-]*) HTTP/.exec(head)?.[1] ?? ''
    if (!head.startsWith('OPTIONS ')) this.#heads.set(path, [...(this.#heads.get(path) ?? []), head])
    if (path === 'socket') return void socket.destroy()
    const isEvents = path === 'event-source'
    const type = isEvents ? 'text/event-stream' : 'text/html'
    const body = isEvents ? 'retry: 10\nid: 7\ndata: x\n\n' : '<p>'
    const allowed = 'Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Headers: *'
    socket.end(`HTTP/1.1 200 OK\r\nConnection: close\r\n${allowed}\r\nContent-Type: ${type}\r\n\r\n${body}`)
  }
}

/** Without what differs between versions of Chromium, and without the random key. */
function comparable(line: string): string {
  const [, name = '', value = ''] = /^([^:]+): (.*)$/.exec(line) ?? []
  const lower = name.toLowerCase()
  return `${lower}: ${(PLAIN[lower] ?? ((text) => text))(value)}`
}

const PLAIN: Readonly<Record<string, (value: string) => string>> = {
  'user-agent': (value) => value.replace(/(?:Headless)?Chrome\/\d+/, 'Chrome/N'),
  'sec-ch-ua': (value) => /"Chromium";v="\d+"/.exec(value)?.[0].replace(/\d+/, 'N') ?? value,
  'sec-websocket-key': () => 'random',
}

describe('a connection as a browser', () => {
  const start = connectionStarter()
  let browser: Browser
  before(async () => {
    browser = await launchChromium('--host-resolver-rules=MAP *.test 127.0.0.1')
  })
  after(() => browser?.close())

  for (const { title, page: origin, host } of PLACES) {
    it(`sends what Chromium sends for ${title}, in the same order`, async () => {
      const requests = new Requests()
      await requests.listen()
      const { port } = requests
      const page = await browser.newPage()
      await page.goto(`${origin}:${port}/`)
      await page.evaluate(requestAll, `http://${host}:${port}`)
      await page.close()
      const isOwn = origin === `http://${host}`
      for (const [path, { spec, until, count }] of Object.entries(KINDS)) {
        const expected = requests.take(path)
        assert.equal(expected.length, count, path)
        const connection = start({
          ...spec,
          url: `${spec.transport === 'websocket' ? 'ws' : 'http'}://${host}:${port}/${path}`,
          asBrowser: true,
          proxy: `http://127.0.0.1:${port}`,
          ...(isOwn ? {} : { headers: { Origin: `${origin}:${port}` } }),
        })
        await connection.until(until, count)
        await connection.connection.disconnect()
        assert.deepEqual(requests.take(path).slice(0, count), expected, path)
      }
    })
  }
})
