import assert from 'node:assert/strict'
import { LifecycleLog } from '../../src/engine/lifecycle-log.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { LiveEngine } from '../support/live-engine.ts'

describe('the lifecycle log', () => {
  it('has a line for each lifecycle event, without secrets and payloads', async () => {
    const live = new LiveEngine()
    try {
      const { peer } = await live.open()
      peer.send('a payload')
      await live.until(() => live.engine.status().events === 3)
      peer.terminate()
      const { handlers } = live.engine
      await live.until(() => live.log.some(({ message }) => message.includes('attempt 1 in')))
      await handlers.disconnect({ id: 1 })
    } finally {
      await live.close()
    }
    const text = live.log.map(({ level, message }) => `${level} ${message}`).join('\n')
    assert.match(text, /^info Connection 1: connecting to ws:\/\/127\.0\.0\.1:\d+\/?\?token=\*\*\*$/m)
    assert.match(text, /^info Connection 1: open, websocket, 101, HTTP\/1\.1, 127\.0\.0\.1$/m)
    assert.match(text, /^info Connection 1: closed, 1006, the connection was lost$/m)
    assert.match(text, /^info Connection 1: attempt 1 in \d+ ms: \w.*$/m)
    assert.doesNotMatch(text, /hush|a payload/)
  })

  it('warns of failures, with their code and sentence', async () => {
    const live = new LiveEngine()
    try {
      await live.engine.handlers.connect({
        spec: { url: 'ws://127.0.0.1:1/?token=hush', reconnect: 'never' },
      })
      await live.until(() => live.engine.status().connections[0]?.state === 'failed')
    } finally {
      await live.close()
    }
    const warnings = live.log.filter(({ level }) => level === 'warn').map(({ message }) => message)
    assert.equal(warnings.length, 1)
    assert.match(
      warnings[0] ?? '',
      /^Connection 1: ECONNREFUSED: Connecting to ws:\/\/127\.0\.0\.1:1\/\?token=\*\*\* failed: .*\.$/,
    )
  })

  function linesOf(events: readonly RealtimeEvent[]): string[] {
    const lines: string[] = []
    const log = new LifecycleLog(({ message }) => lines.push(message))
    for (const event of events) log.note(event)
    return lines
  }
  const close = (time: number, reason?: string): RealtimeEvent => ({
    ...{ type: 'close', connection: 7, time, by: 'server' },
    ...(reason !== undefined && { reason }),
  })

  it('masks secrets in a reason of the peer', () => {
    assert.deepEqual(linesOf([close(0, 'expired: {"token":"S3CR3T"}')]), [
      'Connection 7: closed, by the server, expired: {"token":"***"}',
    ])
  })

  it('keeps each entry on one line, even if the peer sends line breaks', () => {
    assert.deepEqual(linesOf([close(0, 'bye\n2026-11-23 05:00:00.000 [error] forged\u001b[2J\u2028x')]), [
      'Connection 7: closed, by the server, bye 2026-11-23 05:00:00.000 [error] forged [2J x',
    ])
  })

  it('limits the entries if connections open and close all the time, and says so', () => {
    const lines = linesOf([
      ...Array.from({ length: 5000 }, (_, n) => close(n)),
      ...Array.from({ length: 3 }, (_, n) => close(20_000 + n)),
    ])
    assert.equal(lines.length, 64)
    assert.match(lines[60] ?? '', /further ones are shown only in the panel\.$/)
    assert.match(lines[61] ?? '', /^Connection 7: closed/)
  })
})
