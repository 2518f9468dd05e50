import assert from 'node:assert/strict'
import picocolors from 'picocolors'
import { formatReport } from '../../src/cli/report/format-report.ts'
import { RateSeries, Sample, SizeHistogram } from '../../src/diagnose/figures/distributions.ts'
import { reportRecording } from '../../src/session/report-recording.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { wireTotals } from '../../src/shared/report/totals.ts'
import { conversation, message, opened, recordingOf } from '../support/recording.ts'
import { seededRandom } from '../support/splits.ts'

async function first(events: readonly RealtimeEvent[]) {
  const [connection] = (await reportRecording(recordingOf(events))).connections
  assert.ok(connection !== undefined)
  return connection
}

describe('a report', () => {
  it('counts events of each type, messages and bytes in each direction', async () => {
    const report = await reportRecording(
      recordingOf([
        ...conversation(['12345', 'é']),
        message(50, 'out', { direction: 'out' }),
        {
          type: 'message',
          connection: 1,
          time: 60,
          direction: 'in',
          payload: new Uint8Array(0),
          dropped: 700,
        },
        { type: 'mark', time: 61, text: 'note' },
        ...opened(2, 70, 'ws://h/other?token=secret'),
      ]),
    )
    assert.deepEqual(
      [report.startedAt, report.generator, report.duration, report.events, report.marks],
      ['2026-11-23T05:00:00.000Z', 'test', 71, 9, 1],
    )
    const [one, two] = report.connections
    assert.deepEqual(one?.events, { connect: 1, open: 1, message: 4 })
    assert.deepEqual(
      [one?.in.messages, one?.in.bytes.payload, one?.out.messages, one?.out.bytes.payload],
      [3, 707, 1, 3],
    )
    assert.deepEqual([one?.from, one?.to, two?.from, two?.to], [0, 60, 70, 71])
    assert.deepEqual([two?.transport, two?.url], ['websocket', 'ws://h/other?token=***'])
    assert.deepEqual([two?.in.gaps, two?.in.sizes, two?.polls], [null, [], null])
  })

  it('reports the overhead on the connection if it is known, and the number of messages for which it is not', async () => {
    const { bytes } = (
      await first([
        ...opened(),
        message(1, 'x'.repeat(100), { wireSize: 102 }),
        message(2, 'x'.repeat(1000), { wireSize: 40 }),
        message(3, 'xx'),
      ])
    ).in
    assert.deepEqual(bytes, { payload: 1102, known: 2, unknown: 1, heads: 0, wire: 142, overhead: -958 })
  })

  it('counts the heads of requests and responses as overhead', async () => {
    const response = { type: 'response', connection: 1, headers: {}, requestHeadSize: 150 } as const
    const report = await first([
      ...opened(),
      { ...response, time: 2, empty: true, headSize: 90 },
      { ...response, time: 3, empty: false, headSize: 110 },
      message(3, 'x'.repeat(40), { wireSize: 40 }),
    ])
    const [received, sent] = [report.in.bytes, report.out.bytes]
    assert.deepEqual([received.heads, received.wire, received.overhead], [200, 240, 200])
    assert.deepEqual([sent.heads, sent.wire, sent.overhead], [300, 300, 300])
    assert.deepEqual(wireTotals([report.in, report.out]), {
      ...{ bytes: 540, overhead: 500, heads: 500, share: 500 / 540, unknown: 0 },
    })
  })

  it('measures gaps between messages of one direction, but not over an outage', async () => {
    const { gaps } = (
      await first([
        ...opened(),
        message(10, 'a'),
        message(11, 'sent', { direction: 'out' }),
        message(30, 'b'),
        { type: 'reconnect', connection: 1, time: 31, attempt: 1, delay: 5, reason: 'lost' },
        ...opened(1, 5000),
        message(5010, 'c'),
        message(5015, 'd'),
      ])
    ).in
    assert.deepEqual(gaps, { p50: 5, p95: 20, p99: 20, max: 20 })
  })

  it('counts reconnects, and the time from a close or error to the next open', async () => {
    const events: RealtimeEvent[] = [
      ...opened(),
      { type: 'error', connection: 1, time: 100, code: 'ECONNRESET', message: 'reset' },
      { type: 'close', connection: 1, time: 101, by: 'network' },
      { type: 'reconnect', connection: 1, time: 102, attempt: 1, delay: 5, reason: 'lost' },
      { type: 'error', connection: 1, time: 150, code: 'ECONNREFUSED', message: 'refused' },
      { type: 'reconnect', connection: 1, time: 151, attempt: 2, delay: 5, reason: 'refused' },
      ...opened(1, 399),
      { type: 'gap', connection: 1, time: 401, missed: 3, repeated: 1 },
      { type: 'close', connection: 1, time: 500, by: 'server' },
      { type: 'reconnect', connection: 1, time: 501, attempt: 1, delay: 5, reason: 'closed' },
      ...opened(1, 549),
      { type: 'close', connection: 1, time: 600, by: 'client' },
    ]
    const report = await first(events)
    assert.deepEqual(report.outages, {
      reconnects: 3,
      outages: 2,
      timeLost: 350,
      longest: 300,
      endsLost: false,
      missed: 3,
      repeated: 1,
    })
    assert.deepEqual(report.errors, { ECONNRESET: 1, ECONNREFUSED: 1 })
    assert.equal((await first(events.slice(0, 5))).outages.endsLost, true)
  })

  it('does not count an outage before the connection has been open', async () => {
    const { outages } = await first([
      { type: 'connect', connection: 1, time: 0, transport: 'sse', url: 'http://h/', attempt: 0 },
      { type: 'error', connection: 1, time: 10, code: 'ECONNREFUSED', message: 'Nothing listens there.' },
      { type: 'reconnect', connection: 1, time: 10, attempt: 1, delay: 500, reason: 'refused' },
      ...opened(1, 510),
      message(600, 'a'),
    ])
    assert.deepEqual(
      [outages.reconnects, outages.outages, outages.timeLost, outages.endsLost],
      [1, 0, 0, false],
    )
  })

  it('adds up the phases to the first byte, and says how long a connection was open', async () => {
    const connect = (time: number): RealtimeEvent => ({
      type: 'connect',
      connection: 1,
      time,
      transport: 'sse',
      url: 'https://h/',
      attempt: 0,
    })
    const open = (time: number, firstByte: number): RealtimeEvent => ({
      type: 'open',
      connection: 1,
      time,
      transport: 'sse',
      status: 200,
      headers: {},
      httpVersion: '1.1',
      timing: { dns: 3.1, tcp: 9.3, tls: 9.5, firstByte },
    })
    const report = await first([
      connect(0),
      open(31, 8.3),
      message(40, 'a'),
      message(40.5, 'b'),
      message(43.5, 'c'),
      { type: 'close', connection: 1, time: 131, by: 'network' },
      connect(140),
      open(151, 11),
      { type: 'mark', time: 201, text: '' },
    ])
    assert.deepEqual(report.firstByte, { dns: 3.1, tcp: 9.3, tls: 9.5, answer: 8.3, total: 30.2 })
    assert.deepEqual([report.openFor, report.down], [150, [{ from: 131, to: 151 }]])
    assert.deepEqual(report.in.gapCounts, [
      { from: 0, to: 1, count: 1 },
      { from: 1, to: 2, count: 0 },
      { from: 2, to: 4, count: 1 },
    ])
  })

  it('measures round trips from pings to their pongs, except if two pings with the same data wait', async () => {
    const control = (time: number, type: 'ping' | 'pong', direction: 'in' | 'out', data: string) =>
      ({ type, connection: 1, time, direction, payload: Buffer.from(data) }) as const
    const report = await first([
      ...opened(),
      control(10, 'ping', 'out', '1'),
      control(11, 'ping', 'in', '1'),
      control(11.5, 'pong', 'out', '1'),
      control(14, 'pong', 'in', '1'),
      control(15, 'pong', 'in', 'unsolicited'),
      control(20, 'ping', 'out', 'same'),
      control(21, 'ping', 'out', 'same'),
      control(22, 'pong', 'in', 'same'),
      control(30, 'ping', 'out', '2'),
      control(38, 'pong', 'in', '2'),
      control(40, 'ping', 'out', 'lost'),
    ])
    assert.deepEqual(report.roundTrips, { p50: 4, p95: 8, p99: 8, max: 8 })
  })

  it('does not invent parts of the first byte that were not measured', async () => {
    const report = await first(opened())
    assert.equal(report.firstByte, null)
  })

  it('has times to the microsecond, without rounding errors', async () => {
    const lost = (time: number): RealtimeEvent => ({ type: 'close', connection: 1, time, by: 'network' })
    const { in: inbound, outages } = await first([
      ...opened(1, 0),
      message(1.1, 'a'),
      message(1.3, 'b'),
      lost(2.1),
      ...opened(1, 1.3 + 0.1),
      lost(3.3),
      ...opened(1, 2.6),
    ])
    // 1.3 - 1.1 is 0.19999999999999996, and 2.4 - 2.1 and 3.6 - 3.3 are no better.
    assert.deepEqual(inbound.gaps, { p50: 0.2, p95: 0.2, p99: 0.2, max: 0.2 })
    assert.deepEqual([outages.timeLost, outages.longest], [0.6, 0.3])
  })

  it('reports how many polls had no news, and how long they were held', async () => {
    const answer = (time: number, held: number, empty: boolean): RealtimeEvent[] => [
      { type: 'request', connection: 1, time: time - held, url: 'http://h/', headers: {} },
      { type: 'response', connection: 1, time, status: 200, headers: {}, held, empty },
    ]
    const { polls } = await first([
      ...answer(100, 10, true),
      ...answer(200, 30, false),
      ...answer(300, 20, true),
      ...answer(400, 90, true),
      { type: 'request', connection: 1, time: 401, url: 'http://h/', headers: {} },
    ])
    assert.deepEqual(polls, {
      requests: 5,
      responses: 4,
      empty: 3,
      emptyShare: 0.75,
      held: { p50: 20, p95: 90, p99: 90, max: 90 },
    })
  })

  it('lists the event names of a stream by frequency', async () => {
    const named = (time: number, event: string) => message(time, 'x', { event })
    const { eventNames } = await first([named(1, 'a'), named(2, 'b'), named(3, 'b')])
    assert.deepEqual(Object.entries(eventNames), [
      ['b', 2],
      ['a', 1],
    ])
  })

  it('of an empty session is empty', async () => {
    const report = await reportRecording(recordingOf([]))
    assert.deepEqual([report.events, report.duration, report.connections], [0, 0, []])
  })

  it('limits the buckets of rates in a long session, and counts every message', async () => {
    const times = [1, 2, 3, 1000, 86_400_000, 1e15]
    const { rate } = (await first([...opened(), ...times.map((time) => message(time, 'x'))])).in
    assert.ok(rate.counts.length <= 120)
    assert.equal(
      rate.counts.reduce((sum, count) => sum + count, 0),
      times.length,
    )
    assert.deepEqual([rate.counts[0], rate.peak], [5, 5])
    assert.ok(rate.bucket * rate.counts.length > 1e15)
  })
})

describe('distributions', () => {
  it('have exact percentiles by nearest rank (seeded)', () => {
    const random = seededRandom(3)
    for (let round = 0; round < 100; round++) {
      const values = Array.from(
        { length: 1 + Math.floor(random() * 300) },
        () => Math.floor(random() * 1e6) / 1000,
      )
      const sample = new Sample()
      for (const value of values) sample.add(value)
      const least = (share: number) => {
        // The least value that at least this share of them does not exceed.
        const sorted = values.toSorted((a, b) => a - b)
        return sorted.find((value) => sorted.filter((each) => each <= value).length >= share * sorted.length)
      }
      assert.deepEqual(sample.percentiles(), {
        p50: least(0.5),
        p95: least(0.95),
        p99: least(0.99),
        max: Math.max(...values),
      })
    }
  })

  it('count sizes by powers of two', () => {
    const histogram = new SizeHistogram()
    for (const size of [1, 2, 3, 4, 7, 8, 1023, 1024]) histogram.add(size)
    const filled = histogram.ranges().filter(({ count }) => count > 0)
    assert.deepEqual(
      filled.map(({ from, to, count }) => [from, to, count]),
      [
        [1, 1, 1],
        [2, 3, 2],
        [4, 7, 2],
        [8, 15, 1],
        [512, 1023, 1],
        [1024, 2047, 1],
      ],
    )
  })

  it('widen the buckets of all rates together', () => {
    const series = new RateSeries()
    for (let time = 0; time < 1000; time++) series.add(time)
    assert.deepEqual([series.width, series.counts(1).slice(0, 2)], [16, [16, 16]])
    assert.deepEqual(series.counts(64), [...new Array(15).fill(64), 40])
  })

  it('have the same rates for times in any order (seeded)', () => {
    const random = seededRandom(5)
    for (let round = 0; round < 200; round++) {
      const times = Array.from({ length: 1 + Math.floor(random() * 40) }, () =>
        Math.floor(random() ** 4 * 1e6),
      )
      const series = new RateSeries()
      for (const time of times) series.add(time)
      const counts: number[] = []
      for (const time of times) {
        const bucket = Math.floor(time / series.width)
        while (counts.length <= bucket) counts.push(0)
        counts[bucket] = (counts[bucket] ?? 0) + 1
      }
      assert.deepEqual(series.counts(1), counts)
      assert.ok(counts.length <= 120)
    }
  })

  it('are finite at the latest possible times', async () => {
    const latest = 8.64e15
    const report = await reportRecording(
      recordingOf([...opened(), message(1, 'a'), message(latest, 'b'), message(latest, 'c')]),
    )
    const numbers = JSON.stringify(report).match(/null|NaN|Infinity/g) ?? []
    // There was nothing sent that could have gaps, no poll, no time of a first byte, no ping, no answer,
    // and no time in a message.
    assert.deepEqual(numbers, ['null', 'null', 'null', 'null', 'null', 'null'])
    assert.equal(report.connections[0]?.in.gaps?.max, latest - 1)
    assert.doesNotMatch(formatReport(report, picocolors.createColors(false), 100).join('\n'), /NaN|Infinity/)
  })
})
