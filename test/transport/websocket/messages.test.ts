import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import type { Attempt } from '../../support/attempt.ts'
import { closeServers, listen, serveWebSocket } from '../../support/loopback.ts'
import { closeFrame, frame, serveFrames } from '../../support/raw-server.ts'
import { seededRandom } from '../../support/splits.ts'
import { connect, text } from './support.ts'

function assertTimesRise(attempt: Attempt): void {
  const times = attempt.events.map((event) => event.time)
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  )
}

describe('the messages of a WebSocket', () => {
  afterEach(closeServers)

  it('measures the wire size of inbound frames with headers of any length', async () => {
    const lengths = [0, 1, 125, 126, 65_535, 65_536]
    const url = await serveFrames((socket) => {
      for (const length of lengths) socket.write(frame(2, Buffer.alloc(length, 7)))
    })
    const attempt = connect(url)
    await attempt.until('message', lengths.length)
    assert.deepEqual(
      attempt.of('message').map(({ opcode, payload, wireSize, frames, compressed }) => ({
        opcode,
        length: payload.length,
        wireSize,
        frames,
        compressed,
      })),
      lengths.map((length) => ({
        opcode: 'binary',
        length,
        wireSize: length + (length < 126 ? 2 : length < 65_536 ? 4 : 10),
        frames: 1,
        compressed: false,
      })),
    )
    assertTimesRise(attempt)
    await attempt.disconnect()
  })

  it('counts the fragments of a message and reports pings between them', async () => {
    const url = await serveFrames((socket) => {
      socket.write(frame(1, 'Hel', { fin: false }))
      socket.write(frame(9, 'beat'))
      socket.write(frame(0, 'lo', { fin: false }))
      socket.write(frame(10, ''))
      socket.write(frame(0, '!'))
    })
    const attempt = connect(url)
    await attempt.until('pong', 2)
    const [message] = attempt.of('message')
    assert.equal(attempt.texts()[0], 'Hello!')
    assert.equal(message?.frames, 3)
    assert.equal(message?.wireSize, 2 + 3 + 2 + 2 + 2 + 1)
    assert.deepEqual(
      attempt.events.filter((event) => event.type !== 'open').map((event) => event.type),
      ['ping', 'pong', 'message', 'pong'],
    )
    assert.deepEqual(
      attempt.of('pong').map(({ direction, wireSize, payload }) => [direction, wireSize, payload.length]),
      [
        ['in', 2, 0],
        ['out', 2 + 4 + 4, 4],
      ],
    )
    await attempt.disconnect()
  })

  it('answers a ping that is followed at once by a close frame or an invalid frame', async () => {
    for (const [last, code] of [
      [closeFrame(1000), 1000],
      [frame(3, 'reserved opcode'), 1002],
    ] as const) {
      const written: Buffer[] = []
      const url = await serveFrames((socket) => {
        socket.on('data', (chunk) => written.push(chunk))
        socket.write(Buffer.concat([frame(1, 'hello'), frame(9, 'first'), frame(9, 'second'), last]))
      })
      const attempt = connect(url)
      await attempt.outcome
      assert.deepEqual(
        attempt.of('pong').map(({ direction, payload }) => [direction, Buffer.from(payload).toString()]),
        [
          ['out', 'first'],
          ['out', 'second'],
        ],
      )
      // The pongs, masked, and then the close frame.
      const bytes = Buffer.concat(written)
      assert.deepEqual([bytes[0], bytes[11], bytes[23]], [0x8a, 0x8a, 0x88])
      assert.equal(attempt.of('close')[0]?.code, code)
    }
  })

  it('answers the latest pings if there are too many to answer', async () => {
    const count = 3000
    const pings = Array.from({ length: count }, (_, i) => frame(9, `${i + 1}`))
    const attempt = connect(await serveFrames((socket) => socket.write(Buffer.concat(pings))))
    await attempt.until('ping', count)
    const answered = () => attempt.of('pong').map((pong) => Number(Buffer.from(pong.payload).toString()))
    while (answered().at(-1) !== count) await attempt.until('pong', answered().length + 1)
    assert.ok(answered().length < count)
    assert.deepEqual(
      answered(),
      answered().toSorted((a, b) => a - b),
    )
    await attempt.disconnect()
  })

  it('writes exactly the bytes that it reports, compressed or not', async () => {
    for (const perMessageDeflate of [true, false]) {
      const server = createServer()
      const sockets = new WebSocketServer({ server, perMessageDeflate })
      const url = `ws://127.0.0.1:${await listen(server)}/`
      const connected = once(sockets, 'connection')
      const attempt = connect(url)
      const [peer, request] = await connected
      const before = request.socket.bytesRead
      const received: string[] = []
      peer.on('message', (data: Buffer) => received.push(data.toString()))
      const sent = ['a', 'b'.repeat(300), '', JSON.stringify({ deep: 'c'.repeat(70_000) })]
      await attempt.until('open')
      for (const content of sent) attempt.transport.send(text(content))
      peer.ping('x')
      await attempt.until('pong')
      await attempt.until('message', sent.length)
      const closed = once(peer, 'close')
      await attempt.disconnect()
      await closed
      assert.deepEqual(received, sent)
      assert.deepEqual(attempt.texts('out'), sent)
      const sizes = [...attempt.of('message'), ...attempt.of('pong'), ...attempt.of('close')].map(
        (event) => event.wireSize ?? Number.NaN,
      )
      assert.equal(
        sizes.reduce((a, b) => a + b),
        request.socket.bytesRead - before,
      )
      const last = attempt.of('message').at(-1)
      assert.equal(last?.compressed, perMessageDeflate)
      assert.equal((last?.wireSize ?? 0) < 70_000, perMessageDeflate)
    }
  })

  it('reports what arrives while a message is deflated after that message', async () => {
    const url = await serveWebSocket(
      (socket) =>
        socket.once('message', () => {
          for (const item of arriving) socket.send(item, { compress: false })
          socket.ping('p')
          for (const part of ['d', 'e', 'f']) socket.send(part, { fin: part === 'f' })
          socket.once('message', () => socket.close(1000, 'enough'))
        }),
      { perMessageDeflate: true },
    )
    const arriving = ['a', 'b'.repeat(200_000), 'c'.repeat(200_000)]
    const random = seededRandom(7)
    const slow = Buffer.from(Array.from({ length: 4_000_000 }, () => 32 + random() * 90))
    const attempt = connect(url)
    await attempt.until('open')
    attempt.transport.send(text('go'))
    attempt.transport.send({ opcode: 'text', payload: slow })
    assert.equal((await attempt.outcome).end, 'done')
    assert.deepEqual(
      attempt.events
        .filter(({ type }) => type === 'message' || type === 'ping')
        .map((event) => 'direction' in event && `${event.type} ${event.direction}`),
      [
        ...['message out', 'message out', 'message in', 'message in', 'message in'],
        ...['ping in', 'message in'],
      ],
    )
    assert.deepEqual(attempt.texts(), [...arriving, 'def'])
    assertTimesRise(attempt)
  })

  it('reports what is sent while a message is inflated after that message, and after what arrived with it', async () => {
    const big = 'x'.repeat(40_000_000)
    const url = await serveWebSocket(
      (socket) => {
        socket.send(big)
        for (let i = 0; i < 20; i++) socket.send(String(i))
        socket.ping('p')
        socket.once('pong', () => socket.close(1000, 'enough'))
      },
      { perMessageDeflate: { threshold: 1000 } },
    )
    const attempt = connect(url)
    await attempt.until('open')
    const ticking = setInterval(() => attempt.transport.send(text('tick')), 1)
    await attempt.until('pong')
    clearInterval(ticking)
    assert.equal((await attempt.outcome).end, 'done')
    assert.deepEqual(
      attempt.texts().map((content) => content.length),
      [big.length, ...Array.from({ length: 20 }, (_, i) => String(i).length)],
    )
    assert.ok(attempt.texts('out').length > 1)
    assertTimesRise(attempt)
  })

  it('inflates with any context and window of the server', async () => {
    const random = seededRandom(5)
    const noise = Array.from({ length: 9000 }, () => random().toString(36).slice(2, 5)).join('')
    for (const offer of [
      {},
      { serverMaxWindowBits: 9 },
      { serverNoContextTakeover: true },
      { clientNoContextTakeover: true, serverMaxWindowBits: 15 },
    ]) {
      const url = await serveWebSocket(
        (socket) => {
          for (let i = 0; i < 3; i++) socket.send(`${i}${noise}`)
          socket.close(1000)
        },
        { perMessageDeflate: { ...offer, threshold: 0 } },
      )
      const attempt = connect(url)
      assert.equal((await attempt.outcome).end, 'done', JSON.stringify(offer))
      assert.deepEqual(
        attempt.texts(),
        [0, 1, 2].map((i) => `${i}${noise}`),
      )
      assert.ok(attempt.of('message').every(({ compressed }) => compressed))
    }
  })

  it('reads nothing while paused, and everything afterwards', async () => {
    const count = 2000
    const url = await serveWebSocket((socket) => {
      socket.on('message', () => {
        for (let i = 0; i < count; i++) socket.send(`${i} ${'y'.repeat(1000)}`)
      })
    })
    const attempt = connect(url)
    await attempt.until('open')
    attempt.transport.pause()
    attempt.transport.send(text('go'))
    await attempt.until('message')
    // What would have arrived if reading had not stopped.
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.equal(attempt.texts().length, 0)
    attempt.transport.resume()
    await attempt.until('message', count + 1)
    assert.deepEqual(
      attempt.texts().map((content) => Number.parseInt(content, 10)),
      Array.from({ length: count }, (_, i) => i),
    )
    await attempt.disconnect()
  })

  it('refuses to send before it is open, after it closed, and invalid text', async () => {
    const attempt = connect(await serveWebSocket(() => {}))
    assert.throws(() => attempt.transport.send(text('early')), { code: 'NOT_OPEN' })
    await attempt.until('open')
    assert.throws(() => attempt.transport.send({ opcode: 'text', payload: Uint8Array.of(0xff) }), {
      code: 'BAD_UTF8',
    })
    await attempt.disconnect()
    assert.throws(() => attempt.transport.send(text('late')), { code: 'NOT_OPEN' })
    assert.equal(attempt.of('message').length, 0)
  })

  it('sends a message of any size if none waits, and limits how much may wait', async () => {
    const url = await serveWebSocket((socket) =>
      socket.on('message', (data: Buffer) => socket.send(`${data.length}`)),
    )
    const attempt = connect(url)
    await attempt.until('open')
    const payload = Buffer.alloc(65 * 1024 * 1024)
    attempt.transport.send({ opcode: 'binary', payload })
    assert.throws(() => attempt.transport.send({ opcode: 'binary', payload }), { code: 'SEND_QUEUE_FULL' })
    await attempt.until('message', 2)
    assert.deepEqual(attempt.texts(), [`${payload.length}`])
    await attempt.disconnect()
  })
})
