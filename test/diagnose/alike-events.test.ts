/** Rules find the same in messages that they take at once as in messages that they take one by one. */
import assert from 'node:assert/strict'
import { alikeFrom, areAlike } from '../../src/diagnose/alike-events.ts'
import { Diagnosis } from '../../src/diagnose/diagnosis.ts'
import { CurrentEvent, rowOf } from '../../src/diagnose/rule-event.ts'
import { RULES } from '../../src/diagnose/rules.ts'
import type { Direction, RealtimeEvent } from '../../src/shared/event.ts'
import { allocateColumns, type ColumnBatch } from '../../src/shared/event-columns.ts'
import type { TransportName } from '../../src/shared/transports.ts'
import { message } from '../support/recording.ts'
import { seededRandom } from '../support/splits.ts'

const NOW = 1e9
/** So low that every rule has something to say. */
const LOW = Object.fromEntries(RULES.map(({ name }) => [name, name === 'compression-useless' ? 1 : 0]))

/** Two attempts of a connection with bursts of messages in either direction, at the same time or some milliseconds apart. */
function session(transport: TransportName, seed: number): RealtimeEvent[] {
  const random = seededRandom(seed)
  const sends = transport === 'websocket'
  const events: RealtimeEvent[] = []
  let time = 0
  let isAsked = false
  for (const attempt of [0, 1]) {
    time += 10
    events.push({ type: 'connect', connection: 1, time, transport, url: 'http://localhost/feed', attempt })
    // From a cache at first.
    const headers: Readonly<Record<string, string>> = attempt === 0 ? { age: '12' } : {}
    const extensions = sends ? { extensions: 'permessage-deflate' } : {}
    const status = sends ? 101 : 200
    events.push({
      ...{ type: 'open', connection: 1, time, transport, status, headers, httpVersion: '1.1', ...extensions },
    })
    for (let burst = 0; burst < 200; burst++) {
      // What follows what was sent is late, as if an acknowledgment was.
      time += isAsked ? (random() < 0.9 ? 40 : 2) : random() * 300
      const direction: Direction = sends && !isAsked && random() < 0.6 ? 'out' : 'in'
      isAsked = direction === 'out'
      const compressed = sends && random() < 0.5
      const count = 1 + Math.floor(random() ** 3 * 100)
      for (let n = 0; n < count; n++) {
        const size = Math.floor(random() * 20)
        const wireSize = random() < 0.1 ? {} : { wireSize: size + 2 + Math.floor(random() * 40) }
        events.push(message(time, 'x'.repeat(size), { direction, compressed, ...wireSize }))
        if (random() < 0.5) time += random() * 5
      }
    }
    time += 20
    if (attempt === 0) {
      events.push({ type: 'close', connection: 1, time, by: 'network', reason: 'lost' })
      events.push({ type: 'reconnect', connection: 1, time, attempt: 1, delay: 10, reason: 'lost' })
    }
  }
  return events
}

function columnsOf(events: readonly RealtimeEvent[]): ColumnBatch {
  const columns = allocateColumns(0, events.length)
  for (const [at, event] of events.entries()) {
    const { time, kind, connection, size, wireSize } = rowOf(event)
    columns.time[at] = time
    columns.kind[at] = kind
    columns.connection[at] = connection
    columns.size[at] = size
    columns.wireSize[at] = wireSize
  }
  return columns
}

/** What is found, what is known of the connection, and how many events were taken at once. */
function diagnosed(events: readonly RealtimeEvent[], atOnce: boolean) {
  const columns = columnsOf(events)
  const diagnosis = new Diagnosis({ thresholds: LOW })
  const current = new CurrentEvent({ read: (number) => events[number] as RealtimeEvent })
  let alike = 0
  for (let at = 0; at < events.length; ) {
    const [time, kind, connection, size, wireSize] = (
      ['time', 'kind', 'connection', 'size', 'wireSize'] as const
    ).map((name) => columns[name][at]) as [number, number, number, number, number]
    if (atOnce && areAlike(columns, at) && diagnosis.takesAlike(connection, kind)) {
      const run = alikeFrom(columns, at)
      diagnosis.addAlike(run, false)
      alike += run.to - run.from
      at = run.to
      continue
    }
    current.move(at++, time, kind, connection, size, wireSize)
    diagnosis.add(current, false)
  }
  const [known] = diagnosis.connections
  return { findings: diagnosis.findings(NOW), failed: diagnosis.failed, known, alike }
}

describe('messages that rules take at once', () => {
  for (const transport of ['websocket', 'sse', 'http-stream'] as const) {
    it(`are as if they came one by one, with ${transport}`, () => {
      for (let seed = 1; seed <= 8; seed++) {
        const events = session(transport, seed)
        const { alike: none, ...expected } = diagnosed(events, false)
        const { alike, ...actual } = diagnosed(events, true)
        assert.equal(none, 0)
        assert.ok(alike > events.length / 3, `${alike} of ${events.length} were taken at once`)
        assert.deepEqual(actual, expected)
        assert.deepEqual(actual.failed, [])
      }
    })
  }

  it('have something to say to each rule that takes them so', () => {
    const found = new Set(
      (['websocket', 'sse'] as const).flatMap((transport) =>
        diagnosed(session(transport, 1), true).findings.map(({ rule }) => rule),
      ),
    )
    for (const rule of [
      'tiny-messages',
      'fragment-heavy',
      'compression-useless',
      'nagle-delayed-ack',
      'no-event-id',
    ])
      assert.ok(found.has(rule), rule)
  })
})
