import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { EventSource } from 'eventsource'
import type { Headers, MessageEvent, RealtimeEvent } from '../../../src/shared/event.ts'
import type { ConnectionSpec } from '../../../src/shared/spec.ts'
import type { TransportName } from '../../../src/shared/transports.ts'
import { RecordedConnection } from '../../support/connection.ts'
import { message } from '../../support/recording.ts'
import { serve, stopServing } from '../../support/served.ts'

function stream(
  transport: TransportName,
  headers: Headers,
  fields: { time?: number; attempt?: number; url?: string; framing?: string; status?: number } = {},
): RealtimeEvent[] {
  const { time = 0, attempt = 0, url = 'http://h/events', framing, status = 200 } = fields
  return [
    { type: 'connect', connection: 1, time, transport, url, attempt },
    {
      type: 'open',
      connection: 1,
      time: time + 1,
      transport,
      status,
      headers,
      httpVersion: '1.1',
      ...(framing !== undefined && { framing }),
    },
  ]
}

const EVENT_STREAM = { 'content-type': 'text/event-stream; charset=utf-8' }

function event(time: number, text: string, id?: string, type = 'message'): MessageEvent {
  return message(time, text, { event: type, ...(id !== undefined && { id }) })
}

function ended(time: number, by: 'server' | 'network' = 'server'): RealtimeEvent {
  return { type: 'close', connection: 1, time, by }
}

async function body(url: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(url, { headers: { accept: 'text/event-stream', ...headers } })
  return await response.text()
}

/** The head of a response, and its chunks on the wire (RFC 9112 section 7.1). */
async function chunks(url: string): Promise<{ head: string; texts: string[] }> {
  const { port, pathname } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(`GET ${pathname} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  const wire = (await buffer(socket)).toString('latin1')
  const bodyAt = wire.indexOf('\r\n\r\n') + 4
  const texts: string[] = []
  for (let at = bodyAt; at < wire.length; ) {
    const sizeEnd = wire.indexOf('\r\n', at)
    const size = Number.parseInt(wire.slice(at, sizeEnd), 16)
    if (size === 0) break
    texts.push(wire.slice(sizeEnd + 2, sizeEnd + 2 + size))
    at = sizeEnd + 2 + size + 2
  }
  return { head: wire.slice(0, bodyAt), texts }
}

describe('a served event stream', function () {
  this.timeout(20_000)
  const sources: EventSource[] = []

  afterEach(async () => {
    for (const source of sources.splice(0)) source.close()
    await stopServing()
  })

  it('sends an id once that was received once', async () => {
    const same = message(3, 'two', { event: 'message', sameId: true })
    const { url } = await serve([
      ...stream('sse', EVENT_STREAM),
      event(2, 'one', 'x'.repeat(200)),
      same,
      event(4, 'three'),
      ended(5),
    ])
    const id = `id: ${'x'.repeat(200)}\n`
    assert.equal(await body(url), `${id}data: one\n\ndata: two\n\nid: \ndata: three\n\n`)
  })

  it('has the recorded ids, event types, lines and comments', async () => {
    const { url } = await serve([
      ...stream('sse', EVENT_STREAM),
      { type: 'comment', connection: 1, time: 2, payload: Buffer.from(' keep-alive') },
      event(3, 'one\ntwo\n', '1'),
      event(4, 'same id', '1', 'tick'),
      event(5, '', '2'),
      event(6, 'none'),
      event(7, ' leading space', 'é'),
      ended(8),
    ])
    assert.equal(
      await body(url),
      ': keep-alive\nid: 1\ndata: one\ndata: two\ndata: \n\nevent: tick\ndata: same id\n\nid: 2\ndata: \n\nid: \ndata: none\n\nid: é\ndata:  leading space\n\n',
    )
  })

  it('has the recorded status and headers, except for those that would be wrong now', async () => {
    const { url } = await serve([
      ...stream('sse', {
        ...EVENT_STREAM,
        'content-encoding': 'gzip',
        'content-length': '5',
        'transfer-encoding': 'chunked',
        'access-control-allow-origin': 'https://old.example',
        'set-cookie': '***',
        'x-request-id': 'é',
      }),
      event(3, 'a'),
      ended(8),
    ])
    const response = await fetch(url, { headers: { origin: 'http://localhost:3000' } })
    assert.equal(await response.text(), 'data: a\n\n')
    assert.equal(response.headers.get('content-encoding'), null)
    assert.equal(response.headers.get('content-length'), null)
    assert.equal(response.headers.get('access-control-allow-origin'), 'http://localhost:3000')
    assert.equal(response.headers.get('access-control-allow-credentials'), 'true')
    assert.match(response.headers.get('access-control-expose-headers') ?? '', /x-request-id/)
  })

  it('continues after the Last-Event-ID, wherever it is in the recording', async () => {
    const { url } = await serve([
      ...stream('sse', EVENT_STREAM),
      event(1, 'a', '1'),
      event(2, 'b', '2'),
      event(3, 'b too', '2'),
      event(4, 'c', '3'),
      ended(8),
    ])
    assert.equal(
      await body(url, { 'last-event-id': '1' }),
      'id: 2\ndata: b\n\ndata: b too\n\nid: 3\ndata: c\n\n',
    )
    assert.equal(await body(url, { 'last-event-id': '2' }), 'data: b too\n\nid: 3\ndata: c\n\n')
    const unknown = await body(url, { 'last-event-id': 'nowhere' })
    assert.match(unknown, /^id: 1\ndata: a\n\n/)
  })

  it('stays open for a client that already has everything', async () => {
    const { url } = await serve([...stream('sse', EVENT_STREAM), event(1, 'a', '1'), ended(2)])
    const control = new AbortController()
    const response = await fetch(url, { headers: { 'last-event-id': '1' }, signal: control.signal })
    assert.equal(response.status, 200)
    const read = response.body?.getReader().read()
    const first = await Promise.race([read, new Promise((resolve) => setTimeout(resolve, 300, 'still open'))])
    assert.equal(first, 'still open')
    control.abort()
    await assert.rejects(read ?? Promise.resolve())
  })

  it('breaks as recorded, and the eventsource package reconnects with the recorded delay and its last id', async () => {
    const { url, told } = await serve([
      ...stream('sse', EVENT_STREAM),
      event(1, 'a', '1'),
      event(2, 'b', '2'),
      ended(3, 'network'),
      { type: 'reconnect', connection: 1, time: 3, attempt: 1, delay: 120, reason: 'lost', lastEventId: '2' },
      ...stream('sse', EVENT_STREAM, { time: 123, attempt: 1 }),
      event(130, 'b', '2', 'tick'),
      event(131, 'c', '3', 'tick'),
    ])
    const source = new EventSource(url)
    sources.push(source)
    const got: string[] = []
    let lostAt = 0
    let cameAt = 0
    source.addEventListener('error', () => {
      lostAt = performance.now()
    })
    await new Promise<void>((resolve) => {
      const take = ({ type, data }: { type: string; data: string }) => {
        got.push(`${type} ${data}`)
        if (type === 'tick') cameAt ||= performance.now()
        if (data === 'c') resolve()
      }
      source.addEventListener('message', take)
      source.addEventListener('tick', take)
    })
    assert.deepEqual(got, ['message a', 'message b', 'tick b', 'tick c'])
    assert.ok(cameAt - lostAt > 100 && cameAt - lostAt < 2900, `${cameAt - lostAt} ms`)
    assert.deepEqual(
      told.flatMap((each) => (each.type === 'client' ? [each.attempt] : [])),
      [0, 1],
    )
  })

  it('sends a reconnection time that clients can wait for, however long the recorded one was', async () => {
    const { url } = await serve([
      ...stream('sse', EVENT_STREAM),
      ended(3),
      { type: 'reconnect', connection: 1, time: 3, attempt: 1, delay: 1e300, reason: 'lost' },
      ...stream('sse', EVENT_STREAM, { time: 1e300, attempt: 1 }),
    ])
    assert.equal(await body(url), 'retry: 2147483647\n\n')
  })

  it('sends everything before it loses the connection, however much it is', async () => {
    const text = 'x'.repeat(8_000_000)
    const { url } = await serve([...stream('sse', EVENT_STREAM), event(1, text), ended(2, 'network')])
    const response = await fetch(url)
    let size = 0
    const read = async () => {
      for await (const chunk of response.body ?? []) size += chunk.length
    }
    await assert.rejects(read(), /terminated/)
    assert.equal(size, text.length + 'data: \n\n'.length)
  })

  it('refuses as recorded', async () => {
    const { url } = await serve([
      ...stream('sse', EVENT_STREAM).slice(0, 1),
      { type: 'error', connection: 1, time: 1, code: 'HTTP_STATUS', message: 'Busy.', status: 503 },
    ])
    const response = await fetch(url)
    assert.equal(response.status, 503)
  })

  it('waits as long as the recorded response took', async () => {
    const [connectEvent, open] = stream('sse', EVENT_STREAM)
    assert.ok(connectEvent && open?.type === 'open')
    const { url } = await serve([connectEvent, { ...open, timing: { firstByte: 400 } }, ended(1000)], {
      speed: 1,
    })
    const started = performance.now()
    const response = await fetch(url)
    const took = performance.now() - started
    assert.ok(took > 390, `${took} ms`)
    await response.body?.cancel()
  })
})

describe('a served stream', function () {
  this.timeout(20_000)
  afterEach(stopServing)

  it('restores the framing of pieces of text and elements of an array', async () => {
    const serveRecords = async (type: string, framing: string, ...records: [string, string?][]) => {
      const { url } = await serve([
        ...stream('http-stream', { 'content-type': type }, { framing }),
        ...records.map(([text, own], index) =>
          message(2 + index, text, own === undefined ? {} : { framing: own }),
        ),
        ended(90),
      ])
      return await body(url)
    }
    assert.equal(
      await serveRecords('text/plain', 'lines', ['Once', 'raw'], [' upon', 'raw'], [' a'], ['time', 'raw']),
      'Once upon a\ntime',
    )
    assert.equal(
      await serveRecords(
        'application/json',
        'ndjson',
        ['{}'],
        ['1', 'json-array'],
        ['2', 'json-array'],
        ['[]'],
      ),
      '{}\n[1,2]\n[]\n',
    )
    assert.equal(await serveRecords('application/json', 'ndjson', ['1', 'json-array']), '[1]\n')
    assert.equal(
      await serveRecords('application/vnd.docker.raw-stream', 'raw', ['out', 'length-prefixed']),
      '\x01\0\0\0\0\0\0\x03out',
    )
  })

  it('sends each record as its own chunk at its time, in its framing', async () => {
    const { url } = await serve(
      [
        ...stream(
          'http-stream',
          { 'content-type': 'application/x-ndjson', 'x-a': 'b' },
          { framing: 'ndjson' },
        ),
        message(1, '{"n":1}'),
        message(300, '{"n":2}'),
        message(600, '{"n":3}'),
        ended(601),
      ],
      { speed: 2 },
    )
    const started = performance.now()
    const { head, texts } = await chunks(url)
    assert.deepEqual(texts, ['{"n":1}\n', '{"n":2}\n', '{"n":3}\n'])
    assert.ok(performance.now() - started > 290)
    assert.match(head, /^HTTP\/1\.1 200 OK\r\ncontent-type: application\/x-ndjson\r\nx-a: b\r\n/)
  })

  it('starts over in a loop', async () => {
    const { url } = await serve(
      [
        ...stream('http-stream', { 'content-type': 'text/plain' }, { framing: 'lines' }),
        message(1, 'a'),
        ended(5),
      ],
      { loop: true },
    )
    const response = await fetch(url)
    let text = ''
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString()
      if (text.length >= 6) break
    }
    assert.match(text, /^a\na\na\n/)
  })

  it('lists what was recorded in the response for an unknown path', async () => {
    const { url, told } = await serve(stream('http-stream', {}, { url: 'https://h/there?x=1' }))
    const response = await fetch(new URL('/elsewhere', url))
    assert.equal(response.status, 404)
    assert.match(await response.text(), /recorded are: \/there\?x=1/)
    assert.equal(told[0]?.type, 'refused')
  })

  it('survives clients that disconnect in the middle, and invalid requests', async () => {
    const events = [
      ...stream('http-stream', { 'content-type': 'text/plain' }, { framing: 'lines' }),
      ...Array.from({ length: 1000 }, (_, n) => message(n, 'x'.repeat(10_000))),
      ended(2000),
    ]
    const { url } = await serve(events)
    await Promise.all(
      [1, 2, 3].map(async () => {
        const response = await fetch(url)
        const reader = response.body?.getReader()
        await reader?.read()
        await reader?.cancel()
      }),
    )
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.resume().end('GARBAGE\r\n\r\n')
    await once(socket, 'close')
    const { texts } = await chunks(url)
    assert.equal(texts.join('').length, 1000 * 10_001)
  })

  /** Serves a recording and records it again. */
  async function again(events: readonly RealtimeEvent[], spec: Partial<ConnectionSpec>) {
    const { url } = await serve(events)
    const recorder = new RecordedConnection({ url, reconnect: 'never', ...spec })
    recorder.connection.start()
    await recorder.connection.done
    return recorder
      .of('message')
      .map(({ payload, truncated }) => [Buffer.from(payload).toString('latin1'), truncated ?? false])
  }

  const BINARY = Buffer.from([0, 255, 10, 13, 45, 45, 120, 0])
  const FRAMINGS: readonly [framing: string, type: string, records: readonly (string | Uint8Array)[]][] = [
    ['lines', 'text/plain', ['a', '', 'é', 'c d']],
    ['ndjson', 'application/x-ndjson', ['{"a":1}', '[2]']],
    ['json-seq', 'application/json-seq', ['{"a":\n1}', '3', '"x"']],
    ['length-prefixed', 'application/octet-stream', [BINARY, '', 'text']],
    ['length-prefixed', 'application/vnd.docker.multiplexed-stream', ['out\n', BINARY]],
    ['multipart', 'multipart/x-mixed-replace; boundary=frame', [BINARY, 'two', 'inside --frame']],
    ['multipart', 'multipart/mixed; boundary="a b"', ['{"x":1}', '']],
    ['sse', 'text/event-stream', ['a\nb', 'c']],
  ]

  for (const [framing, type, records] of FRAMINGS) {
    it(`serves the same records of ${type} as ${framing} to a client that records them again`, async () => {
      const events = [
        ...stream('http-stream', { 'content-type': type }, { framing }),
        ...records.map((record, n) => message(n + 2, record)),
        ended(100),
      ]
      assert.deepEqual(
        await again(events, { transport: 'http-stream', framing: framing as 'lines' }),
        records.map((record) => [Buffer.from(record).toString('latin1'), false]),
      )
    })
  }

  for (const framing of ['lines', 'json-seq', 'length-prefixed'] as const) {
    it(`truncates the last record of ${framing} as recorded`, async () => {
      const events = [
        ...stream('http-stream', { 'content-type': 'application/octet-stream' }, { framing }),
        message(2, '{"a":1}'),
        message(3, '{"b":', { truncated: true }),
        ended(100),
      ]
      assert.deepEqual(await again(events, { transport: 'http-stream', framing }), [
        ['{"a":1}', false],
        ['{"b":', true],
      ])
    })
  }

  it('sends raw chunks unchanged', async () => {
    const { url } = await serve(
      [
        ...stream('http-stream', { 'content-type': 'audio/mpeg' }, { framing: 'raw' }),
        message(1, Uint8Array.of(1, 2)),
        message(100, Uint8Array.of(3)),
        ended(101),
      ],
      { speed: 1 },
    )
    assert.deepEqual((await chunks(url)).texts, ['\x01\x02', '\x03'])
  })
})
