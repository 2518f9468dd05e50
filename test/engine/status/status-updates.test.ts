import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import type { WebSocket } from 'ws'
import { type StatusUpdate, TRAFFIC_ROW } from '../../../src/shared/protocol/status-update.ts'
import type { ConnectionStatus, SessionStatus } from '../../../src/shared/status.ts'
import { LiveEngine } from '../../support/live-engine.ts'
import { serveHttp, serveWebSocket } from '../../support/loopback.ts'

/** More than the connections that are looked at each time. */
const MANY = 300

/** What does not change by itself as time passes. */
function steady(connections: readonly ConnectionStatus[] = []): unknown {
  return connections.map(({ rate: _, ...rest }) => JSON.parse(JSON.stringify(rest)))
}

describe('updates of the status', () => {
  let live: LiveEngine

  beforeEach(() => {
    live = new LiveEngine({ keepsUp: true })
  })

  afterEach(() => live.close())

  /** Waits until a reader of the updates knows what the engine knows. */
  async function inStep(): Promise<void> {
    await live.until(() => {
      const known = live.statuses.at(-1)
      const { connections, events } = live.engine.handlers.status(null) as SessionStatus
      return (
        known?.events === events &&
        JSON.stringify(steady(known.connections)) === JSON.stringify(steady(connections))
      )
    })
  }

  async function openMany(count: number): Promise<{ ids: number[]; peers: WebSocket[] }> {
    const peers: WebSocket[] = []
    const url = await serveWebSocket((peer) => peers.push(peer))
    const ids = await Promise.all(
      Array.from({ length: count }, async () => (await live.engine.handlers.connect({ spec: { url } })).id),
    )
    await live.until(() => {
      const all = live.engine.status().connections.filter(({ id }) => ids.includes(id))
      return all.every(({ state }) => state === 'open')
    })
    return { ids, peers }
  }

  for (const subscribed of [false, true])
    it(`add up to the whole status${subscribed ? ' with those in deltas' : ''}`, async () => {
      const { handlers } = live.engine
      if (subscribed) await handlers.subscribe({ from: 0, fromEventName: 0 })
      const { ids, peers } = await openMany(20)
      await inStep()
      for (const [n, peer] of peers.entries()) for (let i = 0; i < n; i++) peer.send('x'.repeat(n))
      for (const id of ids.slice(0, 5)) await handlers.send({ id, message: { format: 'text', text: 'out' } })
      await inStep()
      for (const id of [1, 7, 20]) await handlers.disconnect({ id })
      await inStep()
      await handlers.removeConnection({ id: 7 })
      await inStep()
      await handlers.restoreRemoved(null)
      await openMany(3)
      await inStep()
      await handlers.clear(null)
      await inStep()
      peers[3]?.send('after the clear')
      await handlers.settleCleared({ undo: true })
      await inStep()
      assert.equal(live.statuses.at(-1)?.connections.length, 23)
    })

  it('bring new traffic without the connections that have none', async () => {
    const { peers } = await openMany(MANY)
    await inStep()
    const updates: StatusUpdate[] = []
    live.onUpdate = (update) => updates.push(update)
    peers[5]?.send('hello')
    await live.until(
      () => live.statuses.at(-1)?.connections.some(({ messagesIn }) => messagesIn === 1) === true,
    )
    const rows = updates.map((update) => ('changes' in update ? update.changes.traffic.length : undefined))
    assert.ok(rows.includes(TRAFFIC_ROW), `rows of ${rows}`)
    assert.ok(updates.every((update) => 'changes' in update && update.changes.connections.length === 0))
  })

  it('bring the requests and responses of polls as traffic, by the clock of the session', async () => {
    const held: ServerResponse[] = []
    const url = await serveHttp((_request, response) => held.push(response))
    const poll = () => live.statuses.at(-1)?.connections[0]
    await live.engine.handlers.connect({ spec: { url, transport: 'long-poll', interval: 0 } })
    await live.until(() => held.length === 1)
    held[0]?.end()
    await live.until(() => held.length === 2 && poll()?.state === 'open')
    // The session starts anew, so that times count from then.
    await live.engine.handlers.clear(null)
    await inStep()
    const updates: StatusUpdate[] = []
    live.onUpdate = (update) => updates.push(update)
    held[1]?.end()
    await live.until(() => poll()?.responses === 2 && poll()?.heldSince !== undefined)
    await inStep()
    assert.equal(poll()?.emptyResponses, 2)
    assert.ok(updates.every((update) => 'changes' in update && update.changes.connections.length === 0))
  })

  it('keep the objects of connections that have not changed', async () => {
    const { peers } = await openMany(3)
    await inStep()
    const before = live.statuses.at(-1)?.connections ?? []
    peers[1]?.send('hello')
    await live.until(
      () =>
        (live.statuses.at(-1)?.connections.filter(({ messagesIn }) => messagesIn === 1) ?? []).length === 1,
    )
    const after = live.statuses.at(-1)?.connections ?? []
    assert.deepEqual(
      after.map((connection, n) => connection === before[n]),
      after.map(({ messagesIn }) => messagesIn === 0),
    )
  })

  it('tell of what changes without traffic or an event, for any number of connections', async () => {
    const { ids } = await openMany(MANY)
    await inStep()
    const last = ids.at(-1) ?? 0
    await live.engine.handlers.keepAlive({
      id: last,
      message: { format: 'text', text: 'still here' },
      interval: 1_000_000,
    })
    await live.until(() => live.statuses.at(-1)?.connections.at(-1)?.keepAlive !== undefined)
    await live.engine.handlers.stopKeepAlive({ id: last })
    await live.until(() => live.statuses.at(-1)?.connections.at(-1)?.keepAlive === undefined)
  })

  it('end when rates have fallen', async () => {
    const { peers } = await openMany(2)
    peers[0]?.send('hello')
    await live.until(() => live.statuses.at(-1)?.connections.some(({ rate }) => rate > 0) === true)
    await live.until(() => live.statuses.at(-1)?.connections.every(({ rate }) => rate === 0) === true)
  })
})
