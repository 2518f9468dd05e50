import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../../scripts/paths.ts'
import { FIT_RULES } from '../../../src/diagnose/techniques/fit-rules.ts'
import { SessionTechniques } from '../../../src/diagnose/techniques/session-techniques.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import type {
  TechniqueAnswers,
  TechniqueConnection,
  TechniqueReport,
} from '../../../src/shared/techniques.ts'
import { TRANSPORTS, type TransportName } from '../../../src/shared/transports.ts'
import { CapturedFeed } from '../../support/feed-server.ts'
import { message } from '../../support/recording.ts'

const EVENTS = 40

function reportOf(
  events: readonly RealtimeEvent[],
  startedAt: Date,
  answers: TechniqueAnswers = {},
): TechniqueReport {
  const techniques = new SessionTechniques({ startedAt })
  for (const event of events) techniques.add(event)
  return techniques.report({ answers })
}

describe('the techniques of a session', () => {
  let captured: CapturedFeed
  let events: RealtimeEvent[]
  let report: TechniqueReport

  const startedAt = () => new Date(captured.live.engine.status().startedAt)
  const row = (transport: TransportName): TechniqueConnection =>
    report.connections.find((each) => each.transport === transport) ?? assert.fail(transport)

  describe('that carry one feed', () => {
    before(async () => {
      captured = await CapturedFeed.open(TRANSPORTS, 200)
      await captured.emit(EVENTS, 50)
      events = await captured.events()
      report = reportOf(events, startedAt())
    })

    after(() => captured.close())

    it('are found by what they carry', () => {
      assert.deepEqual(report.feed?.connections, [1, 2, 3, 4, 5])
      assert.equal(report.feed?.by, 'content')
      assert.deepEqual([report.feed?.counter, report.feed?.clock], ['seq', 'sentAt'])
      for (const each of report.connections) assert.equal(each.events, EVENTS, each.transport)
    })

    it('count requests and empty answers', () => {
      assert.deepEqual(
        [row('websocket').requests, row('sse').requests, row('http-stream').requests],
        [1, 1, 1],
      )
      assert.ok(row('long-poll').requests > EVENTS / 2)
      assert.equal(row('websocket').emptyShare, null)
      const { empty, responses, emptyShare, requests } = row('poll')
      const responsesIn = events.filter(
        (each) => each.type === 'response' && each.connection === row('poll').id,
      )
      assert.equal(responses, responsesIn.length)
      assert.equal(empty, responsesIn.filter((each) => each.type === 'response' && each.empty).length)
      assert.equal(emptyShare, Math.round(((empty ?? 0) / (responses ?? 1)) * 1000) / 1000)
      assert.ok(requests >= responsesIn.length)
    })

    it('weigh what comes with an event', () => {
      const bytes = (transport: TransportName) => row(transport).overheadPerEvent ?? assert.fail(transport)
      assert.ok(bytes('websocket') < bytes('long-poll'))
      assert.ok(bytes('sse') < bytes('long-poll'))
      // The frame of a short message has two bytes of header (RFC 6455 section 5.2), that of up to 64 kB has four.
      const { framing } = row('websocket').overhead
      assert.ok(framing === 2 * EVENTS || framing === 4 * EVENTS, String(framing))
    })

    it('take the time from the one in each event', () => {
      assert.equal(report.feed?.latencyFrom, 'clock')
      for (const { latency, transport } of report.connections) {
        assert.equal(latency?.count, EVENTS, transport)
        assert.ok((latency?.p50 ?? -1) >= 0, transport)
      }
      const p50 = (transport: TransportName) => row(transport).latency?.p50 ?? assert.fail(transport)
      assert.ok(p50('poll') > p50('websocket'))
    })

    it('deliver several events at a time if they poll', () => {
      assert.equal(row('websocket').eventsPerArrival, 1)
      assert.ok((row('poll').eventsPerArrival ?? 0) > 1.5)
    })

    it('lose nothing without a reconnect', () => {
      for (const { lost, reconnects } of report.connections) assert.deepEqual([lost, reconnects], [0, 0])
    })

    it('hold connections, or not', () => {
      assert.ok((row('sse').heldShare ?? 0) > 0.9)
      assert.ok((row('poll').heldShare ?? 1) < 0.5)
    })

    it('are drawn with the latest arrivals and cycles', () => {
      assert.ok(report.drawn.sent.length > EVENTS / 2)
      assert.ok(row('poll').cycles.some(({ empty }) => !empty))
      assert.equal(row('sse').arrivals.length, EVENTS)
    })

    it('are ranked, each with its reasons and their sources', () => {
      assert.deepEqual(new Set(report.advice.map(({ technique }) => technique)), new Set(TRANSPORTS))
      assert.equal(report.advice[0]?.technique, 'sse')
      for (const { because, measured, technique } of report.advice) {
        assert.ok(because.length > 0, technique)
        assert.ok(measured, technique)
        for (const { source } of because) if (source !== undefined) assert.match(source.url, /^https:/)
      }
      assert.deepEqual(report.missing, [])
    })

    it('are ranked by the answers', () => {
      const best = (answers: TechniqueAnswers) => reportOf(events, startedAt(), answers).advice[0]?.technique
      assert.equal(best({ clientsSend: 'always' }), 'websocket')
      assert.equal(best({ bufferingProxy: 'yes' }), 'long-poll')
      assert.equal(best({ media: true }), 'http-stream')
      assert.equal(best({ plainBrowser: true }), 'sse')
    })

    it('say what would change the ranking, and it does', () => {
      const changes = new Map(report.changes.map(({ change, technique }) => [change, technique]))
      assert.equal(changes.get('Clients send more than 1 message for 10 received'), 'websocket')
      assert.equal(changes.get('A proxy buffers the stream (finding buffered-stream)'), 'long-poll')
      assert.equal(changes.get('It is sound or video'), 'http-stream')
    })

    it('follow a finding that says that a stream is held', () => {
      const techniques = new SessionTechniques({ startedAt: startedAt() })
      for (const event of events) techniques.add(event)
      const { advice } = techniques.report({
        findings: [
          {
            rule: 'buffered-stream',
            severity: 'warning',
            connection: row('sse').id,
            message: '',
            evidence: {},
          },
        ],
      })
      assert.equal(advice[0]?.technique, 'long-poll')
    })

    it('say what is missing without the sizes of heads', () => {
      const bare = events.map((event) => {
        if (event.type !== 'open' && event.type !== 'response') return event
        const { headSize: _, requestHeadSize: __, ...rest } = event
        return rest
      })
      const { connections, missing, advice } = reportOf(bare, startedAt())
      for (const { overheadPerEvent } of connections) assert.equal(overheadPerEvent, null)
      assert.match(missing.join(' '), /sizes of heads on connections 1, 2, 3, 4, 5 are unknown/)
      assert.equal(advice.length, TRANSPORTS.length)
    })

    it('count from the first arrival if events have no time', () => {
      const untimed = events.map((event) =>
        event.type === 'message'
          ? {
              ...event,
              payload: Buffer.from(
                Buffer.from(event.payload)
                  .toString()
                  .replaceAll(/"sentAt":\d+,/g, ''),
              ),
            }
          : event,
      )
      const { feed, connections } = reportOf(untimed, startedAt())
      assert.deepEqual([feed?.latencyFrom, feed?.clock], ['fastest', null])
      const least = Math.min(...connections.map(({ latency }) => latency?.p50 ?? assert.fail('no latency')))
      assert.ok(least < 5)
    })
  })

  describe('that are cut', () => {
    before(async () => {
      captured = await CapturedFeed.open(['websocket', 'sse'])
      await captured.emit(20, 10)
      captured.server.cut()
      for (let n = 0; n < 5; n++) captured.server.feed.emit()
      await captured.until((some) => some.filter(({ type }) => type === 'open').length === 4)
      await captured.emit(20, 10)
      report = reportOf(await captured.events(), startedAt())
    })

    after(() => captured.close())

    it('lose what cannot be resumed', () => {
      assert.deepEqual([row('websocket').reconnects, row('websocket').lost], [1, 5])
      assert.deepEqual([row('sse').reconnects, row('sse').lost, row('sse').events], [1, 0, 45])
      const sse = report.advice.find(({ technique }) => technique === 'sse')
      assert.match(
        sse?.because.map(({ text }) => text).join('; ') ?? '',
        /nothing of 45.events was lost over 1.reconnect, with Last-Event-ID/,
      )
    })
  })

  it('are media if their content type says so', () => {
    const frames = (type: string): RealtimeEvent[] => [
      {
        type: 'connect',
        connection: 1,
        time: 0,
        transport: 'http-stream',
        url: 'http://h/camera',
        attempt: 0,
      },
      { type: 'open', connection: 1, time: 1, transport: 'http-stream', headers: { 'content-type': type } },
      ...Array.from({ length: 20 }, (_, n) =>
        message(10 * n + 10, Uint8Array.of(0xff, n), { opcode: 'binary' }),
      ),
    ]
    const best = (type: string) => reportOf(frames(type), new Date(0)).advice[0]?.technique
    assert.equal(best('multipart/x-mixed-replace; boundary=frame'), 'http-stream')
    assert.equal(best('application/octet-stream'), 'websocket')
  })

  it('count the streams to one host that are open at once', () => {
    const stream = (connection: number, from: number, to: number): RealtimeEvent[] => [
      {
        ...{ type: 'connect', connection, time: from, transport: 'sse', attempt: 0 },
        url: `http://h/${connection}`,
      },
      { type: 'open', connection, time: from + 1, transport: 'sse', headers: {}, httpVersion: '1.1' },
      ...Array.from({ length: 10 }, (_, n) => message(from + 10 + n, { connection, n }, { connection })),
      { type: 'close', connection, time: to, by: 'client' },
    ]
    const held = (every: number) => {
      const all = Array.from({ length: 7 }, (_, n) => stream(n + 1, every * n, every * n + 100)).flat()
      const { advice } = reportOf(
        all.sort((one, other) => one.time - other.time),
        new Date(0),
      )
      return /7 are held to one host/.test(JSON.stringify(advice))
    }
    assert.deepEqual([held(5), held(100)], [true, false])
  })

  it('give no advice below a minimum of events', async () => {
    captured = await CapturedFeed.open(['websocket', 'sse'])
    try {
      await captured.emit(4, 1)
      report = reportOf(await captured.events(), startedAt())
      assert.deepEqual([report.advice, report.changes], [[], []])
      assert.match(report.missing.join(), /at least 10 events on one connection, and 4.events came/)
    } finally {
      await captured.close()
    }
  })
})

describe('the table of rules in docs/techniques.md', () => {
  it('has each rule', () => {
    const text = readFileSync(join(ROOT, 'docs', 'techniques.md'), 'utf8')
    const described = [...text.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name)
    assert.deepEqual(
      described,
      FIT_RULES.map(({ name }) => name),
    )
  })
})
