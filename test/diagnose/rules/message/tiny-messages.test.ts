import assert from 'node:assert/strict'
import type { WebSocket } from 'ws'
import { tinyMessages } from '../../../../src/diagnose/rules/message/tiny-messages.ts'
import type { RealtimeEvent } from '../../../../src/shared/event.ts'
import { captureUntil, received } from '../../../support/capture-until.ts'
import { diagnose } from '../../../support/diagnose.ts'
import { LiveEngine } from '../../../support/live-engine.ts'
import { serveHttp, serveWebSocket } from '../../../support/loopback.ts'

const find = (events: readonly RealtimeEvent[]) => diagnose(events, { rules: [tinyMessages] })

describe('the rule tiny-messages', () => {
  let live: LiveEngine

  beforeEach(() => {
    live = new LiveEngine()
  })

  afterEach(() => live.close())

  async function flood(text: string) {
    const pour = (peer: WebSocket) => {
      for (let at = 0; at < 200; at++) peer.send(text)
    }
    return captureUntil(live, { url: await serveWebSocket(pour) }, received(200))
  }

  it('finds a flood of messages of one byte', async () => {
    const [finding, ...others] = await find(await flood('7'))
    assert.deepEqual(others, [])
    const { title = '', message = '', evidence = {}, events } = finding ?? {}
    assert.match(title, /^Framing takes more than the payload of \d+.messages$/)
    assert.match(message, /of the server on .* with 1 B of payload on average/)
    assert.equal(evidence.overhead, 2 * Number(evidence.payload))
    assert.equal(events?.length, 100)
  })

  it('finds an event stream whose fields are longer than its data', async () => {
    const url = await serveHttp((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (let at = 0; at < 200; at++) response.write(`event: price\nid: ${at}\ndata: ${at}\n\n`)
    })
    const [finding] = await find(await captureUntil(live, { url, transport: 'sse' }, received(200)))
    assert.match(finding?.title ?? '', /Framing takes more/)
  })

  it('is silent if messages are larger, or tiny ones come one by one', async () => {
    assert.deepEqual(await find(await flood('twelve bytes')), [])
    const tiny = await flood('7')
    const slow = tiny.map((event, at) => ({ ...event, time: at * 1000 }))
    assert.deepEqual(await find(slow), [])
  })
})
