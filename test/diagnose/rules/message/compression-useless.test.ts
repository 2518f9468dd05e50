import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { WebSocket } from 'ws'
import { compressionUseless } from '../../../../src/diagnose/rules/message/compression-useless.ts'
import { captureUntil, received } from '../../../support/capture-until.ts'
import { diagnose } from '../../../support/diagnose.ts'
import { LiveEngine } from '../../../support/live-engine.ts'
import { serveWebSocket } from '../../../support/loopback.ts'

const TEXT = JSON.stringify(Array.from({ length: 100 }, (_, at) => ({ at, name: 'a name', price: 12.5 })))

describe('the rule compression-useless', () => {
  let live: LiveEngine

  beforeEach(() => {
    live = new LiveEngine()
  })

  afterEach(() => live.close())

  /** What it finds if a server sends 30 messages. */
  async function findIn(
    perMessageDeflate: object | false,
    send: (peer: WebSocket, at: number) => void,
    threshold = 0.05,
  ) {
    const pour = (peer: WebSocket) => {
      for (let at = 0; at < 30; at++) send(peer, at)
    }
    const url = await serveWebSocket(pour, { perMessageDeflate })
    const events = await captureUntil(live, { url }, received(30))
    const thresholds = { 'compression-useless': threshold }
    return diagnose(events, { rules: [compressionUseless], thresholds })
  }

  it('finds random bytes that are compressed', async () => {
    const [finding, ...others] = await findIn({ threshold: 0 }, (peer) => peer.send(randomBytes(2000)))
    assert.deepEqual(others, [])
    const { title = '', message = '', advice = '', evidence = {}, events } = finding ?? {}
    assert.match(title, /^Compression (makes 30.messages larger|saves 0 % of 30.messages)$/)
    assert.match(
      message,
      /messages of the server .* took 60\.\d kB\. That costs time at both ends, and memory/,
    )
    assert.match(advice, /encrypted/)
    assert.ok(Number(evidence.compressed) > Number(evidence.payload))
    assert.equal(evidence.payload, 60_000)
    assert.equal(events?.length, 30)
  })

  it('finds tiny messages that are compressed, with context takeover and without', async () => {
    for (const serverNoContextTakeover of [false, true]) {
      const options = { threshold: 0, serverNoContextTakeover }
      const [finding] = await findIn(options, (peer, at) => peer.send(`${at}`))
      assert.match(finding?.title ?? '', /larger/)
      assert.match(finding?.message ?? '', serverNoContextTakeover ? /at both ends\.$/ : /to message\.$/)
      assert.match(finding?.advice ?? '', /from about 1 kB on/)
    }
  })

  it('is silent if compression saves something, or is not used', async () => {
    assert.deepEqual(await findIn({ threshold: 0 }, (peer) => peer.send(TEXT)), [])
    assert.deepEqual(await findIn(false, (peer) => peer.send(randomBytes(2000))), [])
    const fromKilobyte = { threshold: 1024, serverNoContextTakeover: true }
    assert.deepEqual(await findIn(fromKilobyte, (peer, at) => peer.send(`${at}`)), [])
  })

  it('is silent above the threshold', async () => {
    assert.equal((await findIn({ threshold: 0 }, (peer) => peer.send(TEXT), 1)).length, 1)
  })
})
