import assert from 'node:assert/strict'
import type { WebSocket } from 'ws'
import { fragmentHeavy } from '../../../../src/diagnose/rules/message/fragment-heavy.ts'
import { captureUntil, received } from '../../../support/capture-until.ts'
import { diagnose } from '../../../support/diagnose.ts'
import { LiveEngine } from '../../../support/live-engine.ts'
import { serveWebSocket } from '../../../support/loopback.ts'

const MESSAGES = 20
const SIZE = 1000

describe('the rule fragment-heavy', () => {
  let live: LiveEngine

  beforeEach(() => {
    live = new LiveEngine()
  })

  afterEach(() => live.close())

  /** What it finds if a server sends messages of 1000 bytes in frames of that size. */
  async function findIn(frame: number) {
    const pour = (peer: WebSocket) => {
      for (let message = 0; message < MESSAGES; message++)
        for (let at = 0; at < SIZE; at += frame)
          peer.send('x'.repeat(Math.min(frame, SIZE - at)), { fin: at + frame >= SIZE })
    }
    const events = await captureUntil(live, { url: await serveWebSocket(pour) }, received(MESSAGES))
    return diagnose(events, { rules: [fragmentHeavy] })
  }

  it('finds messages in frames of ten bytes, and infers how many', async () => {
    const [finding, ...others] = await findIn(10)
    assert.deepEqual(others, [])
    const { title = '', message = '', confidence, evidence = {}, chart } = finding ?? {}
    assert.match(title, /^20.messages came in about 2,000 frames$/)
    assert.match(message, /^The server split .* of 10 B\. Their headers add 3\.9 kB, 20 % of the payload\.$/)
    assert.match(confidence ?? '', /inferred/)
    assert.equal(evidence.payload, MESSAGES * SIZE)
    assert.ok(chart?.kind === 'bars' && chart.bars[0]?.tone === 'wrong')
  })

  it('is silent if fragments are larger, or there are none', async () => {
    assert.deepEqual(await findIn(100), [])
    assert.deepEqual(await findIn(SIZE), [])
  })
})
