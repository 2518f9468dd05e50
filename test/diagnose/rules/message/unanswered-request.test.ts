import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { Server as SocketIoServer } from 'socket.io'
import type { WebSocket } from 'ws'
import { unansweredRequest } from '../../../../src/diagnose/rules/message/unanswered-request.ts'
import type { RealtimeEvent } from '../../../../src/shared/event.ts'
import { capturedWhen, captureUntil, eventsOf, received, sendTexts } from '../../../support/capture-until.ts'
import { diagnose } from '../../../support/diagnose.ts'
import { LiveEngine } from '../../../support/live-engine.ts'
import { listen, serveWebSocket } from '../../../support/loopback.ts'

/** Milliseconds. */
const THRESHOLD = 300

const find = (events: readonly RealtimeEvent[], threshold = THRESHOLD) =>
  diagnose(events, { rules: [unansweredRequest], thresholds: { 'unanswered-request': threshold } })

/** Whether so many milliseconds have passed since the last message out, as later messages show. */
const passed = (ms: number) => (events: readonly RealtimeEvent[]) => {
  const sent = events.findLast((event) => event.type === 'message' && event.direction === 'out')
  return sent !== undefined && (events.at(-1)?.time ?? 0) > sent.time + ms
}

/** Acknowledges `sum`, but not `kick`, and sends ticks. */
async function serveSocketIo(): Promise<string> {
  const server = createServer()
  const io = new SocketIoServer(server)
  io.on('connection', (socket) => {
    socket.on('sum', (a: number, b: number, ack: (sum: number) => void) => ack(a + b))
    socket.on('kick', () => {})
    const timer = setInterval(() => socket.emit('tick'), 50)
    socket.on('disconnect', () => clearInterval(timer))
  })
  return `ws://127.0.0.1:${await listen(server)}/socket.io/?EIO=4&transport=websocket`
}

const SUMS = Array.from({ length: 5 }, (_, id) => `42${id}["sum",${id},1]`)

describe('the rule unanswered-request', () => {
  let live: LiveEngine

  beforeEach(() => {
    live = new LiveEngine()
  })

  afterEach(() => live.close())

  async function spokenTo(texts: readonly string[], ms: number) {
    const id = await live.connect({ url: await serveSocketIo() })
    await sendTexts(live, id, ['40'])
    // The open packet, and the one that says that it has joined.
    await capturedWhen(live, id, received(2))
    await sendTexts(live, id, texts)
    await capturedWhen(live, id, passed(ms))
    await live.engine.handlers.disconnect({ id })
    return await eventsOf(live, id)
  }

  it('finds an event of Socket.IO that is never acknowledged', async () => {
    const events = await spokenTo([...SUMS, '4212["kick","bob"]'], THRESHOLD + 50)
    const [finding, ...others] = await find(events)
    assert.deepEqual(others, [])
    const { title, message = '', advice = '', source, chart, connection, evidence } = finding ?? {}
    assert.equal(title, '`kick` got no ack within 300 ms')
    assert.match(
      message,
      /with the ID `12`, which did not come back in \d+ ms\. The other 5.requests were acknowledged, half within/,
    )
    assert.match(advice, /socket\.timeout\(300\)/)
    assert.match(source?.url ?? '', /socket\.io/)
    assert.equal(connection, 1)
    assert.equal(evidence?.unanswered, 1)
    const shown = events[(finding?.events?.[0] ?? 0) - 1]
    assert.ok(shown?.type === 'message' && Buffer.from(shown.payload).includes('kick'))
    assert.ok(chart?.kind === 'values' && chart.points.filter(({ tone }) => tone === 'wrong').length === 1)
    assert.deepEqual(
      chart.marks?.map(({ label }) => label.split(' ')[0]),
      ['p50', 'limit'],
    )
  })

  it('counts requests of one name', async () => {
    const events = await spokenTo(['421["kick","ann"]', '422["kick","bob"]'], THRESHOLD + 50)
    const [finding] = await find(events)
    assert.equal(finding?.title, '`kick` got no ack within 300 ms, 2 times')
    assert.match(finding?.message ?? '', /No other request was acknowledged\.$/)
  })

  it('is silent if requests are acknowledged, ask for nothing, or may still be answered', async () => {
    assert.deepEqual(await find(await spokenTo([...SUMS, '42["kick","bob"]'], THRESHOLD + 50)), [])
    assert.deepEqual(await find(await spokenTo(['421["kick","bob"]'], 0), 60_000), [])
  })

  it('is silent if the connection ended before the time was over', async () => {
    const events = await spokenTo(['421["kick","bob"]'], 50)
    const { time = 0 } = events.at(-1) ?? {}
    assert.deepEqual(await find([...events, { type: 'mark', time: time + 10_000, text: '' }], 5000), [])
  })

  it('is silent if payloads were left out', async () => {
    const events = await spokenTo(['421["kick","bob"]'], THRESHOLD + 50)
    const run = unansweredRequest.start(
      { threshold: THRESHOLD, startedAt: undefined, connection: () => assert.fail('no finding') },
      undefined,
    )
    run.skipped?.()
    assert.deepEqual(run.findings(events.at(-1)?.time ?? 0), [])
  })

  it('finds a request of JSON-RPC, and says so in its words', async () => {
    const url = await serveWebSocket((peer: WebSocket) => {
      peer.on('message', (data) => {
        const { id, method } = JSON.parse(String(data))
        if (method === 'add') peer.send(JSON.stringify({ jsonrpc: '2.0', id, result: 3 }))
      })
      const timer = setInterval(() => peer.send('{"jsonrpc":"2.0","method":"tick"}'), 50)
      peer.on('close', () => clearInterval(timer))
    })
    const texts = ['add', 'lose'].map((method, id) => JSON.stringify({ jsonrpc: '2.0', id, method }))
    const [finding] = await find(await captureUntil(live, { url }, passed(THRESHOLD + 50), texts))
    assert.equal(finding?.title, '`lose` got no answer within 300 ms')
    assert.match(finding?.message ?? '', /The other request was answered after/)
    assert.match(finding?.source?.url ?? '', /jsonrpc/)
  })
})
