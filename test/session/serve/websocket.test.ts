import assert from 'node:assert/strict'
import { once } from 'node:events'
import { RecordedConnection } from '../../support/connection.ts'
import { message, opened } from '../../support/recording.ts'
import { serve, stopServing } from '../../support/served.ts'
import { Client, closed, out } from './websocket-client.ts'

describe('a served WebSocket', () => {
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
})
