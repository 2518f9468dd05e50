import assert from 'node:assert/strict'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { labelOf } from '../../src/shared/label.ts'

const at = { connection: 1, time: 0 }
const payload = new Uint8Array(0)

describe('the label of an event', () => {
  for (const [event, label] of [
    [{ ...at, type: 'message', direction: 'in', event: 'tick', payload }, 'tick'],
    [{ ...at, type: 'message', direction: 'out', payload }, ''],
    [{ ...at, type: 'open', transport: 'sse', status: 200, headers: {}, httpVersion: '1.1' }, '200'],
    [{ ...at, type: 'response', status: 304, headers: {}, held: 1, empty: true }, '304'],
    [{ ...at, type: 'error', code: 'ECONNRESET', message: 'The connection was reset.' }, 'ECONNRESET'],
    [{ ...at, type: 'close', by: 'server', code: 1001 }, '1001'],
    [{ ...at, type: 'close', by: 'network' }, 'network'],
    [{ ...at, type: 'connect', transport: 'sse', url: 'http://h/', attempt: 0 }, '0'],
    [{ ...at, type: 'reconnect', attempt: 3, delay: 10, reason: 'lost' }, '3'],
    [{ ...at, type: 'ping', direction: 'in', payload }, ''],
    [{ type: 'mark', time: 0, text: 'here' }, ''],
  ] as const satisfies readonly (readonly [RealtimeEvent, string])[])
    it(`that is a ${event.type} is ${JSON.stringify(label)}`, () => assert.equal(labelOf(event), label))
})
