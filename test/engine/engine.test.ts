import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine } from '../../src/engine/engine.ts'
import { LiveEngine } from '../support/live-engine.ts'

describe('the engine', () => {
  let live: LiveEngine
  let engine: Engine

  beforeEach(() => {
    live = new LiveEngine()
    engine = live.engine
  })

  afterEach(() => live.close())

  it('streams new events to one reader, one delta at a time', async () => {
    await engine.handlers.subscribe({ from: 0, fromEventName: 0 })
    const { peer } = await live.open()
    for (let i = 0; i < 100; i++) peer.send(`message ${i}`)
    await live.until(() => {
      engine.acknowledge()
      return engine.status().events >= 102 && (live.deltas.at(-1)?.status.events ?? 0) >= 102
    })
    let next = 0
    for (const { columns } of live.deltas) {
      assert.equal(columns.first, next)
      next += columns.count
    }
    const { columns, previews: newest = [] } = live.deltas.at(-1) ?? assert.fail('a delta came')
    assert.equal(columns.first + columns.count, 102)
    assert.equal(newest.length, Math.min(64, columns.count))
    assert.equal(newest.at(-1)?.text, 'message 99')
    const previews = await engine.handlers.previews({ indexes: [2, 101, 9999] })
    assert.deepEqual(
      previews.map(({ payloadName, text }) => [payloadName, text]),
      [
        ['text', 'message 0'],
        ['text', 'message 99'],
        ['', ''],
      ],
    )
  })

  it('returns a whole event, with secrets masked', async () => {
    await live.open()
    const { fields } = await engine.handlers.detail({ index: 0, maxBytes: 10 })
    assert.equal(fields.type, 'connect')
    assert.ok(!JSON.stringify(fields).includes('hush'))
    await assert.rejects(async () => engine.handlers.detail({ index: 77, maxBytes: 10 }), {
      code: 'NO_EVENT',
    })
  })

  it('returns as many bytes of a payload as requested, and its whole size', async () => {
    const { peer } = await live.open()
    peer.send('x'.repeat(5000))
    await live.until(() => engine.status().events === 3)
    const detail = await engine.handlers.detail({ index: 2, maxBytes: 100 })
    assert.equal(detail.payload?.length, 100)
    assert.equal(detail.size, 5000)
  })

  it('sends a composed message and rejects an invalid one', async () => {
    const { id, peer } = await live.open()
    const received = once(peer, 'message')
    await engine.handlers.send({ id, message: { format: 'hex', text: '68 69' } })
    assert.equal(String((await received)[0]), 'hi')
    await assert.rejects(async () => engine.handlers.send({ id, message: { format: 'json', text: '{' } }), {
      code: 'BAD_JSON',
    })
    await assert.rejects(
      async () => engine.handlers.send({ id: 99, message: { format: 'text', text: '' } }),
      {
        code: 'NO_CONNECTION',
      },
    )
  })

  it('keeps the start of live connections when it is cleared, so that a saved session can be understood', async () => {
    const { id, peer } = await live.open()
    const ended = await live.open()
    await engine.handlers.disconnect({ id: ended.id })
    await engine.handlers.clear(null)
    assert.equal(live.resets, 1)
    peer.send('after')
    await live.until(() => engine.status().events === 3)
    assert.deepEqual(
      engine.status().connections.map((connection) => connection.id),
      [id],
    )
    const path = join(live.folder, 'cleared.rtsession')
    await engine.handlers.save({ path, reveal: [] })
    const types = (await readFile(path, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).type)
    assert.deepEqual(types, ['session', 'connect', 'open', 'message'])
    assert.equal(engine.status().unsaved, 0)
  })

  it('undoes a clear: what came since follows with its time, and ended connections are back', async () => {
    const { id, peer } = await live.open()
    const ended = await live.open()
    await engine.handlers.disconnect({ id: ended.id })
    peer.send('before')
    await live.until(() => engine.status().connections[0]?.messagesIn === 1)
    const { events, startedAt, connections } = engine.status()
    await engine.handlers.clear(null)
    // Pressing twice clears once.
    await engine.handlers.clear(null)
    assert.deepEqual(engine.status().cleared, { events, connections: [ended.id] })
    await new Promise((resolve) => setTimeout(resolve, 50))
    peer.send('after')
    await live.until(() => engine.status().events === 3)
    await engine.handlers.settleCleared({ undo: true })
    const status = engine.status()
    assert.equal(status.events, events + 1)
    assert.equal(status.startedAt, startedAt)
    assert.equal(status.cleared, undefined)
    assert.deepEqual(
      status.connections.map((each) => [each.id, each.state]),
      connections.map((each) => [each.id, each.state]),
    )
    const { lines } = await engine.handlers.lines({ from: events - 1, max: 9 })
    const [before, after] = lines.map((line) => JSON.parse(line))
    assert.deepEqual([before.text, after.text], ['before', 'after'])
    assert.ok(
      after.time >= before.time + 50 && after.time <= (status.at ?? 0),
      `${before.time}, ${after.time}`,
    )
    assert.equal(live.resets, 2)
    assert.equal(after.connection, id)
    await assert.rejects(async () => engine.handlers.settleCleared({ undo: true }), {
      code: 'NOTHING_CLEARED',
    })
  })

  it('removes a connection that has ended, but none that is open, and takes it back', async () => {
    const { id } = await live.open()
    const ended = await live.open()
    const numbers = () => engine.status().connections.map((each) => each.id)
    await assert.rejects(async () => engine.handlers.removeConnection({ id }), { code: 'STILL_LIVE' })
    await engine.handlers.disconnect({ id: ended.id })
    const { events } = engine.status()
    await engine.handlers.removeConnection({ id: ended.id })
    assert.deepEqual(numbers(), [id])
    assert.equal(engine.status().events, events)
    assert.deepEqual(
      engine.status().removed?.map((each) => each.id),
      [ended.id],
    )
    await engine.handlers.clear(null)
    assert.equal(engine.status().removed, undefined)
    await engine.handlers.settleCleared({ undo: true })
    assert.deepEqual(numbers(), [id])
    await engine.handlers.restoreRemoved(null)
    assert.deepEqual(numbers(), [id, ended.id])
    assert.equal(engine.status().removed, undefined)
  })

  it('forgets what was cleared once that is settled', async () => {
    await live.open()
    await engine.handlers.clear(null)
    assert.equal(engine.status().cleared?.events, 2)
    await engine.handlers.settleCleared({ undo: false })
    assert.equal(engine.status().cleared, undefined)
  })

  it('restarts its clock with the first event after it is cleared', async () => {
    const { id } = await live.open()
    await engine.handlers.disconnect({ id })
    const before = Date.now()
    await engine.handlers.clear(null)
    await new Promise((resolve) => setTimeout(resolve, 300))
    const { peer } = await live.open()
    peer.send('after')
    await live.until(() => engine.status().events === 3)
    const path = join(live.folder, 'cleared.rtsession')
    await engine.handlers.save({ path, reveal: [] })
    const [head, ...events] = (await readFile(path, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.ok(Date.parse(head.startedAt) >= before + 299, head.startedAt)
    assert.ok(events[0].time < 100, `the first event at ${events[0].time} ms`)
    const { connections, at = 0 } = engine.status()
    const [connection] = connections
    assert.ok((connection?.since ?? -1) >= 0 && (connection?.since ?? 0) <= at)
    const { duration } = await engine.handlers.report(null)
    assert.ok(duration <= at, `a report of ${duration} ms`)
  })

  it('orders the starts of live connections by time after it is cleared', async () => {
    const first = await live.open()
    const second = await live.open()
    await engine.handlers.disconnect({ id: first.id })
    await engine.handlers.reconnect({ id: first.id })
    await live.until(() => engine.status().connections[0]?.state === 'open')
    await engine.handlers.clear(null)
    second.peer.send('after')
    await live.until(() => engine.status().events === 5)
    const { lines } = await engine.handlers.lines({ from: 0, max: 9 })
    const events = lines.map((line) => JSON.parse(line))
    assert.deepEqual(
      events.map(({ connection, type }) => `${connection} ${type}`),
      ['1 connect', '2 connect', '2 open', '1 open', '2 message'],
    )
    assert.deepEqual(
      events.slice(0, 4).map(({ time }) => time),
      [0, 0, 0, 0],
    )
    assert.ok(events[4].time >= 0 && events[4].time < 2000, `the message at ${events[4].time} ms`)
    // `openedAt` is on the session's clock, even if it is before the start of the session.
    assert.ok((engine.status().connections[1]?.openedAt ?? 1) < 0)
  })

  it('returns lines in portions that say where the next one starts', async () => {
    const { peer } = await live.open()
    for (let i = 0; i < 5; i++) peer.send(String(i))
    await live.until(() => engine.status().events === 7)
    const first = await engine.handlers.lines({ from: 0, max: 3 })
    const rest = await engine.handlers.lines({ from: first.next, max: 100 })
    assert.deepEqual(
      [...first.lines, ...rest.lines].map((line) => JSON.parse(line).type),
      ['connect', 'open', 'message', 'message', 'message', 'message', 'message'],
    )
    assert.equal(rest.next, 7)
  })

  it('sends its status while it changes and once more afterwards', async () => {
    const { peer } = await live.open()
    peer.send('one')
    await live.until(() => (live.statuses.at(-1)?.connections[0]?.rate ?? 0) > 0)
    await live.until(() => live.statuses.at(-1)?.connections[0]?.rate === 0)
    assert.equal(live.statuses.at(-1)?.connections[0]?.messagesIn, 1)
  })
})
