import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createServer, type Socket } from 'node:net'
import { nagleDelayedAck } from '../../../../src/diagnose/rules/message/nagle-delayed-ack.ts'
import type { RealtimeEvent } from '../../../../src/shared/event.ts'
import { capturedWhen, eventsOf, received, sendTexts } from '../../../support/capture-until.ts'
import { diagnose } from '../../../support/diagnose.ts'
import { LiveEngine } from '../../../support/live-engine.ts'
import { listen } from '../../../support/loopback.ts'

/** RFC 6455 section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const ANSWERS = 40

/** Writes the head of a WebSocket handshake. */
function accept(socket: Socket, head: string): void {
  const [, key = ''] = /sec-websocket-key: (\S+)/i.exec(head) ?? []
  const hash = createHash('sha1').update(`${key}${GUID}`).digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${hash}\r\n\r\n`,
  )
}

/** A WebSocket server on a raw socket, which answers each chunk with a frame of 100 bytes in two writes. */
async function serve(noDelay: boolean): Promise<string> {
  const server = createServer({ noDelay }, (socket) => {
    let isOpen = false
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      if (!isOpen) accept(socket, String(chunk))
      else {
        socket.write(Buffer.from([0x81, 100]))
        socket.write('x'.repeat(100))
      }
      isOpen = true
    })
  })
  return `ws://127.0.0.1:${await listen(server)}/`
}

/** The same events, with answers after so many milliseconds on a connection that opened at once. */
function withTimes(events: readonly RealtimeEvent[], took: (at: number) => number): RealtimeEvent[] {
  let messages = 0
  return events.map((event) => {
    if (event.type === 'open') return { ...event, timing: { tcp: 0.1 } }
    if (event.type !== 'message') return event
    const at = Math.floor(messages++ / 2)
    return { ...event, time: 1000 * (at + 1) + (event.direction === 'in' ? took(at) : 0) }
  })
}

describe('the rule nagle-delayed-ack', () => {
  let live: LiveEngine

  beforeEach(() => {
    live = new LiveEngine()
  })

  afterEach(() => live.close())

  /** Asks one question after another. */
  async function ask(noDelay: boolean): Promise<RealtimeEvent[]> {
    const id = await live.connect({ url: await serve(noDelay), compression: false })
    for (let count = 1; count <= ANSWERS; count++) {
      await sendTexts(live, id, ['question'])
      await capturedWhen(live, id, received(count))
    }
    return await eventsOf(live, id)
  }

  it('finds answers in two writes, of which Nagle’s algorithm holds back the second', async () => {
    // A kernel that acknowledges at once, or a busy machine, would make other times.
    const events = withTimes(await ask(false), (at) => 41 + (at % 4))
    const [finding, ...others] = await diagnose(events, { rules: [nagleDelayedAck] })
    assert.deepEqual(others, [])
    assert.match(finding?.title ?? '', /^\d+ of 40 answers took about 40 ms$/)
    assert.match(finding?.message ?? '', /That may be Nagle's algorithm/)
    assert.match(finding?.confidence ?? '', /^a guess, from/)
    assert.match(finding?.source?.url ?? '', /brooker\.co\.za/)
    assert.ok(finding?.chart?.kind === 'values' && finding.chart.points.length === ANSWERS)
  })

  it('is silent about times that spread, and on connections that are that slow', async () => {
    const events = await ask(true)
    const spread = (from: number, to: number) =>
      withTimes(events, (at) => from + ((to - from) * at) / ANSWERS)
    assert.equal((await diagnose(spread(41, 45), { rules: [nagleDelayedAck] })).length, 1)
    assert.deepEqual(await diagnose(spread(10, 90), { rules: [nagleDelayedAck] }), [])
    const slow = spread(41, 45).map((event) =>
      event.type === 'open' ? { ...event, timing: { tcp: 40 } } : event,
    )
    assert.deepEqual(await diagnose(slow, { rules: [nagleDelayedAck] }), [])
  })

  it('is silent with TCP_NODELAY', async () => {
    assert.deepEqual(await diagnose(await ask(true), { rules: [nagleDelayedAck] }), [])
  })
})
