import assert from 'node:assert/strict'
import type { Reset } from '../../src/shared/protocol/notifications.ts'
import { newStatus, type SessionStatus } from '../../src/shared/status.ts'
import { ConnectionLabels } from '../../src/vscode/session/connection-labels.ts'

/** A session with as many connections, and one more that was removed. */
function sessionOf(connections: number) {
  let reset: (reset: Reset) => void = () => {}
  const url = 'wss://h/chat'
  const status: SessionStatus = {
    startedAt: '2026-11-23T14:00:00.000Z',
    events: 0,
    firstKept: 0,
    firstPayload: 0,
    spoolBytes: 0,
    unsaved: 0,
    connections: Array.from({ length: connections }, (_, at) => ({
      ...newStatus(at + 1),
      url: `${url}${at}`,
    })),
    removed: [{ id: connections + 1, url, transport: 'sse' }],
  }
  const labels = new ConnectionLabels({
    status,
    on: (_name, listener) => {
      reset = listener
    },
  })
  return { labels, reset: (why: 'replaced' | 'cleared') => reset({ why }) }
}

describe('the labels of connections', () => {
  it('are kept until another session replaces this one', () => {
    const { labels, reset } = sessionOf(2)
    let changes = 0
    const subscription = labels.onChange(() => changes++)
    labels.rename(1, '  prices  ')
    labels.paint(1, 4)
    assert.deepEqual(labels.all, [{ connection: 1, name: 'prices', color: 4 }])
    assert.deepEqual([labels.nameOf(1), labels.colorOf(1)], ['prices', 4])
    assert.deepEqual([labels.nameOf(2), labels.colorOf(2)], ['chat1', 2])
    assert.equal(labels.nameOf(3), 'chat')
    reset('cleared')
    assert.equal(labels.nameOf(1), 'prices')
    reset('replaced')
    assert.deepEqual(labels.all, [])
    assert.deepEqual([labels.nameOf(1), labels.colorOf(1)], ['chat0', 1])
    assert.equal(changes, 3)
    subscription.dispose()
    labels.paint(1, 2)
    assert.equal(changes, 3)
  })

  it('go back to the name of the request when the name of the user is emptied', () => {
    const { labels } = sessionOf(1)
    labels.suggest(1, 'join')
    assert.equal(labels.nameOf(1), 'join')
    labels.rename(1, 'mine')
    assert.equal(labels.nameOf(1), 'mine')
    labels.rename(1, ' ')
    assert.equal(labels.nameOf(1), 'join')
  })

  it('are limited in length and number, and the last ones stay', () => {
    const { labels } = sessionOf(1)
    labels.rename(1, 'x'.repeat(1000))
    assert.equal(labels.nameOf(1).length, 60)
    for (let id = 1; id <= 600; id++) labels.paint(id, 1)
    assert.equal(labels.all.length, 500)
    assert.equal(labels.all.at(-1)?.connection, 600)
  })
})
