import assert from 'node:assert/strict'
import { EventSource } from 'eventsource'
import { message } from '../../support/recording.ts'
import { serve, stopServing } from '../../support/served.ts'
import { body, EVENT_STREAM, ended, event, stream } from './recorded-stream.ts'

describe('a served event stream', () => {
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
