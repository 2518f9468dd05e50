import assert from 'node:assert/strict'
import { DeliveryLatency } from '../../../src/diagnose/figures/latency.ts'
import { LatencySeries } from '../../../src/diagnose/figures/latency-series.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { clocksText } from '../../../src/shared/report/delivery-text.ts'

/** Session time 0 on our clock, and how far that of the sender is ahead. */
const STARTED = Date.parse('2026-11-30T04:00:00Z')
const AHEAD = 5000

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))

function message(time: number, value: unknown): RealtimeEvent {
  return { type: 'message', connection: 1, time, direction: 'in', opcode: 'text', payload: bytes(value) }
}

function connect(more: object = {}): RealtimeEvent {
  return {
    type: 'connect',
    connection: 1,
    time: 0,
    url: 'ws://h/',
    transport: 'websocket',
    attempt: 0,
    ...more,
  }
}

/** Messages each 100 ms, of which the last of each ten takes 50 ms longer than the others. */
function paced(payloadOf: (sent: number) => unknown, count = 100): RealtimeEvent[] {
  return Array.from({ length: count }, (_, n) => {
    const sent = n * 100
    return message(sent + 10 + (n % 10 === 9 ? 50 : 0), payloadOf(STARTED + sent + AHEAD))
  })
}

function measured(events: readonly RealtimeEvent[]): DeliveryLatency {
  const latency = new DeliveryLatency(STARTED)
  for (const event of events) latency.add(event)
  return latency
}

describe('the delay of messages', () => {
  it('is measured by the time that is found in them, above the fastest', () => {
    const report = measured([connect(), ...paced((time) => ({ data: { ts: time } }))]).report()
    assert.deepEqual(report, {
      field: 'data.ts',
      events: 100,
      latency: { p50: 0, p95: 50, p99: 50, max: 50 },
      fastest: 10 - AHEAD,
      roundTrip: null,
    })
  })

  it('is measured by the time that the user names, also if it is not that of a clock', () => {
    // Another field is a better clock, and the list has no other element.
    const events = paced((time) => ({
      at: new Date(time).toISOString(),
      list: [{ 'sent at': time - 86_400_000 * 9 }],
    }))
    const found = measured([connect(), ...events]).report()
    assert.equal(found?.field, 'at')
    const path = "$.list[-1]['sent at']"
    const named = measured([connect({ latencyField: path }), ...events]).report()
    assert.deepEqual([named?.field, named?.events, named?.latency.p95], [path, 100, 50])
  })

  it('is unknown without a time, and of messages that were sent', () => {
    assert.equal(measured([connect(), ...paced(() => ({ n: 1 }), 400)]).report(), null)
    const sent = paced((ts) => ({ ts })).map((event) => ({ ...event, direction: 'out' }) as RealtimeEvent)
    assert.equal(measured([connect(), ...sent]).report(), null)
    const few = paced((ts) => ({ ts }), 3)
    assert.equal(measured([connect(), ...few]).report(), null)
  })

  it('is looked for in a bounded number of bytes', () => {
    const large = paced(() => ({ n: 1, text: 'x'.repeat(600_000) }), 8)
    const later = paced((ts) => ({ ts })).map((event) => ({ ...event, time: event.time + 1000 }))
    assert.equal(measured([connect(), ...large, ...later]).report(), null)
    assert.equal(measured([connect(), ...large.slice(0, 6), ...later]).report()?.field, 'ts')
  })

  it('counts what a poll brings again once', () => {
    const list = Array.from({ length: 40 }, (_, n) => ({ ts: STARTED + n * 100 }))
    const polls = list.map((_, n) => message(n * 100 + 20, list.slice(Math.max(0, n - 4), n + 1)))
    const report = measured([connect({ transport: 'poll', url: 'http://h/' }), ...polls]).report()
    assert.deepEqual([report?.events, report?.latency.max], [40, 0])
  })

  it('knows how far the clocks are apart at least, and by a round trip about', () => {
    const events = paced((ts) => ({ ts }))
    const proven = measured([connect(), ...events]).report()
    assert.ok(proven)
    assert.match(clocksText(proven), /^the sender’s clock is ahead by at least 5.0 s$/)
    const ping = { type: 'ping', connection: 1, time: 1, direction: 'out', payload: bytes(1) } as const
    const pong = { ...ping, type: 'pong', time: 21, direction: 'in' } as const
    const tripped = measured([connect(), ping, { ...pong, payload: bytes(2) }, pong, ...events]).report()
    assert.equal(tripped?.roundTrip, 20)
    assert.match(
      clocksText(tripped),
      /ahead by at least .*, and about 5.* s ahead, by half the shortest round trip of 20 ms/,
    )
    const unknown = { ...proven, fastest: 3 }
    assert.equal(clocksText(unknown), 'how far the clocks are apart is unknown')
  })
})

describe('delays over time', () => {
  it('have the least, the median and the most of each bucket', () => {
    const series = new LatencySeries()
    for (const [time, delay] of [
      [0, 10],
      [1, 12],
      [2, 30],
      [105, 11],
      [390, 15],
    ] as const)
      series.add(time, delay)
    assert.deepEqual(series.between(0, 400, 100), [
      { from: 0, to: 100, min: 0, median: 2, max: 20 },
      { from: 100, to: 200, min: 1, median: 1, max: 1 },
      { from: 300, to: 400, min: 5, median: 5, max: 5 },
    ])
    assert.deepEqual(
      series.between(2, 106, 1).map(({ from }) => from),
      [2, 105],
    )
    assert.deepEqual(series.between(391, 1000, 60), [])
  })

  it('take a bounded memory, and keep the fastest and the spread of very many', () => {
    const series = new LatencySeries()
    for (let n = 0; n < 1_000_000; n++) series.add(n, 100 + (n % 101))
    assert.ok(series.delays().length < 20_000)
    assert.deepEqual([series.count, series.least], [1_000_000, 100])
    const sorted = series.delays().sort((a, b) => a - b)
    const median = sorted[sorted.length >> 1] ?? 0
    assert.ok(median > 40 && median < 60, String(median))
  })
})
