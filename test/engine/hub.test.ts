/** The live connections of a session, while its sink is full. */
import assert from 'node:assert/strict'
import { Hub } from '../../src/engine/hub.ts'
import { startClock } from '../../src/shared/clock.ts'
import type { EventSink } from '../../src/shared/event.ts'

class FullSink implements EventSink {
  drain = () => {}

  append(): boolean {
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
})
