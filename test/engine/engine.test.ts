import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type WebSocket, WebSocketServer } from 'ws'
import { Engine } from '../../src/engine/engine.ts'
import type { Delta } from '../../src/shared/protocol.ts'
import type { SessionStatus } from '../../src/shared/status.ts'

const LIMITS = { memoryLimit: 1 << 20, spoolLimit: 1 << 26, maxEvents: 100_000, maxMessageSize: 1 << 20 }

describe('the engine', () => {
  let folder: string
  let server: WebSocketServer
  let engine: Engine
  let statuses: SessionStatus[]
  let deltas: Delta[]
  let resets: number
  let changed: () => void

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ri-engine-'))
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await once(server, 'listening')
    statuses = []
    deltas = []
    resets = 0
    changed = () => {}
    engine = new Engine({
      directory: join(folder, 'spool'),
      network: {},
      settings: LIMITS,
      notify: (name, data) => {
        if (name === 'status') statuses.push(data as SessionStatus)
        if (name === 'delta') deltas.push(data as Delta)
        if (name === 'reset') resets++
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

  /** Waits for the condition, looked at whenever the engine says something. */
  async function until(condition: () => boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      changed = () => condition() && resolve()
      changed()
    })
  }

  async function open(): Promise<{ id: number; peer: WebSocket }> {
    const connected = once(server, 'connection')
    const { port } = server.address() as AddressInfo
    const { id } = await engine.handlers.connect({
      spec: { url: `ws://127.0.0.1:${port}/?token=hush`, headers: { Authorization: 'Bearer hush' } },
    })
    const [peer] = (await connected) as [WebSocket]
    await until(() => engine.status().connections.find((each) => each.id === id)?.state === 'open')
    return { id, peer }
  }

  it('streams what comes to one reader, a delta at a time', async () => {
    await engine.handlers.subscribe({ from: 0, fromLabel: 0 })
    const { peer } = await open()
    for (let i = 0; i < 100; i++) peer.send(`message ${i}`)
    await until(() => {
      engine.acknowledge()
      return engine.status().events >= 102 && (deltas.at(-1)?.status.events ?? 0) >= 102
    })
    let next = 0
    for (const { columns } of deltas) {
      assert.equal(columns.first, next)
      next += columns.count
    }
    const { columns, previews: newest = [] } = deltas.at(-1) ?? assert.fail('a delta came')
    assert.equal(columns.first + columns.count, 102)
    assert.equal(newest.length, Math.min(64, columns.count))
    assert.equal(newest.at(-1)?.text, 'message 99')
    const previews = await engine.handlers.previews({ indexes: [2, 101, 9999] })
    assert.deepEqual(previews, [
      { label: 'text', text: 'message 0' },
      { label: 'text', text: 'message 99' },
      { label: '', text: '' },
    ])
  })

  it('tells an event in full, secrets masked', async () => {
    await open()
    const { fields } = await engine.handlers.detail({ index: 0, maxBytes: 10 })
    assert.equal(fields.type, 'connect')
    assert.ok(!JSON.stringify(fields).includes('hush'))
    await assert.rejects(async () => engine.handlers.detail({ index: 77, maxBytes: 10 }), {
      code: 'NO_EVENT',
    })
  })

  it('gives a payload up to the bytes asked for, and its whole size', async () => {
    const { peer } = await open()
    peer.send('x'.repeat(5000))
    await until(() => engine.status().events === 3)
    const detail = await engine.handlers.detail({ index: 2, maxBytes: 100 })
    assert.equal(detail.payload?.length, 100)
    assert.equal(detail.size, 5000)
  })

  it('sends what was composed and refuses what is none', async () => {
    const { id, peer } = await open()
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

  it('cleared keeps how live connections began, so that a later save can be understood', async () => {
    const { id, peer } = await open()
    const ended = await open()
    await engine.handlers.disconnect({ id: ended.id })
    await engine.handlers.clear(null)
    assert.equal(resets, 1)
    peer.send('after')
    await until(() => engine.status().events === 3)
    assert.deepEqual(
      engine.status().connections.map((connection) => connection.id),
      [id],
    )
    const path = join(folder, 'cleared.rtsession')
    await engine.handlers.save({ path, reveal: [] })
    const types = (await readFile(path, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).type)
    assert.deepEqual(types, ['session', 'connect', 'open', 'message'])
    assert.equal(engine.status().unsaved, 0)
  })

  it('hands out lines in portions that say where to go on', async () => {
    const { peer } = await open()
    for (let i = 0; i < 5; i++) peer.send(String(i))
    await until(() => engine.status().events === 7)
    const first = await engine.handlers.lines({ from: 0, max: 3 })
    const rest = await engine.handlers.lines({ from: first.next, max: 100 })
    assert.deepEqual(
      [...first.lines, ...rest.lines].map((line) => JSON.parse(line).type),
      ['connect', 'open', 'message', 'message', 'message', 'message', 'message'],
    )
    assert.equal(rest.next, 7)
  })

  it('says its status while it changes and once more when it rests', async () => {
    const { peer } = await open()
    peer.send('one')
    await until(() => (statuses.at(-1)?.connections[0]?.rate ?? 0) > 0)
    await until(() => statuses.at(-1)?.connections[0]?.rate === 0)
    assert.equal(statuses.at(-1)?.connections[0]?.messagesIn, 1)
  })
})
