/** Scenarios for Artillery, run by Artillery against real servers, which check what comes. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import path from 'node:path'
import { Server } from 'socket.io'
import { WebSocketServer } from 'ws'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { runArtillery } from '../support/artillery.ts'
import { cliTests, runCli } from '../support/cli.ts'
import { listen, serveHttp } from '../support/loopback.ts'
import { message, opened } from '../support/recording.ts'
import { writeSession } from '../support/recording-file.ts'
import { tempDir } from '../support/temp-dir.ts'

const out = { direction: 'out' } as const

/** Converts a recording. Resolves to the path of the file. */
async function converted(events: readonly RealtimeEvent[]): Promise<string> {
  const folder = tempDir()
  const to = path.join(folder, 'load.artillery.yml')
  const { code } = await runCli(['convert', writeSession(folder, 'recorded.rtsession', events), to])
  assert.equal(code, 0)
  return to
}

describe('Artillery', () => {
  cliTests()

  it('sends over WebSockets what was recorded, with the secrets of its environment', async () => {
    const texts = [
      'hello',
      '12:30',
      '{{ $env.CHAT_TOKEN }} and {{{ name }}} {{ $randomNumber(1,2) }}',
      '{"a":{"b":{}},"list":[[1]]}',
      'ünïcode\n"quoted" \\ # no: comment',
    ]
    const server = createServer()
    const heard: { url: string | undefined; headers: unknown[]; texts: string[] }[] = []
    new WebSocketServer({ server }).on('connection', (socket, { url, headers }) => {
      const client = {
        url,
        headers: [headers['x-room'], headers['sec-websocket-protocol']],
        texts: [] as string[],
      }
      heard.push(client)
      socket.on('message', (data) => client.texts.push(String(data)))
    })
    const port = await listen(server)
    const file = await converted([
      ...opened(1, 1, `ws://127.0.0.1:${port}/chat?room=1&token=secret`).map((event) =>
        event.type === 'connect'
          ? {
              ...event,
              headers: { 'X-Room': 'abc', Authorization: 'Bearer secret' },
              subprotocols: ['chat.v1'],
            }
          : event,
      ),
      ...texts.map((text, at) => message(10 + at * 5, text, out)),
    ])
    const counters = await runArtillery(file, 2, {
      TOKEN: 'tok',
      AUTHORIZATION: 'Bearer mine',
      CHAT_TOKEN: 'no',
    })
    assert.equal(counters['vusers.completed'], 2)
    const expected = { url: '/chat?room=1&token=tok', headers: ['abc', 'chat.v1'], texts }
    assert.deepEqual(heard, [expected, expected])
  })

  it('emits the events of Socket.IO, with their namespaces and acknowledgments', async () => {
    const server = createServer()
    const heard: unknown[][] = []
    const io = new Server(server)
    for (const namespace of ['/', '/admin'])
      io.of(namespace).on('connection', (socket) => {
        socket.onAny((name: string, ...args: unknown[]) => {
          const acknowledge = typeof args.at(-1) === 'function' ? args.pop() : undefined
          heard.push([namespace, name, args, acknowledge !== undefined])
          if (typeof acknowledge === 'function') acknowledge('ok')
        })
      })
    const port = await listen(server)
    const [connect, open] = opened(1, 1, `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`)
    assert.ok(connect && open)
    const file = await converted([
      ...[connect, open],
      message(
        5,
        '0{"sid":"one","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}',
      ),
      message(6, '40', out),
      message(7, '40{"sid":"two"}'),
      message(10, '42["say","hello"]', out),
      message(20, '420["sum",20,{"a.b":[1],"c":"{{ x }}"}]', out),
      message(21, '430["ok"]'),
      message(22, '40/admin,', out),
      message(23, '40/admin,{"sid":"three"}'),
      message(30, '42/admin,["kick",{"who":"bob","times":2}]', out),
      message(40, '42["bye"]', out),
    ])
    const counters = await runArtillery(file, 1)
    await io.close()
    assert.equal(counters['vusers.completed'], 1)
    assert.deepEqual(heard, [
      ['/', 'say', ['hello'], false],
      ['/', 'sum', [20, { 'a.b': [1], c: '{{ x }}' }], true],
      ['/admin', 'kick', [{ who: 'bob', times: 2 }], false],
      ['/', 'bye', [], false],
    ])
  })

  it('sends the requests of a poll, with their bodies and headers', async () => {
    const heard: string[] = []
    const url = await serveHttp((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      request.on('end', () => {
        heard.push([request.method, request.url, request.headers['x-room'], body].join(' '))
        response.end('[]')
      })
    })
    const spec = { connection: 1, headers: { 'X-Room': 'abc' } } as const
    const poll = (time: number, more: object = {}): RealtimeEvent[] => [
      { type: 'request', time, ...spec, ...more },
      { type: 'response', connection: 1, time: time + 2, status: 200, headers: {}, empty: false },
      message(time + 2, '[]'),
    ]
    const file = await converted([
      { type: 'connect', time: 0, transport: 'poll', attempt: 0, url: `${url}poll?filter={{ x }}`, ...spec },
      ...poll(1),
      ...poll(20),
      ...poll(40, { method: 'POST', url: `${url}ack`, body: '{"text":"{{ x }}"}' }),
    ])
    const counters = await runArtillery(file, 1)
    assert.equal(counters['vusers.completed'], 1)
    assert.equal(counters['http.codes.200'], 3)
    const get = 'GET /poll?filter=%7B%7B%20x%20%7D%7D abc '
    assert.deepEqual(heard, [get, get, 'POST /ack abc {"text":"{\\u007b x }}"}'])
  })
})
