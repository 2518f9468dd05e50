import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { WebSocket } from 'ws'
import { notCompressed } from '../../../../src/diagnose/rules/message/not-compressed.ts'
import type { ConnectionSpec } from '../../../../src/shared/spec.ts'
import { captureUntil, received } from '../../../support/capture-until.ts'
import { diagnose } from '../../../support/diagnose.ts'
import { LiveEngine } from '../../../support/live-engine.ts'
import { serveHttp, serveWebSocket } from '../../../support/loopback.ts'

const TEXT = JSON.stringify(Array.from({ length: 100 }, (_, at) => ({ at, name: 'a name', price: 12.5 })))
const MESSAGES = 30

describe('the rule not-compressed', () => {
  let live: LiveEngine

  beforeEach(() => {
    live = new LiveEngine()
  })

  afterEach(() => live.close())

  async function findIn(
    send: (peer: WebSocket) => void,
    perMessageDeflate = false,
    spec: Partial<ConnectionSpec> = {},
  ) {
    const pour = (peer: WebSocket) => {
      for (let at = 0; at < MESSAGES; at++) send(peer)
    }
    const url = await serveWebSocket(pour, { perMessageDeflate })
    const events = await captureUntil(live, { url, compression: true, ...spec }, received(MESSAGES))
    return diagnose(events, { rules: [notCompressed] })
  }

  it('finds a server that does not take up permessage-deflate, and what that would save', async () => {
    const [finding, ...others] = await findIn((peer) => peer.send(TEXT))
    assert.deepEqual(others, [])
    const { title = '', message = '', evidence = {}, confidence } = finding ?? {}
    assert.match(title, /of text were not compressed$/)
    assert.match(
      message,
      /without permessage-deflate, which the client had offered\. Compressed on their own, 8 of them were \d\d % smaller\.$/,
    )
    assert.ok(Number(evidence.saved) > 0.5)
    assert.equal(evidence.bytes, MESSAGES * TEXT.length)
    assert.match(confidence ?? '', /8.samples/)
  })

  it('finds an event stream whose client takes gzip', async () => {
    const url = await serveHttp((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (let at = 0; at < MESSAGES; at++) response.write(`data: ${TEXT}\n\n`)
    })
    const spec = { url, transport: 'sse', headers: { 'accept-encoding': 'gzip' } } as const
    const [finding] = await diagnose(await captureUntil(live, spec, received(MESSAGES)), {
      rules: [notCompressed],
    })
    assert.match(finding?.message ?? '', /without Content-Encoding/)
    const plain = { url, transport: 'sse' } as const
    const events = await captureUntil(live, plain, received(MESSAGES))
    assert.deepEqual(await diagnose(events, { rules: [notCompressed] }), [])
  })

  it('is silent if messages are compressed, or the client does not offer it', async () => {
    assert.deepEqual(await findIn((peer) => peer.send(TEXT), true), [])
    assert.deepEqual(await findIn((peer) => peer.send(TEXT), false, { compression: false }), [])
  })

  it('is silent if messages are short, binary, or would hardly be smaller', async () => {
    assert.deepEqual(await findIn((peer) => peer.send('short')), [])
    assert.deepEqual(await findIn((peer) => peer.send(Buffer.from(TEXT))), [])
    assert.deepEqual(await findIn((peer) => peer.send(randomBytes(3000).toString('base64'))), [])
  })
})
