import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { openRecording } from '../../../src/session/open-recording.ts'
import { writeRecording } from '../../../src/session/write-recording.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { plain, randomPayload } from '../../support/random-events.ts'
import { message, opened, recordingOf, STARTED_AT } from '../../support/recording.ts'
import { seededRandom } from '../../support/splits.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'

type Fields = Record<string, unknown>
type Entry = Fields & {
  readonly request: Fields
  readonly response: Fields & { readonly content: Fields }
  readonly timings: Record<string, number>
  readonly startedDateTime: string
  readonly time: number
}

async function toHar(events: readonly RealtimeEvent[], reveal: readonly string[] = []) {
  const file = path.join(tempDir(), 'out.har')
  const { masked } = await writeRecording(recordingOf(events), file, { reveal })
  const text = readFileSync(file, 'utf8')
  const har: { log: Fields & { entries: Entry[] } } = JSON.parse(text)
  return { har, text, masked, file, entries: har.log.entries }
}

async function allEvents(file: string): Promise<RealtimeEvent[]> {
  const events: RealtimeEvent[] = []
  for await (const batch of (await openRecording(file)).events()) events.push(...batch)
  return events
}

/** Writes a HAR and reads it back. */
async function roundTrip(events: readonly RealtimeEvent[]): Promise<RealtimeEvent[]> {
  return allEvents((await toHar(events)).file)
}

const sse = (time: number, data: string | Uint8Array, event: string, id: string): RealtimeEvent => ({
  type: 'message',
  connection: 2,
  time,
  direction: 'in',
  opcode: 'text',
  payload: Buffer.from(data as string),
  event,
  id,
})

const openSse: RealtimeEvent[] = [
  {
    type: 'connect',
    connection: 2,
    time: 0.5,
    transport: 'sse',
    url: 'https://example.com/events?room=7&room=8#part',
    attempt: 0,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-plain': ['one', 'two'] },
    body: '{"stream":true}',
  },
  {
    type: 'open',
    connection: 2,
    time: 40.25,
    transport: 'sse',
    status: 200,
    headers: { 'content-type': 'text/event-stream', vary: ['accept', 'origin'] },
    httpVersion: '1.1',
    remoteAddress: '::1',
    timing: { dns: 2, tcp: 3, tls: 5, firstByte: 20 },
  },
]

const poll: RealtimeEvent[] = [
  { type: 'connect', connection: 3, time: 1, transport: 'long-poll', url: 'http://h/changes', attempt: 0 },
  { type: 'request', connection: 3, time: 2, url: 'http://h/changes', headers: { accept: '*/*' } },
  {
    type: 'open',
    connection: 3,
    time: 30,
    transport: 'long-poll',
    status: 200,
    headers: { 'content-type': 'application/json' },
    httpVersion: '1.1',
  },
  {
    type: 'response',
    connection: 3,
    time: 30,
    status: 200,
    headers: { 'content-type': 'application/json', etag: '"1"' },
    held: 28,
    empty: false,
  },
  { type: 'message', connection: 3, time: 31.5, direction: 'in', payload: Buffer.from('{"n":1}') },
  { type: 'request', connection: 3, time: 32, url: 'http://h/changes', headers: { 'if-none-match': '"1"' } },
  { type: 'response', connection: 3, time: 90, status: 304, headers: {}, held: 58, empty: true },
  { type: 'error', connection: 3, time: 91, code: 'ECONNRESET', message: 'The connection was reset.' },
]

describe('writing a HAR', function () {
  this.timeout(30_000)
  afterEach(removeTempDirs)

  const everything: RealtimeEvent[] = [
    ...opened(),
    message(5.125, 'sent', { direction: 'out' }),
    message(6, Buffer.from([0xff, 0, 0xfe])),
    { type: 'close', connection: 1, time: 9, code: 1001, reason: 'going away', by: 'server', wireSize: 16 },
    ...openSse,
    sse(50, 'line one\nline two', 'tick', '7'),
    { type: 'comment', connection: 2, time: 51, payload: Buffer.from(' heartbeat') },
    sse(52, '{"a":1}', 'message', '7'),
    ...poll,
  ]

  it('writes every field that HAR 1.2 requires, in every entry', async () => {
    const { har, entries } = await toHar(everything)
    assert.equal(har.log.version, '1.2')
    assert.deepEqual(Object.keys(har.log.creator as Fields), ['name', 'version'])
    assert.deepEqual(har.log.pages, [])
    assert.equal(entries.length, 4)
    for (const { request, response, timings, ...entry } of entries) {
      assert.match(entry.startedDateTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      assert.deepEqual(entry.cache, {})
      for (const name of ['method', 'url', 'httpVersion']) assert.equal(typeof request[name], 'string', name)
      for (const name of ['cookies', 'headers', 'queryString']) assert.ok(Array.isArray(request[name]), name)
      for (const name of ['headersSize', 'bodySize']) assert.equal(typeof request[name], 'number', name)
      for (const name of ['statusText', 'httpVersion', 'redirectURL'])
        assert.equal(typeof response[name], 'string', name)
      for (const name of ['cookies', 'headers']) assert.ok(Array.isArray(response[name]), name)
      for (const name of ['status', 'headersSize', 'bodySize'])
        assert.equal(typeof response[name], 'number', name)
      assert.equal(typeof response.content.size, 'number')
      assert.equal(typeof response.content.mimeType, 'string')
      const { blocked = 0, dns = 0, connect = 0, send = 0, wait = 0, receive = 0, ssl = 0 } = timings
      for (const required of [send, wait, receive]) assert.ok(required >= 0)
      const sum = [blocked, dns, connect, send, wait, receive].reduce(
        (all, each) => all + Math.max(each, 0),
        0,
      )
      assert.ok(Math.abs(entry.time - sum) < 0.01, `${entry.time} is the sum of its timings ${sum}`)
      assert.ok(ssl <= connect)
    }
  })

  it('writes what Chrome reads of a WebSocket: the type, and every field of each message', async () => {
    const { entries } = await toHar(everything)
    const socket = entries.find((entry) => '_webSocketMessages' in entry)
    assert.equal(socket?._resourceType, 'websocket')
    const at = STARTED_AT.getTime() / 1000
    assert.deepEqual(socket?._webSocketMessages, [
      { type: 'send', time: at + 0.005125, opcode: 1, data: 'sent' },
      { type: 'receive', time: at + 0.006, opcode: 2, data: '/wD+' },
    ])
    assert.equal(socket?.request.url, 'ws://localhost:8080/feed')
    assert.equal(socket?.request.method, 'GET')
    assert.equal(socket?.response.status, 101)
    assert.equal(socket?.response.httpVersion, 'HTTP/1.1')
    assert.deepEqual(socket?.response.headers, [{ name: 'upgrade', value: 'websocket' }])
    assert.equal(socket?.response.content.mimeType, 'x-unknown')
  })

  it("writes HTTP Toolkit's close: its code, or that it was aborted", async () => {
    const { entries } = await toHar(everything)
    const timestamp = STARTED_AT.getTime() / 1000 + 0.009
    const socket = entries.find(({ _resourceType }) => _resourceType === 'websocket')
    assert.deepEqual(socket?._webSocketClose, { code: 1001, reason: 'going away', timestamp })
    const lost = await toHar([
      ...opened(),
      { type: 'close', connection: 1, time: 3, code: 1006, by: 'network' },
    ])
    assert.equal(lost.entries[0]?._webSocketClose, 'aborted')
    assert.ok(!('_webSocketClose' in ((await toHar(opened())).entries[0] ?? {})))
  })

  it('keeps control frames apart from the messages', async () => {
    const ping: RealtimeEvent = {
      type: 'ping',
      connection: 1,
      time: 4,
      direction: 'in',
      payload: Buffer.from('p'),
    }
    const { entries, file } = await toHar([...opened(), ping])
    assert.deepEqual(entries[0]?._webSocketMessages, [])
    assert.deepEqual((await allEvents(file)).filter(({ type }) => type === 'ping').map(plain), [plain(ping)])
  })

  it('writes what Chrome reads of an event stream: its messages, and the body as a fallback', async () => {
    const stream = (await toHar(everything)).entries.find(
      ({ _resourceType }) => _resourceType === 'eventsource',
    )
    const at = STARTED_AT.getTime() / 1000
    assert.deepEqual(stream?._eventSourceMessages, [
      { time: at + 0.05, eventName: 'tick', eventId: '7', data: 'line one\nline two' },
      { time: at + 0.052, eventName: 'message', eventId: '7', data: '{"a":1}' },
    ])
    assert.deepEqual(stream?.response.content, {
      size: 82,
      mimeType: 'text/event-stream',
      text: 'id: 7\nevent: tick\ndata: line one\ndata: line two\n\n: heartbeat\nid: 7\ndata: {"a":1}\n\n',
      comment: 'Reassembled from the records of the stream.',
    })
    assert.deepEqual(stream?.request.postData, {
      mimeType: 'application/json',
      params: [],
      text: '{"stream":true}',
    })
    assert.equal(stream?.request.method, 'POST')
    assert.equal(stream?.request.bodySize, 15)
    assert.deepEqual(stream?.request.queryString, [
      { name: 'room', value: '7' },
      { name: 'room', value: '8' },
    ])
    assert.deepEqual(stream?.request.headers, [
      { name: 'content-type', value: 'application/json' },
      { name: 'x-plain', value: 'one' },
      { name: 'x-plain', value: 'two' },
    ])
    assert.equal(stream?.serverIPAddress, '::1')
    assert.deepEqual(stream?.timings, {
      blocked: -1,
      dns: 2,
      connect: 8,
      ssl: 5,
      send: 0,
      wait: 29.75,
      receive: 11.75,
    })
    assert.equal(stream?.startedDateTime, STARTED_AT.toISOString())
  })

  it('writes an ordinary entry for each cycle of a poll, with its body', async () => {
    const cycles = (await toHar(everything)).entries.filter(
      ({ request }) => request.url === 'http://h/changes',
    )
    assert.deepEqual(
      cycles.map(({ response, timings }) => [
        response.status,
        response.content.text,
        timings.wait,
        timings.receive,
      ]),
      [
        [200, '{"n":1}', 28, 1.5],
        [304, undefined, 58, 0],
      ],
    )
    assert.equal(cycles[1]?.response._error, 'The connection was reset.')
    assert.ok(cycles.every((cycle) => !('_webSocketMessages' in cycle) && !('_eventSourceMessages' in cycle)))
  })

  it('writes an entry with status 0 and the error for an attempt that never opened', async () => {
    const [connect] = opened()
    const { entries } = await toHar([
      ...(connect === undefined ? [] : [connect]),
      { type: 'error', connection: 1, time: 3, code: 'ECONNREFUSED', message: 'Nothing listens there.' },
    ])
    assert.deepEqual(
      [entries[0]?.response.status, entries[0]?.response._error],
      [0, 'Nothing listens there.'],
    )
  })

  it('masks secrets except for revealed ones, and returns their names', async () => {
    const [connect, open] = opened(1, 0, 'ws://user:passw0rd@localhost/?token=t0ken&room=7')
    const events = [
      { ...connect, headers: { authorization: 'Bearer hunter2', cookie: 'sid=c00kie' } },
      open,
    ] as RealtimeEvent[]
    const { text, masked } = await toHar(events)
    for (const secret of ['passw0rd', 't0ken', 'hunter2', 'c00kie']) assert.ok(!text.includes(secret), secret)
    assert.deepEqual(masked, ['authorization', 'cookie', 'token', 'user:password'])
    const revealed = await toHar(events, ['Authorization', 'token'])
    assert.ok(revealed.text.includes('Bearer hunter2') && revealed.text.includes('token=t0ken'))
    assert.ok(!revealed.text.includes('c00kie') && !revealed.text.includes('passw0rd'))
  })

  it('leaves no temporary files, even if it fails', async () => {
    const folder = tempDir()
    await writeRecording(recordingOf(everything), path.join(folder, 'a.har'))
    const broken = {
      ...recordingOf([]),
      // biome-ignore lint/correctness/useYield: it fails before it has anything
      async *events(): AsyncGenerator<readonly RealtimeEvent[]> {
        throw new Error('unreadable')
      },
    }
    writeFileSync(path.join(folder, 'b.har'), 'before')
    await assert.rejects(writeRecording(broken, path.join(folder, 'b.har')))
    assert.deepEqual((await readdir(folder)).sort(), ['a.har', 'b.har'])
    assert.equal(readFileSync(path.join(folder, 'b.har'), 'utf8'), 'before')
  })
})

describe('a session through a HAR and back', function () {
  this.timeout(60_000)
  afterEach(removeTempDirs)

  it('is the same, event for event', async () => {
    const events: RealtimeEvent[] = [
      ...opened(),
      { type: 'mark', time: 2, text: 'here' },
      message(5.125, 'sent', { direction: 'out', wireSize: 10 }),
      ...poll.map((event) => ({ ...event, time: event.time + 10 })),
      { type: 'reconnect', connection: 1, time: 200, attempt: 1, delay: 10, reason: 'lost' },
      { ...opened(1, 210)[0], attempt: 1 } as RealtimeEvent,
      message(230, '', { direction: 'in' }),
      { type: 'gap', connection: 1, time: 231, missed: 2 },
      {
        type: 'message',
        connection: 1,
        time: 232,
        direction: 'in',
        opcode: 'binary',
        payload: new Uint8Array(0),
        dropped: 700,
      },
      { type: 'close', connection: 1, time: 240, code: 1000, by: 'client' },
    ]
    assert.deepEqual((await roundTrip(events)).map(plain), events.map(plain))
  })

  for (const seed of [1, 2, 3])
    it(`keeps every byte of WebSocket messages (seed ${seed})`, async () => {
      const random = seededRandom(seed)
      const messages = Array.from({ length: 500 }, (_, index) => {
        const payload = randomPayload(random, 3000)
        const direction = random() < 0.5 ? 'in' : 'out'
        return message((10_000 + index * 1001) / 1000, payload, { direction })
      })
      const events = [...opened(), ...messages]
      assert.deepEqual(
        (await roundTrip(events)).map((event) =>
          'payload' in event ? [event.time, ...event.payload] : event.time,
        ),
        events.map((event) => ('payload' in event ? [event.time, ...event.payload] : event.time)),
      )
    })

  for (const seed of [4, 5])
    it(`keeps the data, name and id of events of a stream (seed ${seed})`, async () => {
      const random = seededRandom(seed)
      const events: RealtimeEvent[] = [...openSse]
      for (let index = 0; index < 500; index++) {
        const data =
          ['', 'a\nb\n', '\ufeffé€😀', '\0', '{"a":"\\u2028"}', ' x '][Math.floor(random() * 6)] ?? ''
        events.push(sse(50 + index, data, random() < 0.5 ? 'message' : 'tick', String(index)))
      }
      assert.deepEqual((await roundTrip(events)).map(plain), events.map(plain))
    })

  it('keeps the boundaries and bytes of records of a stream', async () => {
    const events: RealtimeEvent[] = [
      { type: 'connect', connection: 1, time: 0, transport: 'http-stream', url: 'http://h/s', attempt: 0 },
      {
        type: 'open',
        connection: 1,
        time: 1,
        transport: 'http-stream',
        status: 200,
        headers: { 'content-type': 'application/x-ndjson' },
        httpVersion: '1.1',
        framing: 'ndjson',
      },
      message(2, '{"a":1}'),
      message(3, '{"b":2}'),
      message(4, Buffer.from([0xff])),
    ]
    assert.deepEqual((await roundTrip(events)).map(plain), events.map(plain))
    const text = { ...(await toHar(events.slice(0, 4))).entries[0]?.response.content }.text
    assert.equal(text, '{"a":1}\n{"b":2}\n')
    const { content } = (await toHar(events)).entries[0]?.response ?? {}
    assert.deepEqual(
      [content?.encoding, content?.text],
      [
        'base64',
        Buffer.concat([Buffer.from('{"a":1}\n{"b":2}\n'), Buffer.from([0xff, 0x0a])]).toString('base64'),
      ],
    )
  })

  it('keeps messages that are too many, and too large, to be held in memory', async () => {
    const large = 'é'.repeat(1_000_000)
    const events = [...opened(), ...Array.from({ length: 8 }, (_, n) => message(10 + n, `${n}${large}`))]
    const back = await roundTrip(events)
    assert.deepEqual(
      back.map((event) => ('payload' in event ? event.payload.length : 0)),
      events.map((event) => ('payload' in event ? event.payload.length : 0)),
    )
    const streamed = [
      ...openSse,
      ...Array.from({ length: 3 }, (_, n) => sse(50 + n, `${n}${large}`, 'message', '1')),
    ]
    const { entries } = await toHar(streamed)
    assert.equal(
      entries[0]?.response.content.text,
      Array.from({ length: 3 }, (_, n) => `id: 1\ndata: ${n}${large}\n\n`).join(''),
    )
  })
})
