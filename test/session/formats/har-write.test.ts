import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { writeRecording } from '../../../src/session/write-recording.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { plain } from '../../support/random-events.ts'
import { message, opened, recordingOf, STARTED_AT } from '../../support/recording.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'
import { allEvents, type Fields, openSse, poll, sse, toHar } from './har-sessions.ts'

describe('writing a HAR', () => {
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

  it('writes the phases and the sizes of the heads of each cycle, where they were measured', async () => {
    const [connect, request, open, response] = poll
    const measured = { timing: { dns: 1, tcp: 2, firstByte: 20 }, requestHeadSize: 120, headSize: 90 }
    const again = { timing: { firstByte: 20 }, requestHeadSize: 120, headSize: 90 }
    const { entries } = await toHar([
      ...[connect, request, open].map((event) => event ?? assert.fail()),
      { ...response, ...measured } as RealtimeEvent,
      { ...request, time: 40 } as RealtimeEvent,
      { ...response, ...again, time: 61, redirects: [{ status: 307, location: '/x' }] } as RealtimeEvent,
    ])
    const facts = entries.map((entry) => [
      ...[entry.request.headersSize, entry.response.headersSize],
      ...[entry.timings.dns, entry.timings.connect],
    ])
    // With a redirect, the sizes are those of several requests.
    assert.deepEqual(facts, [
      [120, 90, 1, 2],
      [-1, -1, -1, -1],
    ])
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
