import assert from 'node:assert/strict'
import { resumeIgnored } from '../../../../src/diagnose/rules/stream/resume-ignored.ts'
import type { RealtimeEvent } from '../../../../src/shared/event.ts'
import { diagnose } from '../../../support/diagnose.ts'

const findings = (events: readonly RealtimeEvent[]) => diagnose(events, { rules: [resumeIgnored] })

const connect = (connection: number): RealtimeEvent => ({
  ...{
    type: 'connect',
    connection,
    time: 0,
    transport: 'sse',
    url: 'https://feed.example/ticks',
    attempt: 0,
  },
})
const reconnect = (time: number, connection = 1): RealtimeEvent => ({
  ...{ type: 'reconnect', connection, time, attempt: 1, delay: 100, reason: 'the server ended the stream' },
  lastEventId: '41',
})
const gap = (time: number, lost: { missed?: number; repeated?: number }, connection = 1): RealtimeEvent => ({
  ...{ type: 'gap', connection, time },
  ...lost,
})

describe('the rule resume-ignored', () => {
  it('is silent if a connection continues where it was', async () => {
    assert.deepEqual(await findings([reconnect(10), reconnect(20, 2)]), [])
  })

  it('adds up what a connection missed and repeated, and says where', async () => {
    const [finding, ...others] = await findings([
      connect(1),
      reconnect(10),
      gap(30, { repeated: 1 }),
      gap(31, { missed: 3 }),
      reconnect(50),
      gap(70, { missed: 2 }),
      reconnect(90),
    ])
    assert.deepEqual(others, [])
    const { message = '', advice = '', source, title, chart, ...rest } = finding ?? {}
    assert.equal(
      message.replaceAll('\u00a0', ' '),
      'On feed.example/ticks, 5 events were missed and 1 event was repeated over 2 reconnects.',
    )
    assert.match(advice, /Last-Event-ID/)
    assert.match(source?.title ?? '', /HTML/)
    assert.match(title ?? '', /5.events were missed/)
    assert.ok(chart?.kind === 'times')
    assert.deepEqual(
      chart.points.map(({ time, tone }) => `${time} ${tone}`),
      ['10 quiet', '30 wrong', '31 wrong', '50 quiet', '70 wrong', '90 quiet'],
    )
    assert.deepEqual(rest, {
      ...{ rule: 'resume-ignored', severity: 'warning', connection: 1, from: 10, to: 70 },
      events: [2, 3, 4, 5, 6],
      evidence: { missed: 5, repeated: 1, reconnects: 2 },
    })
  })

  it('has a finding for each connection, with at most 100 event numbers', async () => {
    const many = Array.from({ length: 150 }, (_, time) => gap(time, { missed: 1 }, 2))
    const found = await findings([connect(1), gap(1, { missed: 1 }), ...many])
    assert.deepEqual(
      found.map(({ connection, events, message }) => [connection, events?.length, message]),
      [
        [2, 100, 'On connection 2, 150 events were missed.'],
        [1, 1, 'On feed.example/ticks, 1 event was missed.'],
      ],
    )
  })
})
