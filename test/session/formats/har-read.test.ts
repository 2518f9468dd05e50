import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { openRecording } from '../../../src/session/open-recording.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { Failure } from '../../../src/shared/failure.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'

function save(content: unknown): string {
  const file = path.join(tempDir(), 'in.har')
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

async function read(content: unknown) {
  const recording = await openRecording(save(content))
  const events: RealtimeEvent[] = []
  for await (const batch of recording.events()) events.push(...batch)
  return { recording, events, problems: recording.problems }
}

function log(entries: readonly unknown[], creator = { name: 'WebInspector', version: '537.36' }) {
  return { log: { version: '1.2', creator, pages: [], entries } }
}

/** A WebSocket as Chrome's network panel exports it. */
const chromeSocket = {
  _initiator: { type: 'script' },
  _priority: 'High',
  _resourceType: 'websocket',
  _webSocketMessages: [
    { type: 'send', time: 1795410001.5, opcode: 1, data: 'hello' },
    { type: 'receive', time: 1795410001.75025, opcode: 1, data: '{"a":1}' },
    { type: 'receive', time: 1795410002, opcode: 2, data: '/wD+' },
    { type: 'error', time: 1795410003, opcode: -1, data: 'WebSocket connection closed' },
  ],
  cache: {},
  connection: '8080',
  request: {
    method: 'GET',
    url: 'wss://example.com/feed?room=7',
    httpVersion: 'HTTP/1.1',
    headers: [
      { name: 'Host', value: 'example.com' },
      { name: 'X-Two', value: 'a' },
      { name: 'x-two', value: 'b' },
    ],
    queryString: [{ name: 'room', value: '7' }],
    cookies: [],
    headersSize: 400,
    bodySize: 0,
  },
  response: {
    status: 101,
    statusText: 'Switching Protocols',
    httpVersion: 'HTTP/1.1',
    headers: [{ name: 'Sec-WebSocket-Protocol', value: 'graphql-ws' }],
    cookies: [],
    content: { size: 0, mimeType: 'x-unknown' },
    redirectURL: '',
    headersSize: 129,
    bodySize: -129,
    _transferSize: 0,
    _error: null,
  },
  serverIPAddress: '127.0.0.1',
  startedDateTime: '2026-11-23T05:00:01.000Z',
  time: 30.25,
  timings: { blocked: 1.25, dns: 2, ssl: 5, connect: 9, send: 1, wait: 16, receive: 1, _blocked_queueing: 1 },
}

const socketEvents = (events: readonly RealtimeEvent[]) =>
  events.map((event) => [
    event.type,
    event.time,
    ...('direction' in event ? [event.direction, Buffer.from(event.payload).toString('latin1')] : []),
  ])

describe('reading a HAR', () => {
  afterEach(removeTempDirs)

  it("reads a WebSocket from Chrome's network panel", async () => {
    const { recording, events, problems } = await read(log([chromeSocket]))
    assert.deepEqual(
      [recording.startedAt.toISOString(), recording.generator, problems],
      ['2026-11-23T05:00:01.000Z', 'WebInspector 537.36', []],
    )
    assert.deepEqual(socketEvents(events), [
      ['connect', 0],
      ['open', 29.25],
      ['message', 500, 'out', 'hello'],
      ['message', 750.25, 'in', '{"a":1}'],
      ['message', 1000, 'in', '\xff\x00\xfe'],
      ['error', 2000],
    ])
    assert.deepEqual(events[0], {
      type: 'connect',
      connection: 1,
      time: 0,
      transport: 'websocket',
      url: 'wss://example.com/feed?room=7',
      attempt: 0,
      headers: { host: 'example.com', 'x-two': ['a', 'b'] },
    })
    assert.deepEqual(events[1], {
      type: 'open',
      connection: 1,
      time: 29.25,
      transport: 'websocket',
      status: 101,
      headers: { 'sec-websocket-protocol': 'graphql-ws' },
      httpVersion: '1.1',
      subprotocol: 'graphql-ws',
      remoteAddress: '127.0.0.1',
      timing: { dns: 2, tcp: 4, tls: 5, firstByte: 16 },
    })
    assert.ok(events.every((event) => event.type !== 'message' || event.opcode !== undefined))
  })

  it("reads HTTP Toolkit's close of a WebSocket", async () => {
    const closed = (close: unknown) =>
      read(log([{ ...chromeSocket, _webSocketMessages: [], _webSocketClose: close }]))
    const last = async (close: unknown) => (await closed(close)).events.at(-1)
    assert.deepEqual(await last({ code: 4001, reason: 'kicked', timestamp: 1795410005 }), {
      type: 'close',
      connection: 1,
      time: 4000,
      code: 4001,
      reason: 'kicked',
      by: 'server',
    })
    assert.deepEqual(await last('aborted'), {
      type: 'close',
      connection: 1,
      time: 30.25,
      code: 1006,
      by: 'network',
    })
    assert.equal((await last(null))?.type, 'open')
  })

  it("reads the events of a stream from Chrome's list", async () => {
    const { events } = await read(
      log([
        {
          ...chromeSocket,
          _resourceType: 'eventsource',
          _webSocketMessages: undefined,
          _eventSourceMessages: [
            { time: 1795410001.5, eventName: 'tick', eventId: '7', data: 'a\nb' },
            { time: '1795410002', eventName: 'message', eventId: '' },
          ],
          request: { ...chromeSocket.request, url: 'https://example.com/events' },
          response: { ...chromeSocket.response, status: 200 },
        },
      ]),
    )
    assert.deepEqual(
      events
        .filter((event) => event.type === 'message')
        .map(({ time, event, id, payload }) => [time, event, id, Buffer.from(payload).toString()]),
      [
        [500, 'tick', '7', 'a\nb'],
        [1000, 'message', undefined, ''],
      ],
    )
    assert.equal(events[1]?.type === 'open' && events[1].transport, 'sse')
  })

  it('reads the events of a stream from its body if there is no list, as in Firefox', async () => {
    const { events } = await read(
      log(
        [
          {
            startedDateTime: '2026-11-23T06:00:00.000+01:00',
            request: {
              method: 'GET',
              url: 'https://example.com/events',
              httpVersion: 'HTTP/2',
              headers: [],
              bodySize: 0,
            },
            response: {
              status: 200,
              httpVersion: 'HTTP/2',
              headers: [
                { name: ':status', value: '200' },
                { name: 'content-type', value: 'text/event-stream; charset=utf-8' },
              ],
              content: {
                mimeType: 'text/event-stream; charset=utf-8',
                size: 60,
                text: ':ok\n\nid: 1\nevent: tick\ndata: é\n\ndata: x\r\ndata: y\n\ndata: cut',
              },
              bodySize: null,
            },
            timings: {},
          },
        ],
        { name: 'Firefox', version: '140.0' },
      ),
    )
    const [, open, ...messages] = events
    assert.deepEqual(
      messages.map(
        (event) => event.type === 'message' && [event.event, event.id, Buffer.from(event.payload).toString()],
      ),
      [
        ['tick', '1', 'é'],
        ['message', '1', 'x\ny'],
      ],
    )
    assert.deepEqual(open?.type === 'open' && [open.httpVersion, open.headers], [
      '2',
      { 'content-type': 'text/event-stream; charset=utf-8' },
    ])
  })

  it('reads the requests to one API as one poll, and skips page resources', async () => {
    const request = (url: string, mimeType: string, text: string | undefined, status = 200) => ({
      ...chromeSocket,
      _resourceType: 'xhr',
      _webSocketMessages: undefined,
      startedDateTime: `2026-11-23T05:00:0${url.length % 7}.000Z`,
      request: { ...chromeSocket.request, url },
      response: { ...chromeSocket.response, status, content: { size: 7, mimeType, text } },
    })
    const { events, problems } = await read(
      log([
        request('https://h/api?since=1', 'application/json', '{"n":1}'),
        request('https://h/api?since=22', 'application/json', undefined),
        request('https://h/api?since=333', 'application/json', undefined, 304),
        request('https://h/logo.png', 'image/png', 'iVBOR'),
        request('https://h/', 'text/html', '<html>'),
      ]),
    )
    assert.ok(events.every((event) => event.type !== 'mark' && event.connection === 1))
    assert.deepEqual(
      events.map(({ type }) => type).join(' '),
      'connect request open response message request response message request response',
    )
    const messages = events.filter((event) => event.type === 'message')
    assert.deepEqual(
      messages.map(({ payload, dropped }) => [payload.length, dropped]),
      [
        [7, undefined],
        [0, 7],
      ],
    )
    assert.deepEqual(problems, ['2 requests for pages, scripts, styles, images and the like were left out.'])
  })

  for (const [text, bytes] of [
    ['/wD+', [0xff, 0, 0xfe]],
    ['/wA=', [0xff, 0]],
    // Content that claims to be base64 but is not valid is used as text.
    ['{"a"', [...Buffer.from('{"a"')]],
    ['abcde', [...Buffer.from('abcde')]],
  ] as const)
    it(`decodes a body in base64: ${text}`, async () => {
      const { events } = await read(
        log([
          {
            startedDateTime: '2026-11-23T05:00:00Z',
            request: { url: 'https://h/api' },
            response: {
              status: 200,
              content: { mimeType: 'application/octet-stream', text, encoding: 'base64' },
            },
          },
        ]),
      )
      const message = events.find((event) => event.type === 'message')
      assert.deepEqual(message && [...message.payload], bytes)
    })

  it('reads phases of 0 as they are, and phases of -1 as unknown', async () => {
    const phases = async (timings: object) => {
      const { events } = await read(log([{ ...chromeSocket, timings }]))
      return events.find((event) => event.type === 'open')?.timing
    }
    assert.deepEqual(await phases({ dns: 0, connect: 12, ssl: 12, send: 0, wait: 5, receive: 0 }), {
      ...{ dns: 0, tcp: 0, tls: 12, firstByte: 5 },
    })
    assert.deepEqual(await phases({ dns: -1, connect: -1, ssl: -1, send: 0, wait: 0, receive: 0 }), {
      firstByte: 0,
    })
  })

  it('does not report a lost body if there was none', async () => {
    const answer = (size: number) => ({
      startedDateTime: '2026-11-23T05:00:00Z',
      request: { url: 'https://h/api' },
      response: { status: 200, content: { mimeType: 'application/json', size } },
    })
    const { events } = await read(log([answer(0), answer(7)]))
    assert.deepEqual(
      events.filter((event) => event.type === 'message').map(({ dropped }) => dropped),
      [7],
    )
  })

  it('reads the valid parts of a damaged HAR, and reports how much is unreadable', async () => {
    const messages = [{ type: 'receive' }, null, 7, ...chromeSocket._webSocketMessages.slice(0, 1)]
    const { events, problems } = await read(
      log([null, 'x', { request: {} }, { ...chromeSocket, _webSocketMessages: messages, timings: null }]),
    )
    assert.equal(events.filter(({ type }) => type === 'message').length, 1)
    assert.deepEqual(problems, [
      '3 of 4 entries are not HAR entries and were skipped.',
      '3 messages in lists of messages could not be read and were left out.',
    ])
  })

  it('ignores invalid fields with the names of this program', async () => {
    const own = {
      connection: 1,
      events: [
        { type: 'message', connection: 'x' },
        { type: 'mark', time: -1, text: 5 },
      ],
    }
    const { events } = await read({
      log: {
        ...log([{ ...chromeSocket, _realtimeInspector: own }]).log,
        _realtimeInspector: {
          startedAt: '2026-11-23T05:00:00Z',
          marks: [{ type: 'mark', time: 3, text: 'ok' }],
        },
      },
    })
    assert.ok(events.some((event) => event.type === 'mark' && event.text === 'ok'))
    assert.equal(events.filter(({ type }) => type === 'message').length, 3)
  })

  it('ignores fields of this program in a HAR of another', async () => {
    const own = { connection: 9, events: [{ type: 'comment', connection: 9, time: 1, text: 'forged' }] }
    const { events } = await read(log([{ ...chromeSocket, _realtimeInspector: own }]))
    assert.equal(events.filter(({ type }) => type === 'message').length, 3)
    assert.ok(
      events.every((event) => event.type !== 'comment' && event.type !== 'mark' && event.connection === 1),
    )
  })

  it('gives messages with a time beyond any date the time of the head, and reports them', async () => {
    const times = [-1e308, -9e12, 1795410001.5, 9e21, 1e308]
    const messages = times.map((time) => ({ type: 'receive', time, opcode: 1, data: String(time) }))
    const { recording, events, problems } = await read(
      log([{ ...chromeSocket, _webSocketMessages: messages }]),
    )
    assert.deepEqual(
      events.filter(({ type }) => type === 'message').map(({ time }) => time),
      [29.25, 29.25, 29.25, 29.25, 500],
    )
    assert.deepEqual(problems, [
      "4 messages have no time that can be read, and stand at the time of their answer's head.",
    ])
    assert.ok(recording.startedAt.getFullYear() === 2026)
    assert.ok(events.every(({ time }) => Number.isFinite(time) && time < 1e9))
  })

  it('accepts a byte order mark', async () => {
    const { events } = await read(`\ufeff${JSON.stringify(log([chromeSocket]))}`)
    assert.equal(events.length, 6)
  })

  for (const [what, content] of [
    ['that is cut short', '{"log":{"entries":['],
    ['that is empty', ''],
    ['that is another JSON', '{"a":1}'],
    ['that is a list', '[]'],
    ['without entries', '{"log":{"version":"1.2"}}'],
    ['of bytes', '\u007fELF\0\0'],
  ] as const)
    it(`refuses a file ${what} with one sentence`, async () => {
      await assert.rejects(
        read(content),
        (thrown) =>
          thrown instanceof Failure &&
          thrown.code === 'NOT_A_HAR' &&
          /^\S+in\.har is not a HAR: .+\.$/.test(thrown.message),
      )
    })

  it('refuses a file that does not exist', async () => {
    await assert.rejects(
      openRecording('/nowhere/x.har'),
      (thrown) => thrown instanceof Failure && thrown.code === 'ENOENT',
    )
  })

  it('reports a HAR without realtime traffic', async () => {
    const { events, problems } = await read(log([]))
    assert.deepEqual(
      [events, problems],
      [[], ['The HAR has no WebSocket, stream or request to an API in it.']],
    )
  })
})
