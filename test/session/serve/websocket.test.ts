import assert from 'node:assert/strict'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { serveSession } from '../../../src/session/serve/serve-session.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { RecordedConnection } from '../../support/connection.ts'
import { message, opened, recordingOf } from '../../support/recording.ts'
import { serve, stopServing } from '../../support/served.ts'
import { settled } from '../../support/settled.ts'

type Sent = readonly [text: string, binary: boolean]

/** A client of the `ws` package, and what it receives. */
class Client {
  readonly ws: WebSocket
  readonly received: Sent[] = []
  readonly arrivals: number[] = []
  readonly pings: string[] = []
  readonly closed: Promise<readonly [code: number, reason: string]>
  #wake = () => {}

  constructor(url: string, subprotocols: string[] = [], options: WebSocket.ClientOptions = {}) {
    this.ws = new WebSocket(url, subprotocols, options)
    this.ws.on('error', () => {})
    this.ws.on('ping', (data) => this.pings.push(data.toString()))
    this.ws.on('message', (data: Buffer, isBinary: boolean) => {
      this.received.push([data.toString(isBinary ? 'hex' : 'utf8'), isBinary])
      this.arrivals.push(performance.now())
      this.#wake()
    })
    this.closed = once(this.ws, 'close').then(([code, reason]) => [code, String(reason)])
  }

  get texts(): string[] {
    return this.received.map(([text]) => text)
  }

  async send(...texts: string[]): Promise<void> {
    if (this.ws.readyState === WebSocket.CONNECTING) await once(this.ws, 'open')
    for (const text of texts) this.ws.send(text)
  }

  async until(count: number): Promise<string[]> {
    while (this.received.length < count)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    return this.texts
  }
}

function closed(time: number, code = 1000, reason = '', connection = 1): RealtimeEvent {
  return { type: 'close', connection, time, by: 'server', code, reason }
}

function lost(time: number): RealtimeEvent {
  return { type: 'close', connection: 1, time, by: 'network', code: 1006 }
}

function again(attempt: number, time: number): RealtimeEvent[] {
  return opened(1, time).map((event) => (event.type === 'connect' ? { ...event, attempt } : event))
}

const out = { direction: 'out' } as const

describe('a served WebSocket', function () {
  this.timeout(20_000)
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

  it('sends the recorded messages in order, byte for byte, and closes as recorded', async () => {
    const big = Buffer.from(Uint8Array.from({ length: 3_000_000 }, (_, n) => (n * n) & 0xff))
    const { url } = await serve([
      ...opened(),
      message(1, 'é€😀\0'),
      message(2, ''),
      message(3, Uint8Array.of(0, 255, 128)),
      message(4, big),
      { type: 'ping', connection: 1, time: 5, direction: 'in', payload: Buffer.from('beat') },
      message(6, 'last'),
      closed(7, 4321, 'enough'),
    ])
    const client = connect(url)
    assert.deepEqual(await client.closed, [4321, 'enough'])
    assert.deepEqual(client.received, [
      ['é€😀\0', false],
      ['', false],
      ['00ff80', true],
      [big.toString('hex'), true],
      ['last', false],
    ])
    assert.deepEqual(client.pings, ['beat'])
  })

  it('keeps the recorded gaps, at any speed', async () => {
    const { url } = await serve([...opened(), message(1, 'a'), message(1201, 'b'), message(2401, 'c')], {
      speed: 4,
    })
    const client = connect(url)
    await client.until(3)
    const [a = 0, , c = 0] = client.arrivals
    // At least: the machine can delay messages.
    assert.ok(c - a > 450 && c - a < 2300, `${c - a} ms`)
  })

  it('accepts the recorded subprotocol and headers, without those of the recorded connection', async () => {
    const [connectEvent, open] = opened()
    assert.ok(connectEvent && open?.type === 'open')
    const { url } = await serve([
      connectEvent,
      {
        ...open,
        subprotocol: 'v2.chat',
        headers: {
          'x-server': ['one', 'two'],
          'sec-websocket-accept': 'stale',
          connection: 'Upgrade',
          'x-bad': 'a\r\nInjected: yes',
        },
      },
    ])
    const client = connect(url, ['v1.chat', 'v2.chat'])
    const [[{ headers }]] = await Promise.all([once(client.ws, 'upgrade'), once(client.ws, 'open')])
    assert.equal(client.ws.protocol, 'v2.chat')
    assert.equal(headers['x-server'], 'one, two')
    assert.equal(headers.injected, undefined)
    assert.equal(headers['x-bad'], undefined)
  })

  it('compresses messages that were compressed, if the client supports it', async () => {
    const [connectEvent, open] = opened()
    assert.ok(connectEvent && open?.type === 'open')
    const text = 'again '.repeat(10_000)
    const extensions = 'permessage-deflate; server_no_context_takeover'
    const events = [connectEvent, { ...open, extensions }, message(2, text, { compressed: true }), closed(3)]
    const { url } = await serve(events)
    const client = connect(url)
    await client.closed
    assert.match(client.ws.extensions, /permessage-deflate/)
    assert.deepEqual(client.texts, [text])
    const recorder = new RecordedConnection({ url, reconnect: 'never' })
    recorder.connection.start()
    await recorder.connection.done
    const [received] = recorder.of('message')
    assert.equal(received?.compressed, true)
    assert.ok((received?.wireSize ?? Number.NaN) < text.length / 10, `${received?.wireSize} bytes`)

    const plain = await serve([...opened(), message(2, text), closed(3)])
    const other = connect(plain.url)
    await other.closed
    assert.equal(other.ws.extensions, '')
    assert.deepEqual(other.texts, [text])
  })

  it('sends a message in as many frames as recorded', async () => {
    const { url } = await serve([...opened(), message(1, 'abcdefg', { frames: 3 }), closed(2)])
    const client = connect(url)
    await client.closed
    assert.deepEqual(client.texts, ['abcdefg'])
    const recorder = new RecordedConnection({ url, reconnect: 'never' })
    recorder.connection.start()
    await recorder.connection.done
    assert.equal(recorder.of('message')[0]?.frames, 3)
  })

  it('waits for the client as the recorded peer did', async () => {
    const { url } = await serve([
      ...opened(),
      message(1, 'hello'),
      message(2, 'a', out),
      message(3, 'A'),
      message(4, 'b', out),
      message(5, 'B'),
      closed(6),
    ])
    const client = connect(url)
    assert.deepEqual(await client.until(1), ['hello'])
    await client.send('whatever')
    assert.deepEqual(await client.until(2), ['hello', 'A'])
    await client.send('more')
    await client.closed
    assert.deepEqual(client.texts, ['hello', 'A', 'B'])
  })

  it('does not wait if nothing is matched', async () => {
    const { url } = await serve([...opened(), message(2, 'a', out), message(3, 'A'), closed(6)], {
      match: 'none',
    })
    const client = connect(url)
    await client.closed
    assert.deepEqual(client.texts, ['A'])
  })

  it('answers a message that equals a recorded one, in any order, and compares JSON as JSON', async () => {
    const { url, told } = await serve(
      [
        ...opened(),
        message(1, 'hello'),
        message(2, '{"op":"add","n":[1,{"x":1,"y":2}]}', out),
        message(3, 'added'),
        message(4, 'plain', out),
        message(5, 'plain one'),
        message(6, 'plain', out),
        message(7, 'plain two'),
        closed(8, 4000, 'over'),
      ],
      { match: 'equal' },
    )
    const client = connect(url)
    await client.until(1)
    await client.send('unknown', 'plain')
    await client.until(2)
    await client.send(' { "n" : [1, {"y":2,"x":1}], "op":"add"}')
    await client.until(3)
    await client.send('"plain"', 'plain')
    assert.deepEqual(await client.closed, [4000, 'over'])
    assert.deepEqual(client.texts, ['hello', 'plain one', 'added', 'plain two'])
    assert.deepEqual(
      told.flatMap((event) => (event.type === 'received' ? [event.matched] : [])),
      [false, true, true, false, true],
    )
  })

  it('distinguishes binary from text when it searches for an equal message', async () => {
    const { url, told } = await serve([...opened(), message(2, 'a', out), message(3, 'A')], {
      match: 'equal',
    })
    const client = connect(url)
    await once(client.ws, 'open')
    client.ws.send(Buffer.from('a'))
    await client.send('a')
    await client.until(1)
    assert.deepEqual(
      told.flatMap((event) => (event.type === 'received' ? [event.matched] : [])),
      [false, true],
    )
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
    const events = [...opened(), ...Array.from({ length: 200 }, (_, n) => message(n, payload)), closed(300)]
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
      assert.ok(read < 100, `${read} messages were read`)
      client.ws.resume()
      await client.closed
      assert.equal(client.received.length, 200)
    } finally {
      await served.close()
    }
  })
})
