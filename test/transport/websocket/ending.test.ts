import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type net from 'node:net'
import { constants, deflateRawSync } from 'node:zlib'
import { WebSocketServer } from 'ws'
import { meaningOf } from '../../../src/transport/websocket/closing.ts'
import { closeServers, listen, serveWebSocket } from '../../support/loopback.ts'
import { frame, reset, serveFrames, serveRaw, switchingProtocols } from '../../support/raw-server.ts'
import { settled } from '../../support/settled.ts'
import { seededRandom } from '../../support/splits.ts'
import { connect } from './support.ts'

describe('the end of a WebSocket', () => {
  afterEach(closeServers)

  it('reports how the server closed, and whether another attempt may help', async () => {
    const expected = {
      ...{ 1000: 'done', 1001: 'lost', 1002: 'failed', 1003: 'failed', 1007: 'failed', 1008: 'failed' },
      ...{ 1009: 'failed', 1010: 'failed', 1011: 'lost', 1012: 'lost', 1013: 'lost', 3000: 'failed' },
      ...{ 3003: 'failed', 3008: 'lost', 3500: 'lost', 4000: 'lost', 4004: 'lost', 4500: 'lost' },
      ...{ 4400: 'failed', 4401: 'failed', 4403: 'failed', 4404: 'failed', 4406: 'failed', 4410: 'failed' },
      ...{ 4408: 'lost', 4425: 'lost', 4429: 'lost', 4499: 'lost' },
    }
    for (const [code, end] of Object.entries(expected)) {
      const url = await serveWebSocket((socket) => socket.close(Number(code), 'because'))
      const attempt = connect(url)
      const outcome = await attempt.outcome
      assert.equal(outcome.end, end, code)
      assert.match(outcome.reason, new RegExp(`server closed with ${code} .*because`))
      const [{ time: _time, ...close } = { time: 0 }] = attempt.of('close')
      assert.deepEqual(close, {
        type: 'close',
        by: 'server',
        code: Number(code),
        reason: 'because',
        wireSize: 2 + 2 + 7,
      })
      assert.equal(attempt.of('error').length, 0)
    }
  })

  it('interprets the close codes of a protocol as that protocol defines them', async () => {
    const table: [code: number, end: string, path: string, subprotocol: string | undefined][] = [
      [4004, 'failed', '', 'graphql-transport-ws'],
      [4408, 'lost', '', 'graphql-transport-ws'],
      [4429, 'failed', '', 'graphql-transport-ws'],
      [4500, 'failed', '', 'graphql-transport-ws'],
      [4504, 'lost', '', 'graphql-transport-ws'],
      [4001, 'failed', 'app/key?protocol=7&client=js', undefined],
      [4100, 'lost', 'app/key?protocol=7&client=js', undefined],
      [4001, 'lost', 'app/key', undefined],
      [3501, 'failed', 'connection/websocket', undefined],
      [3001, 'lost', 'connection/websocket', undefined],
      [4501, 'failed', '', 'centrifuge-protobuf'],
      [4009, 'failed', '', 'obswebsocket.json'],
      [4000, 'lost', '', 'obswebsocket.json'],
    ]
    for (const [code, end, path, subprotocol] of table) {
      const url = await serveWebSocket((socket) => socket.close(code))
      const attempt = connect(
        `${url}${path}`,
        subprotocol === undefined ? {} : { subprotocols: [subprotocol] },
      )
      assert.equal((await attempt.outcome).end, end, `${code} ${path} ${subprotocol}`)
    }
    const peer = { url: new URL('wss://gateway.discord.gg/?v=10'), subprotocol: '' }
    assert.deepEqual(
      [4000, 4004, 4009, 4014].map((code) => meaningOf(code, peer).end),
      ['lost', 'failed', 'lost', 'failed'],
    )
  })

  it('reports 1005 for a close frame without a code', async () => {
    const attempt = connect(await serveFrames((socket) => void socket.write(frame(8))))
    assert.equal((await attempt.outcome).end, 'done')
    assert.equal(attempt.of('close')[0]?.code, 1005)
    assert.equal(attempt.of('close')[0]?.wireSize, 2)
  })

  it('reports 1006 by the network for a peer that disappears without a close frame', async () => {
    const attempt = connect(
      await serveFrames((socket) => {
        socket.write(frame(1, 'last words'))
        socket.end()
      }),
    )
    const outcome = await attempt.outcome
    assert.equal(outcome.end, 'lost')
    assert.deepEqual(attempt.texts(), ['last words'])
    const [{ time: _time, ...close } = { time: 0 }] = attempt.of('close')
    assert.deepEqual(close, { type: 'close', by: 'network', code: 1006 })
  })

  it('closes with the requested code and reason, and reports the client', async () => {
    const server = createServer()
    const sockets = new WebSocketServer({ server })
    const url = `ws://127.0.0.1:${await listen(server)}/`
    const connected = once(sockets, 'connection')
    const attempt = connect(url)
    const [peer] = await connected
    const closed = once(peer, 'close')
    await attempt.until('open')
    assert.equal((await attempt.disconnect({ code: 3001, reason: 'enough' })).end, 'done')
    const [code, reason] = await closed
    assert.deepEqual([code, String(reason)], [3001, 'enough'])
    const [{ time: _time, ...close } = { time: 0 }] = attempt.of('close')
    assert.deepEqual(close, {
      type: 'close',
      by: 'client',
      code: 3001,
      reason: 'enough',
      wireSize: 6 + 2 + 6,
    })
  })

  it('does not wait forever for the answer to its close frame', async () => {
    const host = await serveRaw((socket, head) => {
      socket.write(switchingProtocols(head))
      socket.resume()
    })
    const attempt = connect(`ws://${host}/`)
    await attempt.until('open')
    assert.equal((await attempt.disconnect()).end, 'done')
    assert.equal(attempt.of('close').length, 1)
    assert.equal(attempt.of('close')[0]?.by, 'client')
  })

  it('reports messages that were not sent before the connection ended', async () => {
    let peer: net.Socket | undefined
    const host = await serveRaw((socket, head) => {
      peer = socket.pause()
      socket.write(switchingProtocols(head, 'Sec-WebSocket-Extensions: permessage-deflate'))
    })
    const attempt = connect(`ws://${host}/`)
    await attempt.until('open')
    const random = seededRandom(3)
    const payload = Buffer.from(Array.from({ length: 3_000_000 }, () => random() * 256))
    for (let i = 0; i < 8; i++) attempt.transport.send({ opcode: 'binary', payload })
    await attempt.until('message', 3)
    if (peer !== undefined) reset(peer)
    assert.equal((await attempt.outcome).end, 'lost')
    const [first, ...more] = attempt.of('error')
    assert.equal(first?.code, 'NOT_SENT')
    const [, count] = /^(\d) messages were not sent/.exec(first?.message ?? '') ?? []
    const deflated = attempt.of('message').length
    // Those that were not deflated yet, and some that the peer did not read.
    assert.ok(Number(count) > 8 - deflated, `${count} of 8, of which ${deflated} were deflated`)
    assert.ok(more.every(({ code }) => code === 'ECONNRESET'))
    assert.deepEqual(attempt.events.at(-1)?.type, 'close')
  })

  it('reports what arrived before it was disconnected while paused', async () => {
    const slow = deflateRawSync(Buffer.alloc(16_000_000, 'a'), { finishFlush: constants.Z_SYNC_FLUSH })
    const arrived = Buffer.concat([frame(1, 'first'), frame(1, slow.subarray(0, -4), { rsv: 0x40 })])
    const host = await serveRaw((socket, head) => {
      const answer = switchingProtocols(head, 'Sec-WebSocket-Extensions: permessage-deflate')
      socket.write(Buffer.concat([Buffer.from(answer), arrived]))
    })
    const attempt = connect(`ws://${host}/`)
    attempt.transport.pause()
    await attempt.until('open')
    await attempt.disconnect()
    assert.deepEqual(
      attempt.texts().map(({ length }) => length),
      ['first'.length, 16_000_000],
    )
    assert.equal(attempt.events.at(-1)?.type, 'close')
  })

  it('disconnects at once while paused', async () => {
    const url = await serveWebSocket((socket) => {
      for (let i = 0; i < 2000; i++) socket.send('z'.repeat(1000))
    })
    const attempt = connect(url)
    attempt.transport.pause()
    await attempt.until('open')
    await settled(() => attempt.texts().length)
    assert.deepEqual(attempt.texts(), [])
    const started = performance.now()
    assert.equal((await attempt.disconnect()).end, 'done')
    // The peer would have 2 s to answer if reading were not paused.
    assert.ok(performance.now() - started < 1500)
    assert.equal(attempt.of('close').length, 1)
  })
})
