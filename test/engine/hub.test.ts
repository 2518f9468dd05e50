/** The live connections of a session, while its sink is full. */
import assert from 'node:assert/strict'
import { Hub } from '../../src/engine/hub.ts'
import { startClock } from '../../src/shared/clock.ts'
import type { EventSink, RealtimeEvent } from '../../src/shared/event.ts'
import { becomes } from '../support/eventually.ts'
import { closeServers, refusedUrl, serveWebSocket } from '../support/loopback.ts'

class FullSink implements EventSink {
  readonly events: RealtimeEvent[] = []
  drain = () => {}

  append(event: RealtimeEvent): boolean {
    this.events.push(event)
    return false
  }

  onWritable(callback: () => void): void {
    this.drain = callback
  }
}

describe('the hub', () => {
  it('lets a connection that it takes back read if, and only if, the sink has room', async () => {
    const sink = new FullSink()
    const hub = new Hub({ clock: startClock(), sink, network: { noProxy: '*' } })
    const connection = hub.connect({ url: 'ws://127.0.0.1:1/', reconnect: 'never' })
    await connection.disconnect()
    assert.equal(connection.status().stalled, true)
    hub.forget(connection.id)
    sink.drain()
    hub.readmit([connection])
    assert.equal(connection.status().stalled, false)
    hub.forget(connection.id)
    hub.append({ type: 'mark', time: 0, text: '' })
    assert.equal(connection.status().stalled, false)
    hub.readmit([connection])
    assert.equal(connection.status().stalled, true)
  })

  it('records how long open connections were not read, except for short pauses', async () => {
    const sink = new FullSink()
    let now = 0
    const clock = { startedAt: new Date(), now: () => now }
    const hub = new Hub({ clock, sink, network: { noProxy: '*' } })
    const open = hub.connect({ url: await serveWebSocket(() => {}), reconnect: 'never' })
    const failed = hub.connect({ url: await refusedUrl(), reconnect: 'never' })
    await becomes(() => open.status().state, 'open')
    await becomes(() => failed.status().state, 'failed')
    const pauses = () => sink.events.filter(({ type }) => type === 'pause')
    now = 99
    sink.drain()
    assert.deepEqual(pauses(), [])
    hub.append({ type: 'mark', time: 99, text: '' })
    now = 250
    sink.drain()
    assert.deepEqual(pauses(), [{ type: 'pause', connection: open.id, time: 250, duration: 151 }])
    // The event has filled the sink again.
    assert.equal(open.status().stalled, true)
    await hub.disconnectAll()
    closeServers()
  })
})
