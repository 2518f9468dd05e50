import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type WebSocket, WebSocketServer } from 'ws'
import { Engine } from '../../src/engine/engine.ts'
import type { Matches, Selected } from '../../src/shared/finding.ts'
import type { Delta } from '../../src/shared/protocol.ts'

const LIMITS = { memoryLimit: 1 << 20, spoolLimit: 1 << 26, maxEvents: 100_000, maxMessageSize: 1 << 20 }
const WHOLE: Omit<Selected, 'end'> = { generation: null, range: null, connection: null, hidden: [] }

describe('narrowing a session', () => {
  let folder: string
  let server: WebSocketServer
  let engine: Engine
  let deltas: Delta[]
  let changed: () => void

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ri-finding-'))
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await once(server, 'listening')
    deltas = []
    changed = () => {}
    engine = new Engine({
      directory: join(folder, 'spool'),
      network: {},
      settings: LIMITS,
      notify: (name, data) => {
        if (name === 'delta') {
          deltas.push(data as Delta)
          // A reader that keeps up.
          setImmediate(() => engine.acknowledge())
        }
        changed()
      },
    })
  })

  afterEach(async () => {
    await engine.handlers.shutdown(null)
    for (const client of server.clients) client.terminate()
    server.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function until(condition: () => boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      changed = () => condition() && resolve()
      changed()
    })
  }

  /** Opens a connection: events 0 and 1. */
  async function open(): Promise<WebSocket> {
    const connected = once(server, 'connection')
    const { port } = server.address() as AddressInfo
    const { id } = await engine.handlers.connect({ spec: { url: `ws://127.0.0.1:${port}/?token=hush` } })
    const [peer] = (await connected) as [WebSocket]
    await until(() => engine.status().connections.find((each) => each.id === id)?.state === 'open')
    return peer
  }

  async function receive(peer: WebSocket, messages: readonly string[]): Promise<void> {
    const count = engine.status().events + messages.length
    for (const message of messages) peer.send(message)
    await until(() => engine.status().events >= count)
  }

  const told = (generation: number): Matches[] =>
    deltas.flatMap(({ matches }) => (matches?.generation === generation ? [matches] : []))
  const found = (generation: number) => told(generation).flatMap(({ indexes }) => [...indexes])
  const scanned = (generation: number) => told(generation).at(-1)?.scanned ?? 0

  it('tells what a filter finds among old events and new ones, never before the events themselves', async () => {
    const peer = await open()
    await receive(peer, ['{"type":"trade"}', '{"type":"quote"}', '{"type":"trade"}'])
    await engine.handlers.subscribe({ from: 0, fromLabel: 0 })
    assert.equal(await engine.handlers.filter({ text: '$.type == "trade"', generation: 7 }), null)
    await until(() => scanned(7) === 5)
    assert.deepEqual(found(7), [2, 4])
    await receive(peer, ['{"type":"trade"}', 'plain'])
    await until(() => scanned(7) === 7)
    assert.deepEqual(found(7), [2, 4, 5])
    let end = 0
    for (const { columns, matches } of deltas) {
      if (columns.count > 0) end = columns.first + columns.count
      for (const index of matches?.indexes ?? []) assert.ok(index < end)
    }
  })

  it('has each filter replaced by the next, and ended by an empty one', async () => {
    const peer = await open()
    await receive(peer, ['one', 'two'])
    await engine.handlers.subscribe({ from: 0, fromLabel: 0 })
    await engine.handlers.filter({ text: 'one', generation: 1 })
    await engine.handlers.filter({ text: 'two', generation: 2 })
    await until(() => scanned(2) === 4)
    assert.deepEqual(found(2), [3])
    assert.deepEqual(found(1), [])
    await engine.handlers.filter({ text: '  ', generation: 3 })
    await receive(peer, ['two again'])
    await until(() => (deltas.at(-1)?.columns.first ?? 0) + (deltas.at(-1)?.columns.count ?? 0) === 5)
    assert.equal(deltas.at(-1)?.matches, undefined)
  })

  it('says what is wrong with a filter and where, and goes on with the one before', async () => {
    const peer = await open()
    await receive(peer, ['one'])
    await engine.handlers.subscribe({ from: 0, fromLabel: 0 })
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
    await until(() => scanned(1) === 4)
    assert.deepEqual(found(1), [2, 3])
  })

  it('tells why an expression was cut off, with what was found until then', async () => {
    const peer = await open()
    await receive(peer, [`${'a'.repeat(40)}b`])
    await engine.handlers.subscribe({ from: 0, fromLabel: 0 })
    await engine.handlers.filter({ text: 'type:open or /^(a+)+$/', generation: 1 })
    await until(() => told(1).some(({ mistake }) => mistake !== undefined))
    const mistake = told(1).at(-1)?.mistake
    assert.match(mistake?.message ?? '', /stopped after 500 ms/)
    assert.deepEqual([mistake?.start, mistake?.end], [13, 22])
  })

  it('does not find what is masked', async () => {
    await open()
    await engine.handlers.subscribe({ from: 0, fromLabel: 0 })
    await engine.handlers.filter({ text: 'hush', generation: 1 })
    await until(() => scanned(1) === 2)
    assert.deepEqual(found(1), [])
  })

  it('is forgotten when the session is cleared', async () => {
    const peer = await open()
    await receive(peer, ['one'])
    await engine.handlers.subscribe({ from: 0, fromLabel: 0 })
    await engine.handlers.filter({ text: 'one', generation: 1 })
    await until(() => scanned(1) === 3)
    deltas = []
    await engine.handlers.clear(null)
    await receive(peer, ['one'])
    await until(() => deltas.at(-1)?.status.events === 3)
    assert.deepEqual(told(1), [])
    await engine.handlers.filter({ text: 'one', generation: 2 })
    await until(() => scanned(2) === 3)
    assert.deepEqual(found(2), [2])
  })

  it('goes on for a reader that was away, with what it has not been told', async () => {
    const peer = await open()
    await receive(peer, ['one', 'one'])
    await engine.handlers.subscribe({ from: 0, fromLabel: 0 })
    await engine.handlers.filter({ text: 'one', generation: 4 })
    await until(() => scanned(4) === 4)
    await engine.handlers.unsubscribe(null)
    await receive(peer, ['one'])
    deltas = []
    await engine.handlers.subscribe({ from: 4, fromLabel: 0, fromMatch: { generation: 4, count: 2 } })
    await until(() => scanned(4) === 5)
    assert.deepEqual(
      told(4).map(({ first, indexes }) => [first, ...indexes]),
      [[2, 4]],
    )
  })

  it('keeps new events back while it is held, but not what a filter finds among the old ones', async () => {
    const peer = await open()
    await receive(peer, ['one', 'two'])
    await engine.handlers.subscribe({ from: 0, fromLabel: 0 })
    await until(() => deltas.length > 0)
    await engine.handlers.hold({ held: true })
    await receive(peer, ['one', 'one'])
    await engine.handlers.filter({ text: 'one', generation: 1 })
    await until(() => scanned(1) === 4)
    assert.deepEqual(found(1), [2])
    const shown = deltas.reduce((end, { columns: { first, count } }) => (count > 0 ? first + count : end), 0)
    assert.equal(shown, 4)
    await engine.handlers.hold({ held: false })
    await until(() => scanned(1) === 6)
    assert.deepEqual(found(1), [2, 4, 5])
  })

  it('counts a part of the session, filtered or not', async () => {
    const peer = await open()
    await receive(peer, ['one', 'two', 'three'])
    await engine.handlers.subscribe({ from: 0, fromLabel: 0 })
    const whole = await engine.handlers.survey({ ...WHOLE, end: 5 })
    assert.deepEqual([whole?.count, whole?.messages, whole?.bytes], [5, 3, 11])
    const messages = await engine.handlers.survey({ ...WHOLE, hidden: ['lifecycle'], end: 4 })
    assert.deepEqual([messages?.count, messages?.bytes], [2, 6])
    assert.equal(await engine.handlers.survey({ ...WHOLE, generation: 1, end: 5 }), null)
    await engine.handlers.filter({ text: 't', generation: 1 })
    await until(() => scanned(1) === 5)
    const t = await engine.handlers.survey({ ...WHOLE, generation: 1, hidden: ['lifecycle'], end: 5 })
    assert.deepEqual([t?.count, t?.bytes], [2, 8])
  })

  it('marks a moment that has passed, and none that is still to come', async () => {
    await open()
    await engine.handlers.mark({ text: 'before', time: 1.5 })
    await engine.handlers.mark({ text: 'after', time: 1e9 })
    const { lines } = await engine.handlers.lines({ from: 2, max: 2 })
    const [before, after] = lines.map((line) => JSON.parse(line))
    assert.deepEqual([before.type, before.text, before.time], ['mark', 'before', 1.5])
    assert.ok(after.time < 1e6)
  })
})
