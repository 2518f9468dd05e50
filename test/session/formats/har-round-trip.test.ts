import assert from 'node:assert/strict'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { plain, randomPayload } from '../../support/random-events.ts'
import { message, opened } from '../../support/recording.ts'
import { seededRandom } from '../../support/splits.ts'
import { removeTempDirs } from '../../support/temp-dir.ts'
import { openSse, poll, roundTrip, sse, toHar } from './har-sessions.ts'

describe('a session through a HAR and back', () => {
  afterEach(removeTempDirs)

  it('is the same, event for event', async () => {
    const events: RealtimeEvent[] = [
      ...opened(),
      { type: 'mark', time: 2, text: 'here' },
      message(5.125, 'sent', { direction: 'out', wireSize: 10 }),
      message(5.5, '3', { direction: 'out', automatic: 'protocol' }),
      ...poll.map((event) => ({ ...event, time: event.time + 10 })),
      { type: 'reconnect', connection: 1, time: 200, attempt: 1, delay: 10, reason: 'lost' },
      { ...opened(1, 210)[0], attempt: 1 } as RealtimeEvent,
      message(230, '', { direction: 'in' }),
      { type: 'gap', connection: 1, time: 231, missed: 2 },
      {
        type: 'message',
        connection: 1,
        time: 232,
        direction: 'in',
        opcode: 'binary',
        payload: new Uint8Array(0),
        dropped: 700,
      },
      { type: 'close', connection: 1, time: 240, code: 1000, by: 'client' },
    ]
    assert.deepEqual((await roundTrip(events)).map(plain), events.map(plain))
  })

  for (const seed of [1, 2, 3])
    it(`keeps every byte of WebSocket messages (seed ${seed})`, async () => {
      const random = seededRandom(seed)
      const messages = Array.from({ length: 500 }, (_, index) => {
        const payload = randomPayload(random, 3000)
        const direction = random() < 0.5 ? 'in' : 'out'
        return message((10_000 + index * 1001) / 1000, payload, { direction })
      })
      const events = [...opened(), ...messages]
      assert.deepEqual(
        (await roundTrip(events)).map((event) =>
          'payload' in event ? [event.time, ...event.payload] : event.time,
        ),
        events.map((event) => ('payload' in event ? [event.time, ...event.payload] : event.time)),
      )
    })

  for (const seed of [4, 5])
    it(`keeps the data, name and id of events of a stream (seed ${seed})`, async () => {
      const random = seededRandom(seed)
      const events: RealtimeEvent[] = [...openSse]
      for (let index = 0; index < 500; index++) {
        const data =
          ['', 'a\nb\n', '\ufeffé€😀', '\0', '{"a":"\\u2028"}', ' x '][Math.floor(random() * 6)] ?? ''
        events.push(sse(50 + index, data, random() < 0.5 ? 'message' : 'tick', String(index)))
      }
      assert.deepEqual((await roundTrip(events)).map(plain), events.map(plain))
    })

  it('keeps the boundaries and bytes of records of a stream', async () => {
    const events: RealtimeEvent[] = [
      { type: 'connect', connection: 1, time: 0, transport: 'http-stream', url: 'http://h/s', attempt: 0 },
      {
        type: 'open',
        connection: 1,
        time: 1,
        transport: 'http-stream',
        status: 200,
        headers: { 'content-type': 'application/x-ndjson' },
        httpVersion: '1.1',
        framing: 'ndjson',
      },
      message(2, '{"a":1}'),
      message(3, '{"b":2}'),
      message(4, Buffer.from([0xff])),
    ]
    assert.deepEqual((await roundTrip(events)).map(plain), events.map(plain))
    const text = { ...(await toHar(events.slice(0, 4))).entries[0]?.response.content }.text
    assert.equal(text, '{"a":1}\n{"b":2}\n')
    const { content } = (await toHar(events)).entries[0]?.response ?? {}
    assert.deepEqual(
      [content?.encoding, content?.text],
      [
        'base64',
        Buffer.concat([Buffer.from('{"a":1}\n{"b":2}\n'), Buffer.from([0xff, 0x0a])]).toString('base64'),
      ],
    )
  })

  it('keeps messages that are too many, and too large, to be held in memory', async () => {
    const large = 'é'.repeat(1_000_000)
    const events = [...opened(), ...Array.from({ length: 8 }, (_, n) => message(10 + n, `${n}${large}`))]
    const back = await roundTrip(events)
    assert.deepEqual(
      back.map((event) => ('payload' in event ? event.payload.length : 0)),
      events.map((event) => ('payload' in event ? event.payload.length : 0)),
    )
    const streamed = [
      ...openSse,
      ...Array.from({ length: 3 }, (_, n) => sse(50 + n, `${n}${large}`, 'message', '1')),
    ]
    const { entries } = await toHar(streamed)
    assert.equal(
      entries[0]?.response.content.text,
      Array.from({ length: 3 }, (_, n) => `id: 1\ndata: ${n}${large}\n\n`).join(''),
    )
  })
})
