import assert from 'node:assert/strict'
import { connect, createServer } from 'node:net'
import { Transform, type TransformCallback } from 'node:stream'
import { headOfLine } from '../../../../src/diagnose/rules/message/head-of-line.ts'
import type { RealtimeEvent } from '../../../../src/shared/event.ts'
import { capturedWhen, eventsOf, received, sendTexts } from '../../../support/capture-until.ts'
import { diagnose } from '../../../support/diagnose.ts'
import { LiveEngine } from '../../../support/live-engine.ts'
import { listen, serveWebSocket } from '../../../support/loopback.ts'

/** Bytes of the large message. */
const LARGE = 400_000
/** Bytes in a millisecond, so that a large message takes 400 ms. */
const RATE = 1000

/** Passes bytes on at a bounded rate. */
class Throttle extends Transform {
  override _transform(chunk: Buffer, _: string, done: TransformCallback): void {
    const pass = (at: number): void => {
      if (at >= chunk.length) {
        done()
        return
      }
      this.push(chunk.subarray(at, at + 10 * RATE))
      setTimeout(() => pass(at + 10 * RATE), 10)
    }
    pass(0)
  }
}

/** Passes a connection on, at a bounded rate to the client. */
async function relay(port: number): Promise<number> {
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    for (const socket of [client, upstream]) {
      socket.on('error', () => {})
      socket.setNoDelay(true)
      socket.on('close', () => {
        client.destroy()
        upstream.destroy()
      })
    }
    client.pipe(upstream)
    upstream.pipe(new Throttle()).pipe(client)
  })
  return await listen(server)
}

const add = (id: number) => JSON.stringify({ jsonrpc: '2.0', id, method: 'add' })
const blob = JSON.stringify({ jsonrpc: '2.0', method: 'blob' })

describe('the rule head-of-line', () => {
  let live: LiveEngine

  beforeEach(() => {
    live = new LiveEngine()
  })

  afterEach(() => live.close())

  /** Ten additions one after another, then three times an addition after a message of that size. */
  async function talk(size: number): Promise<RealtimeEvent[]> {
    const url = await serveWebSocket((peer) => {
      peer.on('message', (data) => {
        const { id, method } = JSON.parse(String(data))
        if (method === 'blob')
          peer.send(JSON.stringify({ jsonrpc: '2.0', method: 'blob', params: ['x'.repeat(size)] }))
        else peer.send(JSON.stringify({ jsonrpc: '2.0', id, result: 3 }))
      })
    })
    const port = await relay(Number(new URL(url).port))
    const id = await live.connect({ url: `ws://127.0.0.1:${port}/`, compression: false })
    let messages = 0
    for (let count = 0; count < 13; count++) {
      const texts = count < 10 ? [add(count)] : [blob, add(count)]
      messages += texts.length
      await sendTexts(live, id, texts)
      await capturedWhen(live, id, received(messages))
    }
    return await eventsOf(live, id)
  }

  it('finds answers that wait behind large messages on a slow connection', async () => {
    const [finding, ...others] = await diagnose(await talk(LARGE), { rules: [headOfLine] })
    assert.deepEqual(others, [])
    const { title = '', message = '', evidence = {}, events, chart } = finding ?? {}
    assert.match(title, /^3.answers waited behind large messages$/)
    assert.match(message, /right after a message of up to 400 kB/)
    assert.ok(Number(evidence.longest) >= 5 * Number(evidence.usual))
    assert.equal(events?.length, 6)
    assert.ok(chart?.kind === 'values' && chart.points.length === 13)
  })

  it('is silent if the messages before are small', async () => {
    assert.deepEqual(await diagnose(await talk(1000), { rules: [headOfLine] }), [])
  })
})
