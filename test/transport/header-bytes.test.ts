import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, it } from 'mocha'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { createTransport } from '../../src/transport/registry.ts'
import { Attempt } from '../support/attempt.ts'
import { closeServers } from '../support/loopback.ts'
import { closeFrame, serveRaw, switchingProtocols } from '../support/raw-server.ts'
import { serve, stopServing } from '../support/served.ts'
import { longPoll, poll } from './poll/support.ts'

/** Bytes: UTF-8, Latin-1, both, and a beginning of UTF-8. */
const VALUES = ['"\xc3\xa9"', '"\xe9"', '\xe9 and \xe2\x9c\x93', '\xa0\xc3']

interface Asked {
  readonly host: string
  /** Of the requests so far. */
  readonly heads: string[]
  /** Resolves after that many. */
  asked(count: number): Promise<void>
}

/** A server that answers each request with the next head and body, and records the requests. */
async function serveBytes(...answers: string[]): Promise<Asked> {
  const heads: string[] = []
  const waiting = new Set<() => void>()
  const host = await serveRaw((socket, first) => {
    const answer = (head: string) => {
      heads.push(head)
      for (const each of waiting) each()
      const next = answers[heads.length - 1]
      if (next !== undefined) socket.write(next, 'latin1')
    }
    socket.on('data', (chunk) => answer(chunk.toString('latin1')))
    answer(first)
  })
  const asked = async (count: number) => {
    while (heads.length < count) await new Promise<void>((resolve) => waiting.add(resolve))
  }
  return { host, heads, asked }
}

function fieldOf(head: string | undefined, name: string): string | undefined {
  return new RegExp(`^${name}: (.*)\r$`, 'im').exec(head ?? '')?.[1]
}

const ok = (...fields: string[]) => ['HTTP/1.1 200 OK', ...fields, 'Content-Length: 2', '', 'ok'].join('\r\n')

/** The response of a server that serves the recording to a GET. */
async function headServed(url: string): Promise<string> {
  const { port, pathname } = new URL(url)
  const socket: Socket = connect(Number(port), '127.0.0.1')
  socket.write(`GET ${pathname} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)
  let text = ''
  for await (const chunk of socket) text += (chunk as Buffer).toString('latin1')
  return text
}

async function record(spec: ConnectionSpec): Promise<RealtimeEvent[]> {
  const attempt = new Attempt(createTransport(spec), spec)
  await attempt.outcome
  const connect: RealtimeEvent = {
    type: 'connect',
    connection: 1,
    time: 0,
    attempt: 0,
    transport: 'auto',
    ...spec,
  }
  return [connect, ...attempt.events.map((event) => ({ ...event, connection: 1 }))]
}

describe('header fields that are folded over several lines', () => {
  afterEach(closeServers)

  it('are read as one, for a stream and for a WebSocket', async () => {
    const fields = 'X-Policy: first\r\n second'
    const stream = await serveRaw((socket) =>
      socket.end(`HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n${fields}\r\n\r\n`),
    )
    const socket = await serveRaw((peer, head) => {
      peer.write(switchingProtocols(head, fields))
      peer.write(closeFrame(1000))
    })
    for (const url of [`http://${stream}/`, `ws://${socket}/`]) {
      const events = await record({ url, transport: url.startsWith('ws') ? 'websocket' : 'http-stream' })
      const open = events.find((event) => event.type === 'open')
      assert.equal(open?.headers['x-policy'], 'first second', url)
    }
  })
})

describe('bytes of header fields outside ASCII', () => {
  afterEach(async () => {
    await stopServing()
    closeServers()
  })

  for (const value of VALUES) {
    it(`are sent back unchanged as a validator: ${JSON.stringify(value)}`, async () => {
      const { host, heads, asked } = await serveBytes(ok(`ETag: ${value}`), ok(`ETag: ${value}`))
      const attempt = poll(`http://${host}/`)
      await asked(3)
      await attempt.disconnect()
      assert.equal(fieldOf(heads[1], 'If-None-Match'), value)
      assert.equal(fieldOf(heads[2], 'If-None-Match'), value)
    })

    it(`are the cursor in a query: ${JSON.stringify(value)}`, async () => {
      const { host, heads, asked } = await serveBytes(ok(`X-Index: ${value}`))
      const attempt = longPoll(`http://${host}/`, { cursor: 'header:X-Index:at' })
      await asked(2)
      await attempt.disconnect()
      const sent = /at=(\S*)/.exec(heads[1] ?? '')?.[1] ?? ''
      assert.equal(unescape(sent), value)
    })

    it(`are served as recorded: ${JSON.stringify(value)}`, async () => {
      const head = `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Name: ${value}\r\nConnection: close\r\n\r\n`
      const host = await serveRaw((socket) => socket.end(`${head}data: x\n\n`, 'latin1'))
      const events = await record({ url: `http://${host}/`, transport: 'sse' })
      const { url } = await serve(JSON.parse(JSON.stringify(events), revivePayload))
      assert.equal(fieldOf(await headServed(url), 'X-Name'), value)
    })
  }

  it('are Latin-1 characters, for a stream and for a WebSocket', async () => {
    const fields = 'X-Name: \xc3\xa9\r\nX-Other: \xe9'
    const stream = await serveRaw((socket) =>
      socket.end(`HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n${fields}\r\n\r\n`, 'latin1'),
    )
    const socket = await serveRaw((peer, head) => {
      peer.write(switchingProtocols(head, fields), 'latin1')
      peer.write(closeFrame(1000))
    })
    for (const url of [`http://${stream}/`, `ws://${socket}/`]) {
      const events = await record({ url, transport: url.startsWith('ws') ? 'websocket' : 'http-stream' })
      const open = events.find((event) => event.type === 'open')
      assert.equal(open?.headers['x-name'], '\xc3\xa9')
      assert.equal(open?.headers['x-other'], '\xe9')
    }
  })

  it('lead a redirect to the URL that the server means', async () => {
    for (const scheme of ['http', 'ws']) {
      const { host, heads } = await serveBytes(
        'HTTP/1.1 302 Found\r\nLocation: /\xc3\xa9/\xe9\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
        ok(),
      )
      await record({ url: `${scheme}://${host}/`, transport: scheme === 'ws' ? 'websocket' : 'http-stream' })
      assert.match(heads[1] ?? '', /^GET \/%C3%A9\/%E9 /, scheme)
    }
  })
})

/** Converts payloads from JSON to bytes. */
function revivePayload(key: string, value: unknown): unknown {
  return key === 'payload' ? Buffer.from(Object.values(value as Record<string, number>)) : value
}
