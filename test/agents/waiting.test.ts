import assert from 'node:assert/strict'
import type { AgentSession } from '../../src/agents/tool.ts'
import { awaitEvent } from '../../src/agents/waiting.ts'
import { LiveEngine } from '../support/live-engine.ts'

describe('waiting for an event on behalf of an agent', () => {
  let live: LiveEngine
  let calls: string[]
  let session: AgentSession

  beforeEach(() => {
    live = new LiveEngine()
    calls = []
    session = {
      ...live.session,
      call: async (method, params) => {
        calls.push(method)
        return await live.session.call(method, params)
      },
    }
  })

  afterEach(() => live.close())

  const wait = (signal: AbortSignal) =>
    awaitEvent(session, { filter: 'never', connection: null, from: 1, timeout: 300_000 }, signal)

  it('is canceled in the engine too', async () => {
    const control = new AbortController()
    const waited = wait(control.signal)
    control.abort()
    await assert.rejects(waited, { code: 'CANCELLED' })
    assert.deepEqual(calls, ['awaitEvent', 'cancelAwait'])
    await assert.rejects(wait(control.signal), { code: 'CANCELLED' })
    assert.deepEqual(calls, ['awaitEvent', 'cancelAwait'])
  })
})
