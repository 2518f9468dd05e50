import assert from 'node:assert/strict'
import type { Ending } from '../../src/diagnose/observed-connection.ts'
import { connectionRule, type Rule } from '../../src/diagnose/rule.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { diagnose } from '../support/diagnose.ts'

/** How each attempt ended, as a rule that gets its last event sees it. */
async function endings(events: readonly RealtimeEvent[]): Promise<Ending[]> {
  const found = new Set<Ending>()
  const rule: Rule = connectionRule({
    ...{ name: 'endings', about: '', takes: ['close', 'reconnect', 'connect'] },
    start: (connection) => ({
      add: () => void (connection.ending && found.add(connection.ending)),
      findings: () => [],
    }),
  })
  await diagnose(events, { rules: [rule] })
  return [...found]
}

const on = { connection: 1 }
const connect = (time: number): RealtimeEvent => ({
  ...{ type: 'connect', ...on, time, transport: 'websocket', url: 'ws://feed.example/', attempt: 0 },
})
const open = (time: number): RealtimeEvent => ({
  ...{ type: 'open', ...on, time, transport: 'websocket', headers: {} },
})
const message = (time: number, direction: 'in' | 'out'): RealtimeEvent => ({
  ...{ type: 'message', ...on, time, direction, opcode: 'text', payload: new Uint8Array(3) },
})
const error = (time: number): RealtimeEvent => ({ type: 'error', ...on, time, code: 'X', message: 'Oh.' })
const close = (time: number): RealtimeEvent => ({ type: 'close', ...on, time, by: 'network', code: 1006 })

describe('the end of an observed connection', () => {
  it('has the silences before it, and the longest ones that were survived', async () => {
    const events = [connect(0), open(10), message(40, 'in'), message(50, 'out'), message(130, 'in')]
    assert.deepEqual(await endings([...events, error(200), close(200)]), [
      {
        ...{ openedAt: 10, endedAt: 200, by: 'network', code: 1006 },
        ...{ silentIn: 70, silent: 70, silentOut: 150 },
        ...{ survived: { in: 90, out: 40, any: 80 }, hasReceived: true, isOnPurpose: false },
      },
    ])
  })

  it('is not an error after which it goes on', async () => {
    const events = [connect(0), open(10), error(20), message(40, 'in'), close(100)]
    assert.deepEqual(
      (await endings(events)).map(({ endedAt, silentIn }) => [endedAt, silentIn]),
      [[100, 60]],
    )
  })

  it('is the next attempt if no event says it, and each attempt begins anew', async () => {
    const attempt = (at: number) => [connect(at), open(at), message(at + 70, 'in')]
    assert.deepEqual(
      (await endings([...attempt(0), ...attempt(100), close(200)])).map(({ endedAt, by, survived }) => [
        ...[endedAt, by, survived.in],
      ]),
      [
        [100, undefined, 70],
        [200, 'network', 70],
      ],
    )
  })
})
