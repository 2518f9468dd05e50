import assert from 'node:assert/strict'
import type { WebSocket } from 'ws'
import type { Engine } from '../../src/engine/engine.ts'
import type { Matches, Selected } from '../../src/shared/protocol/filtering.ts'
import { LiveEngine } from '../support/live-engine.ts'

const WHOLE: Omit<Selected, 'end'> = { generation: null, range: null, connection: null, hidden: [] }

describe('narrowing a session', () => {
  let live: LiveEngine
  let engine: Engine

  beforeEach(() => {
    live = new LiveEngine({ keepsUp: true })
    engine = live.engine
  })

  afterEach(() => live.close())

  async function receive(peer: WebSocket, messages: readonly string[]): Promise<void> {
    const count = engine.status().events + messages.length
    for (const message of messages) peer.send(message)
    await live.until(() => engine.status().events >= count)
  }

  const told = (generation: number): Matches[] =>
    live.deltas.flatMap(({ matches }) => (matches?.generation === generation ? [matches] : []))
  const found = (generation: number) => told(generation).flatMap(({ indexes }) => [...indexes])
  const scanned = (generation: number) => told(generation).at(-1)?.scanned ?? 0

  it('sends matches among old and new events, never before the events themselves', async () => {
    const { peer } = await live.open()
    await receive(peer, ['{"type":"trade"}', '{"type":"quote"}', '{"type":"trade"}'])
    await engine.handlers.subscribe({ from: 0, fromEventName: 0 })
    assert.equal(await engine.handlers.filter({ text: '$.type == "trade"', generation: 7 }), null)
    await live.until(() => scanned(7) === 5)
    assert.deepEqual(found(7), [2, 4])
    await receive(peer, ['{"type":"trade"}', 'plain'])
    await live.until(() => scanned(7) === 7)
    assert.deepEqual(found(7), [2, 4, 5])
    let end = 0
    for (const { columns, matches } of live.deltas) {
      if (columns.count > 0) end = columns.first + columns.count
      for (const index of matches?.indexes ?? []) assert.ok(index < end)
    }
  })

  it('replaces each filter with the next one, and ends it with an empty one', async () => {
    const { peer } = await live.open()
    await receive(peer, ['one', 'two'])
    await engine.handlers.subscribe({ from: 0, fromEventName: 0 })
    await engine.handlers.filter({ text: 'one', generation: 1 })
    await engine.handlers.filter({ text: 'two', generation: 2 })
    await live.until(() => scanned(2) === 4)
    assert.deepEqual(found(2), [3])
    assert.deepEqual(found(1), [])
    await engine.handlers.filter({ text: '  ', generation: 3 })
    await receive(peer, ['two again'])
    await live.until(
      () => (live.deltas.at(-1)?.columns.first ?? 0) + (live.deltas.at(-1)?.columns.count ?? 0) === 5,
    )
    assert.equal(live.deltas.at(-1)?.matches, undefined)
  })

  it('stops searching on request, and keeps the matches', async () => {
    const { peer } = await live.open()
    await receive(peer, ['one'])
    await engine.handlers.subscribe({ from: 0, fromEventName: 0 })
    await engine.handlers.filter({ text: 'one', generation: 4 })
    await live.until(() => scanned(4) === 3)
    // Stopping a filter that has been replaced has no effect.
    await engine.handlers.stopFilter({ generation: 3 })
    await receive(peer, ['one again'])
    await live.until(() => scanned(4) === 4)
    await engine.handlers.stopFilter({ generation: 4 })
    await receive(peer, ['and one more'])
    await live.until(
      () => (live.deltas.at(-1)?.columns.first ?? 0) + (live.deltas.at(-1)?.columns.count ?? 0) === 5,
    )
    assert.deepEqual([found(4), scanned(4)], [[2, 3], 4])
    const selected = { ...WHOLE, generation: 4, end: 4 }
    assert.equal((await engine.handlers.statistics(selected))?.count, 2)
  })

  it('says what is wrong with a filter and where, and continues with the previous one', async () => {
    const { peer } = await live.open()
    await receive(peer, ['one'])
    await engine.handlers.subscribe({ from: 0, fromEventName: 0 })
    await engine.handlers.filter({ text: 'one', generation: 1 })
    for (const [text, start, end] of [
      ['dir:up', 0, 6],
      ['one $.b[?]', 4, 10],
    ] as const) {
      const mistake = await engine.handlers.filter({ text, generation: 2 })
      assert.deepEqual([mistake?.start, mistake?.end], [start, end])
      assert.match(mistake?.message ?? '', /\.$/)
    }
    await receive(peer, ['one more'])
    await live.until(() => scanned(1) === 4)
    assert.deepEqual(found(1), [2, 3])
  })

  it('says why an expression was stopped, with the matches until then', async () => {
    const { peer } = await live.open()
    await receive(peer, [`${'a'.repeat(40)}b`])
    await engine.handlers.subscribe({ from: 0, fromEventName: 0 })
    await engine.handlers.filter({ text: 'type:open or /^(a+)+$/', generation: 1 })
    await live.until(() => told(1).some(({ mistake }) => mistake !== undefined))
    const mistake = told(1).at(-1)?.mistake
    assert.match(mistake?.message ?? '', /stopped after 1 s/)
    assert.deepEqual([mistake?.start, mistake?.end], [13, 22])
  })

  it('does not find masked texts', async () => {
    await live.open()
    await engine.handlers.subscribe({ from: 0, fromEventName: 0 })
    await engine.handlers.filter({ text: 'hush', generation: 1 })
    await live.until(() => scanned(1) === 2)
    assert.deepEqual(found(1), [])
  })

  it('lists the paths in JSON payloads', async () => {
    const { peer } = await live.open()
    await receive(peer, ['{"type":"trade","px":{"bid":1}}', 'plain'])
    assert.deepEqual(await engine.handlers.paths(null), [
      { path: '$.type', values: ['"trade"'] },
      { path: '$.px', values: [] },
      { path: '$.px.bid', values: ['1'] },
    ])
  })

  it('ends when the session is cleared', async () => {
    const { peer } = await live.open()
    await receive(peer, ['one'])
    await engine.handlers.subscribe({ from: 0, fromEventName: 0 })
    await engine.handlers.filter({ text: 'one', generation: 1 })
    await live.until(() => scanned(1) === 3)
    live.deltas = []
    await engine.handlers.clear(null)
    await receive(peer, ['one'])
    await live.until(() => live.deltas.at(-1)?.status.events === 3)
    assert.deepEqual(told(1), [])
    await engine.handlers.filter({ text: 'one', generation: 2 })
    await live.until(() => scanned(2) === 3)
    assert.deepEqual(found(2), [2])
  })

  it('continues for a reader that was away, with the matches that it does not have', async () => {
    const { peer } = await live.open()
    await receive(peer, ['one', 'one'])
    await engine.handlers.subscribe({ from: 0, fromEventName: 0 })
    await engine.handlers.filter({ text: 'one', generation: 4 })
    await live.until(() => scanned(4) === 4)
    await engine.handlers.unsubscribe(null)
    await receive(peer, ['one'])
    live.deltas = []
    await engine.handlers.subscribe({ from: 4, fromEventName: 0, fromMatch: { generation: 4, count: 2 } })
    await live.until(() => scanned(4) === 5)
    assert.deepEqual(
      told(4).map(({ first, indexes }) => [first, ...indexes]),
      [[2, 4]],
    )
  })

  it('holds new events back, but not matches among the old ones', async () => {
    const { peer } = await live.open()
    await receive(peer, ['one', 'two'])
    await engine.handlers.subscribe({ from: 0, fromEventName: 0 })
    await live.until(() => live.deltas.length > 0)
    await engine.handlers.hold({ held: true })
    await receive(peer, ['one', 'one'])
    await engine.handlers.filter({ text: 'one', generation: 1 })
    await live.until(() => scanned(1) === 4)
    assert.deepEqual(found(1), [2])
    const shown = live.deltas.reduce(
      (end, { columns: { first, count } }) => (count > 0 ? first + count : end),
      0,
    )
    assert.equal(shown, 4)
    await engine.handlers.hold({ held: false })
    await live.until(() => scanned(1) === 6)
    assert.deepEqual(found(1), [2, 4, 5])
  })

  it('counts a part of the session, filtered or not', async () => {
    const { peer } = await live.open()
    await receive(peer, ['one', 'two', 'three'])
    await engine.handlers.subscribe({ from: 0, fromEventName: 0 })
    const whole = await engine.handlers.statistics({ ...WHOLE, end: 5 })
    assert.deepEqual([whole?.count, whole?.messages, whole?.bytes], [5, 3, 11])
    const messages = await engine.handlers.statistics({ ...WHOLE, hidden: ['lifecycle'], end: 4 })
    assert.deepEqual([messages?.count, messages?.bytes], [2, 6])
    assert.equal(await engine.handlers.statistics({ ...WHOLE, generation: 1, end: 5 }), null)
    await engine.handlers.filter({ text: 't', generation: 1 })
    await live.until(() => scanned(1) === 5)
    const t = await engine.handlers.statistics({ ...WHOLE, generation: 1, hidden: ['lifecycle'], end: 5 })
    assert.deepEqual([t?.count, t?.bytes], [2, 8])
  })

  it('adds marks at times that have passed, but not in the future', async () => {
    await live.open()
    await engine.handlers.mark({ text: 'before', time: 1.5 })
    await engine.handlers.mark({ text: 'after', time: 1e9 })
    const { lines } = await engine.handlers.lines({ from: 2, max: 2 })
    const [before, after] = lines.map((line) => JSON.parse(line))
    assert.deepEqual([before.type, before.text, before.time], ['mark', 'before', 1.5])
    assert.ok(after.time < 1e6)
  })
})
