import assert from 'node:assert/strict'
import { once } from 'node:events'
import { serveSession } from '../../../src/session/serve/serve-session.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { message, opened, recordingOf } from '../../support/recording.ts'
import { serve, stopServing } from '../../support/served.ts'
import { settled } from '../../support/settled.ts'
import { again, Client, closed, lost, out } from './websocket-client.ts'

describe('the clients of a served WebSocket', () => {
  const clients: Client[] = []
  const connect = (...args: ConstructorParameters<typeof Client>) => {
    const client = new Client(...args)
    clients.push(client)
    return client
  }

  afterEach(async () => {
    for (const { ws } of clients.splice(0)) ws.terminate()
    await stopServing()
  })

  it('gives every client its own playback', async () => {
    const { url } = await serve([
      ...opened(),
      message(1, 'hello'),
      message(2, 'a', out),
      message(3, 'A'),
      closed(4),
    ])
    const [first, second] = [connect(url), connect(url)]
    await Promise.all([first.until(1), second.until(1)])
    await second.send('x')
    await second.closed
    assert.deepEqual([first.texts, second.texts], [['hello'], ['hello', 'A']])
    await first.send('x')
    await first.closed
    assert.deepEqual(first.texts, ['hello', 'A'])
  })

  describe('with outages', () => {
    const events: RealtimeEvent[] = [
      ...opened(),
      message(1, 'one'),
      lost(2),
      { type: 'reconnect', connection: 1, time: 2, attempt: 1, delay: 1, reason: 'lost' },
      ...again(1, 3).slice(0, 1),
      { type: 'error', connection: 1, time: 4, code: 'HTTP_STATUS', message: 'Busy.', status: 503 },
      { type: 'reconnect', connection: 1, time: 4, attempt: 2, delay: 1, reason: 'busy' },
      ...again(2, 5).slice(0, 1),
      { type: 'error', connection: 1, time: 6, code: 'ECONNREFUSED', message: 'Refused.' },
      { type: 'reconnect', connection: 1, time: 6, attempt: 3, delay: 1, reason: 'refused' },
      ...again(3, 7),
      message(9, 'two'),
      closed(10, 4000),
    ]

    it('drops and refuses its client as recorded, and accepts its reconnect', async () => {
      const { url } = await serve(events)
      const first = connect(url)
      assert.deepEqual(await first.closed, [1006, ''])
      assert.deepEqual(first.texts, ['one'])
      const [, busy] = await once(connect(url).ws, 'unexpected-response')
      assert.equal(busy.statusCode, 503)
      const [refused] = await once(connect(url).ws, 'error')
      assert.match(String(refused), /socket hang up/)
      const last = connect(url)
      assert.deepEqual(await last.closed, [4000, ''])
      assert.deepEqual(last.texts, ['two'])
      const fresh = connect(url)
      await fresh.closed
      assert.deepEqual(fresh.texts, ['one'])
    })

    it('starts over for a new client while another is expected only if that one left early', async () => {
      const { url } = await serve([
        ...opened(),
        message(1, 'one'),
        message(2, 'x', out),
        message(3, 'X'),
        lost(4),
      ])
      const early = connect(url)
      await early.until(1)
      early.ws.terminate()
      const next = connect(url)
      assert.deepEqual(await next.until(1), ['one'])
    })

    it('plays without interruption if they are left out', async () => {
      const { url } = await serve(events, { outages: false })
      const client = connect(url)
      assert.deepEqual(await client.closed, [4000, ''])
      assert.deepEqual(client.texts, ['one', 'two'])
    })

    it('resets the connection if it was reset', async () => {
      const { url } = await serve([
        ...opened(),
        message(1, 'one'),
        { type: 'error', connection: 1, time: 2, code: 'ECONNRESET', message: 'Reset.' },
        lost(2),
      ])
      const client = connect(url)
      const [{ socket }] = await once(client.ws, 'upgrade')
      const [error] = await once(socket, 'error')
      assert.equal(error.code, 'ECONNRESET')
    })
  })

  it('starts over in a loop', async () => {
    const { url } = await serve([...opened(), message(1, 'a'), message(2, 'b'), closed(3)], { loop: true })
    assert.deepEqual((await connect(url).until(5)).slice(0, 5), ['a', 'b', 'a', 'b', 'a'])
  })

  it('stays open if the recorded client closed, or the recording just ends', async () => {
    const { url } = await serve([
      ...opened(),
      message(1, 'a'),
      { type: 'close', connection: 1, time: 2, by: 'client', code: 1000 },
    ])
    const client = connect(url)
    await client.until(1)
    client.ws.ping()
    await once(client.ws, 'pong')
    client.ws.close(1000)
    assert.deepEqual(await client.closed, [1000, ''])
  })

  it('gives successive clients of one path the connections recorded there, and each path its own', async () => {
    const { url, endpoints } = await serve([
      ...opened(1, 0),
      message(1, 'first'),
      ...opened(2, 2),
      message(4, 'second', { connection: 2 }),
      ...opened(3, 5, 'wss://elsewhere/other?room=1&token=***'),
      message(7, 'third', { connection: 3 }),
    ])
    assert.deepEqual(
      endpoints.map(({ connection, transport }) => [connection, transport]),
      [1, 2, 3].map((connection) => [connection, 'websocket']),
    )
    const other = new URL(endpoints[2]?.url ?? '')
    assert.equal(other.pathname + other.search, '/other?room=1&token=***')
    const texts = []
    for (const each of [url, url, url, `ws://${other.host}/other?token=mine&room=1`])
      texts.push(...(await connect(each).until(1)))
    assert.deepEqual(texts, ['first', 'second', 'first', 'third'])
  })

  it('refuses a path that was not recorded', async () => {
    const { url } = await serve(opened())
    const [, response] = await once(connect(url.replace('feed', 'nothing')).ws, 'unexpected-response')
    assert.equal(response.statusCode, 404)
  })

  it('closes its connections when it stops', async () => {
    const served = await serve([...opened(), message(1, 'a')])
    const client = connect(served.url)
    await client.until(1)
    await served.close()
    const [code] = await client.closed
    assert.equal(code, 1001)
  })

  it('waits for a client that does not read', async () => {
    const payload = Buffer.alloc(1_000_000)
    const events = [...opened(), ...Array.from({ length: 60 }, (_, n) => message(n, payload)), closed(300)]
    let read = 0
    const source = recordingOf(events)
    const counting = {
      ...source,
      event(index: number) {
        read++
        return source.event(index)
      },
    }
    const served = await serveSession(counting, { speed: Number.POSITIVE_INFINITY })
    try {
      const client = connect(served.endpoints[0]?.url ?? '')
      client.ws.on('open', () => client.ws.pause())
      await once(client.ws, 'open')
      await settled(() => read)
      // The buffers of the system hold a part of the messages, but not all of them.
      assert.ok(read < 50, `${read} messages were read`)
      client.ws.resume()
      await client.closed
      assert.equal(client.received.length, 60)
    } finally {
      await served.close()
    }
  })
})
