/** What is expected of a connection, with events by hand and a clock that the test moves. */
import assert from 'node:assert/strict'
import { decodersWith } from '../../../src/decode/decoders.ts'
import { Expectations } from '../../../src/engine/expect/expectations.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { FakeTimers } from '../../support/fake-timers.ts'

function message(time: number, text: string, direction: 'in' | 'out' = 'in'): RealtimeEvent {
  return {
    ...{ type: 'message', connection: 1, time, direction, opcode: 'text', frames: 1, compressed: false },
    payload: Buffer.from(text),
  } as RealtimeEvent
}

const CONNECT = { type: 'connect', connection: 1, time: 5, url: 'ws://a/', attempt: 0 } as RealtimeEvent
const OPEN = { type: 'open', connection: 1, time: 100, transport: 'websocket', status: 101 } as RealtimeEvent
const CLOSE = { type: 'close', connection: 1, time: 9000, code: 1000, by: 'client' } as RealtimeEvent

describe('what is expected of a connection', () => {
  let timers: FakeTimers
  let changes: number

  beforeEach(() => {
    timers = new FakeTimers()
    changes = 0
  })

  async function expecting(...texts: readonly string[]): Promise<Expectations> {
    return await Expectations.prepare(texts, {
      decoders: decodersWith([]),
      timers,
      changed: () => {
        changes++
      },
    })
  }

  function verdicts({ status }: Expectations): unknown[] {
    return status.map(({ state, detail }) => (detail === undefined ? state : `${state}: ${detail}`))
  }

  it('holds at the event that it is about, and says after how long', async () => {
    const expectations = await expecting('$.type == "ready" within 2s')
    for (const event of [CONNECT, OPEN, message(150, '{"type":"no"}')]) expectations.appended(event)
    assert.deepEqual([verdicts(expectations), changes], [['pending'], 0])
    expectations.appended(message(226, '{"type":"ready"}'))
    assert.deepEqual([verdicts(expectations), changes], [['held: after 126 ms'], 1])
    assert.equal(expectations.status[0]?.time, 226)
    assert.equal(expectations.isDecided, true)
  })

  it('fails at its deadline, with what came instead', async () => {
    const expectations = await expecting('$.type == "ready" within 2s')
    for (const event of [CONNECT, OPEN, message(150, '{"type":"no"}'), message(160, '{"type":"never"}')])
      expectations.appended(event)
    assert.equal(expectations.waitsFor, 'deadline')
    timers.advance(2100)
    await Promise.resolve()
    await Promise.resolve()
    assert.deepEqual(verdicts(expectations), ['failed: none in 2.0 s'])
    assert.deepEqual(expectations.status[0]?.cameInstead, ['no', 'never'])
  })

  it('reads nothing of a connection once all is decided', async () => {
    const unread = (time: number) => {
      const event = message(time, 'tock')
      Object.defineProperty(event, 'payload', { get: () => assert.fail('the payload is read') })
      return event
    }
    const decided = await expecting('"tick"', 'status == 101')
    for (const event of [CONNECT, OPEN, message(600, 'tick')]) decided.appended(event)
    assert.ok(decided.isDecided)
    decided.appended(unread(700))
  })

  it('counts only what came in time, even if nobody looked at the clock', async () => {
    const expectations = await expecting('"tick" within 1s at least 2')
    for (const event of [CONNECT, OPEN, message(600, 'tick'), message(1101, 'tick')])
      expectations.appended(event)
    assert.deepEqual(verdicts(expectations), ['failed: only 1 in 1.0 s'])
  })

  it('takes what is received, unless the filter says otherwise', async () => {
    const expectations = await expecting('"tick"', 'dir:out "tick"', 'type:close', '101')
    for (const event of [CONNECT, OPEN, message(120, 'tick', 'out')]) expectations.appended(event)
    assert.deepEqual(verdicts(expectations), ['pending', 'held: after 20 ms', 'pending', 'pending'])
    expectations.appended(CLOSE)
    await expectations.ended()
    assert.deepEqual(verdicts(expectations), [
      'failed: none before it ended',
      'held: after 20 ms',
      'held: after 8.9 s',
      'failed: none before it ended',
    ])
  })

  it('that must not come fails when it comes, and holds otherwise', async () => {
    const expectations = await expecting('no "error" within 1s', 'no "fatal"', '"tick" at most 1')
    for (const event of [CONNECT, OPEN, message(110, 'tick'), message(120, 'error')])
      expectations.appended(event)
    expectations.appended(message(130, 'tick'))
    await expectations.ended()
    assert.deepEqual(verdicts(expectations), [
      'failed: one came after 20 ms',
      'held: none before it ended',
      'failed: 2 came',
    ])
  })

  it('compares the status, the close code, gaps and latencies', async () => {
    const expectations = await expecting(
      'status == 101',
      'close == 1000',
      'gap p50 < 50ms',
      'latency max < 1s',
      'status == 200',
    )
    for (const event of [CONNECT, OPEN, message(110, 'a'), message(120, 'b'), message(150, 'c'), CLOSE])
      expectations.appended(event)
    await expectations.ended()
    assert.deepEqual(verdicts(expectations), [
      'held: 101',
      'held: 1000',
      'held: 10 ms, of 2 gaps',
      'failed: no answers came',
      'failed: 101',
    ])
  })

  it('looks into the packets of a protocol', async () => {
    const expectations = await expecting('kind:ack name:sum $[0] == 42 within 1s', 'latency max < 1s')
    const url = 'ws://a/socket.io/?EIO=4&transport=websocket'
    for (const event of [
      { ...CONNECT, url } as RealtimeEvent,
      OPEN,
      message(
        101,
        '0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}',
      ),
      message(102, '40', 'out'),
      message(103, '40{"sid":"y"}'),
      message(110, '421["sum",20,22]', 'out'),
      message(150, '431[42]'),
    ])
      expectations.appended(event)
    await expectations.ended()
    assert.deepEqual(verdicts(expectations), ['held: after 50 ms', 'held: 40 ms, of 1 answer'])
  })

  it('waits for a regular expression before it decides', async () => {
    const expectations = await expecting('/t.ck/ at least 2')
    for (const event of [CONNECT, OPEN, message(110, 'tick'), message(120, 'tock')])
      expectations.appended(event)
    await expectations.ended()
    assert.deepEqual(verdicts(expectations), ['held: 2 came, after 20 ms'])
    expectations.stop()
  })

  it('fails if the connection never opened', async () => {
    const expectations = await expecting('"tick" within 1s', 'status == 101', 'no "tick"')
    expectations.appended(CONNECT)
    await expectations.ended()
    assert.deepEqual(verdicts(expectations), [
      'failed: none before it ended',
      'failed: no response came',
      'held: none before it ended',
    ])
  })

  it('counts from the first open over reconnects', async () => {
    const expectations = await expecting('"tick" within 1s')
    for (const event of [CONNECT, OPEN, { ...CLOSE, time: 200 }, { ...OPEN, time: 900 }])
      expectations.appended(event as RealtimeEvent)
    expectations.appended(message(1200, 'tick'))
    assert.deepEqual(verdicts(expectations), ['failed: none in 1.0 s'])
  })

  it('rejects what cannot be checked as messages come', async () => {
    await assert.rejects(expecting('is:unanswered'), { code: 'BAD_EXPECTATION' })
    await assert.rejects(expecting('foo('), { code: 'BAD_EXPECTATION' })
  })
})
