import assert from 'node:assert/strict'
import { once } from 'node:events'
import WebSocket from 'ws'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { closeServers, serveWebSocket } from '../../support/loopback.ts'
import { relayTo } from './support.ts'

/** What happened, in the order in which it is told. */
function told(events: readonly RealtimeEvent[]): string[] {
  return events.map((event) => {
    if (event.type === 'message')
      return `${event.direction} ${event.opcode} ${Buffer.from(event.payload)} ${event.frames} ${event.wireSize} ${event.compressed}`
    if (event.type === 'ping' || event.type === 'pong')
      return `${event.direction} ${event.type} ${Buffer.from(event.payload)} ${event.wireSize}`
    if (event.type === 'close')
      return `close ${event.code} ${event.reason ?? ''} by ${event.by} ${event.wireSize}`
    if (event.type === 'error') return `error ${event.code}`
    return event.type
  })
}

describe('the relay of a WebSocket', () => {
  afterEach(closeServers)

  it('records messages of both directions as they were on the connection', async () => {
    const target = await serveWebSocket((socket) => {
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
    })
    const relay = await relayTo(target)
    const client = new WebSocket(relay.url, { perMessageDeflate: false })
    await once(client, 'open')
    for (const data of ['hé', Buffer.from([0x61, 0x62])]) {
      client.send(data)
      await once(client, 'message')
    }
    client.ping('p')
    await once(client, 'pong')
    client.close(4001, 'enough')
    assert.deepEqual(told(await relay.closed()), [
      ...['connect', 'open'],
      ...['out text hé 1 9 false', 'in text hé 1 5 false'],
      ...['out binary ab 1 8 false', 'in binary ab 1 4 false'],
      ...['out ping p 7', 'in pong p 3'],
      'close 4001 enough by client 14',
    ])
  })

  it('inflates the messages of both directions as negotiated', async () => {
    const target = await serveWebSocket(
      (socket) => socket.on('message', (data) => socket.send(String(data))),
      { perMessageDeflate: { threshold: 0 } },
    )
    const relay = await relayTo(target)
    const client = new WebSocket(relay.url, { perMessageDeflate: { threshold: 0 } })
    await once(client, 'open')
    for (let n = 0; n < 3; n++) {
      client.send('again and again and again')
      await once(client, 'message')
    }
    client.close()
    const events = await relay.closed()
    const open = events.find((event) => event.type === 'open')
    assert.equal(open?.type === 'open' && open.extensions, 'permessage-deflate')
    const messages = events.filter((event) => event.type === 'message')
    assert.equal(messages.length, 6)
    for (const { payload, compressed } of messages)
      assert.deepEqual([String(Buffer.from(payload)), compressed], ['again and again and again', true])
    // Later messages refer to the first one.
    const [first, , second] = messages.map(({ wireSize = 0 }) => wireSize)
    assert.ok(second !== undefined && first !== undefined && second < first)
  })

  it('says who closed, and 1006 if a side disappeared', async () => {
    const target = await serveWebSocket((socket) => {
      socket.on('message', (data) => {
        if (String(data) === 'close') socket.close(1012, 'restart')
        else socket.terminate()
      })
    })
    const relay = await relayTo(target)
    for (const word of ['close', 'cut', 'leave']) {
      const client = new WebSocket(relay.url)
      await once(client, 'open')
      if (word === 'leave') client.terminate()
      else client.send(word)
      await once(client, 'close')
    }
    const closes = told(await relay.closed(3)).filter((line) => line.startsWith('close'))
    assert.deepEqual(closes, [
      'close 1012 restart by server 11',
      'close 1006  by network undefined',
      'close 1006  by client undefined',
    ])
  })

  it('cuts both sides if it is told to', async () => {
    let served: WebSocket | undefined
    const relay = await relayTo(
      await serveWebSocket((socket) => {
        served = socket
      }),
    )
    const client = new WebSocket(relay.url)
    await once(client, 'open')
    assert.ok(served !== undefined)
    const gone = Promise.all([once(client, 'close'), once(served, 'close')])
    await relay.hub.get(1).disconnect()
    await gone
    assert.deepEqual(told(relay.events).slice(-2), ['error CUT', 'close 1006  by network undefined'])
  })

  it('records a refusal, which the client gets', async () => {
    const target = await serveWebSocket(() => {}, { verifyClient: (_, refuse) => refuse(false, 401) })
    const relay = await relayTo(target)
    const client = new WebSocket(relay.url)
    client.on('error', () => {})
    const [, response] = await once(client, 'unexpected-response')
    assert.equal(response.statusCode, 401)
    assert.deepEqual(told(await relay.closed()), [
      'connect',
      'error HTTP_STATUS',
      'close undefined  by server undefined',
    ])
  })
})
