/** The rules sequence-gap, duplicate and out-of-order, with servers that drop, repeat and swap what they count. */
import assert from 'node:assert/strict'
import type { WebSocket } from 'ws'
import { duplicate } from '../../../../src/diagnose/rules/message/duplicate.ts'
import { outOfOrder } from '../../../../src/diagnose/rules/message/out-of-order.ts'
import { Sequence } from '../../../../src/diagnose/rules/message/sequence.ts'
import { sequenceGap } from '../../../../src/diagnose/rules/message/sequence-gap.ts'
import type { RealtimeEvent } from '../../../../src/shared/event.ts'
import { captureUntil, received } from '../../../support/capture-until.ts'
import { diagnose } from '../../../support/diagnose.ts'
import { LiveEngine } from '../../../support/live-engine.ts'
import { serveHttp, serveWebSocket } from '../../../support/loopback.ts'

const find = (events: readonly RealtimeEvent[]) =>
  diagnose(events, { rules: [sequenceGap, duplicate, outOfOrder] })

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at)

describe('the rules about sequences', () => {
  let live: LiveEngine

  beforeEach(() => {
    live = new LiveEngine()
  })

  afterEach(() => live.close())

  /** What is found if a server sends the values in messages. */
  async function findIn(
    values: readonly number[],
    toText = (seq: number) => JSON.stringify({ type: 'price', seq }),
  ) {
    const pour = (peer: WebSocket) => {
      for (const value of values) peer.send(toText(value))
    }
    return find(await captureUntil(live, { url: await serveWebSocket(pour) }, received(values.length)))
  }

  it('find values that a server drops', async () => {
    const [finding, ...others] = await findIn([...range(400, 412), ...range(418, 440)])
    assert.deepEqual(others, [])
    const { rule, severity, title = '', message = '', confidence, chart, evidence, events } = finding ?? {}
    assert.deepEqual([rule, severity], ['sequence-gap', 'error'])
    assert.match(title, /^5.messages were lost$/)
    assert.match(
      message,
      /^The counter `seq` on .* went from 412 to 418: 5.values never came\. The connection was open all the time\.$/,
    )
    assert.equal(confidence, 'seq rose by 1 in 34 of 35 steps')
    assert.deepEqual(evidence, { missing: 5, gaps: 1, overReconnect: 0, before: 412, after: 418 })
    // After `connect` and `open`.
    assert.deepEqual(events, [15, 16])
    assert.ok(chart?.kind === 'series' && chart.label === 'seq')
    const lost = chart.points.filter(({ tone }) => tone === 'wrong').map(({ value }) => value)
    assert.deepEqual(lost, range(413, 417))
  })

  it('still find them after the counter has started over, or after messages were left out', async () => {
    const values = [...range(400, 412), ...range(418, 440), ...range(0, 30)]
    const [finding, ...others] = await findIn(values)
    assert.deepEqual([finding?.rule, finding?.evidence.missing, others.length], ['sequence-gap', 5, 0])

    const sequence = new Sequence()
    const attempt = { openedAt: 0, ending: undefined }
    const add = (value: number) => sequence.add({ value, time: value, number: value }, attempt)
    for (const value of [1, 2, 5]) add(value)
    sequence.restart()
    for (const value of [9, 10, 12]) add(value)
    assert.deepEqual(
      sequence.gaps.map(({ missing }) => missing),
      [2, 1],
    )
    assert.equal(sequence.missing, 3)
  })

  it('find values that are lost over a reconnect, and say how long the connection was down', async () => {
    let connections = 0
    const pour = (peer: WebSocket) => {
      for (const seq of connections++ === 0 ? range(1, 20) : range(26, 40))
        peer.send(JSON.stringify({ data: { seq } }))
      if (connections === 1) peer.close(1012)
    }
    const spec = { url: await serveWebSocket(pour), reconnect: 50 }
    const [finding, ...others] = await find(await captureUntil(live, spec, received(35)))
    assert.deepEqual(others, [])
    assert.match(finding?.title ?? '', /^5.messages were lost over a reconnect$/)
    assert.match(
      finding?.message ?? '',
      /`data\.seq` .* The connection was down for \S+ m?s \(1012\) in between/,
    )
    assert.ok(finding?.chart?.kind === 'series' && finding.chart.spans?.[0]?.label.startsWith('down'))
  })

  it('find values that a server repeats', async () => {
    const [finding, ...others] = await findIn([...range(10, 30), 29, 30, ...range(31, 60)])
    assert.deepEqual(others, [])
    assert.equal(finding?.rule, 'duplicate')
    assert.match(finding?.title ?? '', /^2.messages came again$/)
    assert.match(finding?.message ?? '', /the first 29\./)
  })

  it('find values that a server swaps, and do not take them for lost', async () => {
    const [finding, ...others] = await findIn([...range(1, 20), 22, 21, ...range(23, 50)])
    assert.deepEqual(others, [])
    assert.equal(finding?.rule, 'out-of-order')
    assert.match(finding?.message ?? '', /21 came after 22/)
  })

  it('find the counter in the events of a stream, and of a list', async () => {
    const url = await serveHttp((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const n of [...range(1, 15), ...range(17, 30)])
        response.write(`data: [{"seq":${2 * n}},{"seq":${2 * n + 1}}]\n\n`)
    })
    const [finding] = await find(await captureUntil(live, { url, transport: 'sse' }, received(29)))
    assert.match(finding?.title ?? '', /^2.messages were lost$/)
  })

  it('are silent if a server sends each value once and in order, or starts over', async () => {
    assert.deepEqual(await findIn(range(1, 60)), [])
    assert.deepEqual(await findIn([...range(1, 30), ...range(1, 30)]), [])
    assert.deepEqual(await findIn([...range(5, 30), ...range(0, 30)]), [])
  })

  it('are silent about what is no counter', async () => {
    const seconds = (value: number) => JSON.stringify({ elapsed: value })
    assert.deepEqual(await findIn([...range(1, 20), ...range(22, 40)], seconds), [])
    const random = (value: number) => JSON.stringify({ value: (value * 7919) % 101 })
    assert.deepEqual(await findIn(range(1, 60), random), [])
    const unnamed = (value: number) => JSON.stringify({ guests: value })
    assert.deepEqual(await findIn([...range(1, 15), ...range(18, 30)], unnamed), [])
  })

  it('look for a counter in the first messages only', async () => {
    const late = (others: number) => {
      const messages = [...Array<number>(others).fill(0), ...range(1, 300), ...range(310, 330)]
      return findIn(messages, (seq) => JSON.stringify(seq === 0 ? { type: 'other' } : { seq }))
    }
    assert.equal((await late(300)).length, 1)
    assert.deepEqual(await late(600), [])
  })

  it('are silent about what was left out of a session', async () => {
    const pour = (peer: WebSocket) => {
      for (const seq of range(1, 40)) peer.send(JSON.stringify({ seq }))
    }
    const events = await captureUntil(live, { url: await serveWebSocket(pour) }, received(40))
    const dropped = events.map(
      (event, at): RealtimeEvent =>
        at > 15 && at < 20 && event.type === 'message'
          ? { ...event, payload: new Uint8Array(), dropped: event.payload.length }
          : event,
    )
    assert.deepEqual(await find(dropped), [])
  })
})
