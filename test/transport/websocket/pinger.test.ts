import assert from 'node:assert/strict'
import type { WebSocket } from 'ws'
import { closeServers, serveWebSocket } from '../../support/loopback.ts'
import { connect, text } from './support.ts'

const same = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0

describe('pings at an interval', () => {
  afterEach(closeServers)

  it('are answered by pongs with the same data, each ping with its own, and have sizes on the wire', async () => {
    const attempt = connect(await serveWebSocket(() => {}), { pingInterval: 10 })
    await attempt.until('pong', 3)
    await attempt.disconnect()
    const data = (type: 'ping' | 'pong') =>
      attempt.of(type).map(({ payload }) => Buffer.from(payload).toString())
    assert.deepEqual(data('pong').slice(0, 3), data('ping').slice(0, 3))
    assert.equal(new Set(data('ping')).size, data('ping').length)
    for (const ping of attempt.of('ping')) {
      assert.equal(ping.direction, 'out')
      // RFC 6455 section 5.2: two bytes, and four of the mask.
      assert.equal(ping.wireSize, ping.payload.length + 6)
      const pong = attempt.of('pong').find(({ payload }) => same(payload, ping.payload))
      assert.ok(pong === undefined || (pong.direction === 'in' && pong.time >= ping.time))
    }
  })

  it('are not sent unless they are asked for', async () => {
    const attempt = connect(await serveWebSocket((peer) => peer.on('message', (data) => peer.send(data))))
    await attempt.until('open')
    attempt.transport.send(text('a'))
    await attempt.until('message', 2)
    await attempt.disconnect()
    assert.deepEqual(attempt.of('ping'), [])
  })

  it('stay in their place between compressed messages and the pings of the server', async () => {
    const url = await serveWebSocket(
      (peer: WebSocket) => {
        peer.on('message', (data) => {
          peer.ping('server')
          peer.send(data)
        })
      },
      { perMessageDeflate: { threshold: 0 } },
    )
    const attempt = connect(url, { pingInterval: 10 })
    await attempt.until('open')
    const large = 'abcdefgh'.repeat(40_000)
    for (let index = 0; index < 10; index++) attempt.transport.send(text(large))
    await attempt.until('message', 20)
    await attempt.until('pong', 13)
    await attempt.disconnect()
    assert.equal(attempt.of('error').length, 0)
    const sent = attempt.of('message').filter(({ direction }) => direction === 'out')
    assert.ok(sent.every(({ payload, compressed }) => compressed && payload.length === large.length))
    assert.ok(sent.every(({ wireSize = 0 }) => wireSize > 100 && wireSize < large.length / 10))
    const pings = attempt.of('ping').filter(({ direction }) => direction === 'out')
    assert.ok(pings.every(({ wireSize = 0, payload }) => wireSize === payload.length + 6))
  })

  it('end with the connection', async () => {
    let peer: WebSocket | undefined
    const attempt = connect(
      await serveWebSocket((socket) => {
        peer = socket
      }),
      { pingInterval: 10 },
    )
    await attempt.until('pong')
    peer?.close(1000)
    await attempt.outcome
    const types = attempt.events.map(({ type }) => type)
    assert.equal(types.at(-1), 'close')
    const count = attempt.events.length
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.equal(attempt.events.length, count)
  })
})
