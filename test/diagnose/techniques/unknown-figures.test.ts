/** What is not known of a connection is unknown in its figures, not 0. */
import assert from 'node:assert/strict'
import { SessionTechniques } from '../../../src/diagnose/techniques/session-techniques.ts'
import { techniquesOfRecording } from '../../../src/session/techniques-of-recording.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { message, opened, recordingOf, STARTED_AT } from '../../support/recording.ts'

function rowOf(events: readonly RealtimeEvent[]) {
  const techniques = new SessionTechniques({ startedAt: STARTED_AT })
  for (const event of events) techniques.add(event)
  const [row] = techniques.report().connections
  return row ?? assert.fail('no connection')
}

/** The events, with the sizes of the heads of the handshake. */
function withHeads(events: readonly RealtimeEvent[]): RealtimeEvent[] {
  return events.map((event) =>
    event.type === 'open' ? { ...event, requestHeadSize: 200, headSize: 100 } : event,
  )
}

const poll = (from: number, body: string | undefined): RealtimeEvent[] => [
  { type: 'request', connection: 1, time: from, url: 'http://h/', headers: {} },
  { type: 'response', connection: 1, time: from + 1, status: 200, headers: {}, empty: body === undefined },
  ...(body === undefined ? [] : [message(from + 2, body)]),
]
const pollConnect: RealtimeEvent = {
  type: 'connect',
  ...{ connection: 1, time: 0, transport: 'poll', url: 'http://h/', attempt: 0 },
}

describe('the figures of a technique', () => {
  it('count the framing of messages whose payloads were dropped', () => {
    const { overhead } = rowOf(withHeads([...opened(), message(10, '', { wireSize: 1004, dropped: 1000 })]))
    assert.deepEqual(overhead, { heads: 300, framing: 4, keepAlive: 0 })
  })

  it('have no overhead without a head, or with a comment or ping of unknown size', () => {
    const messages = [message(10, 'a', { wireSize: 3 }), message(20, 'b', { wireSize: 3 })]
    const ping: RealtimeEvent = {
      type: 'ping',
      ...{ connection: 1, direction: 'in', time: 30, payload: Buffer.of() },
    }
    const headless = rowOf(messages)
    assert.deepEqual(
      [headless.overhead.heads, headless.overheadPerEvent, headless.bytesIn],
      [null, null, null],
    )
    const pinged = rowOf(withHeads([...opened(), ...messages, ping]))
    assert.deepEqual([pinged.overhead.keepAlive, pinged.overheadPerEvent, pinged.bytesIn], [null, null, null])
    const known = rowOf(withHeads([...opened(), ...messages, { ...ping, wireSize: 2 }]))
    assert.deepEqual([known.overhead.keepAlive, known.overheadPerEvent, known.bytesIn], [2, 153, 108])
  })

  it('do not know what a poll has lost', () => {
    assert.equal(rowOf([pollConnect, ...poll(1, 'a'), ...poll(100, 'b')]).lost, null)
    assert.equal(rowOf([...opened(), message(10, 'a')]).lost, 0)
  })

  it('count a response that brought nothing once', () => {
    const { empty, responses } = rowOf([
      ...[pollConnect, ...poll(1, 'a'), ...poll(100, 'a'), ...poll(200, undefined), ...poll(300, 'b')],
    ])
    assert.deepEqual([empty, responses], [2, 4])
    const twice = poll(100, 'a').map((event) =>
      event.type === 'response' ? { ...event, empty: true } : event,
    )
    assert.equal(rowOf([pollConnect, ...poll(1, 'a'), ...twice, ...poll(200, 'b')]).empty, 1)
  })
})

it('the techniques of a recording take note of a stream that is held from its start on', async () => {
  const [connect, open] = opened()
  const sse = [connect, open].map(
    (event) => ({ ...event, transport: 'sse', url: 'http://h/', headers: {} }) as RealtimeEvent,
  )
  // Ten seconds of events at once: only the start of the session shows that their times are those of a clock.
  const held = Array.from({ length: 12 }, (_, n) =>
    message(12_000, { n: `${n}.`, at: STARTED_AT.getTime() + 1000 * n }),
  )
  const { advice } = await techniquesOfRecording(recordingOf([...sse, ...held]), {})
  const because = advice.find(({ technique }) => technique === 'sse')?.because.map(({ text }) => text)
  assert.match(because?.join() ?? '', /something on the way held its events \(finding buffered-stream\)/)
})
