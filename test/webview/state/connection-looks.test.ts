import assert from 'node:assert/strict'
import { signal } from '@preact/signals'
import type { LabelChange } from '../../../src/shared/protocol/labels.ts'
import { newStatus, type SessionStatus } from '../../../src/shared/status.ts'
import { ConnectionLooks } from '../../../webview/state/connection-looks.ts'

function sessionOf(...urls: string[]): SessionStatus {
  const connections = urls.map((url, at) => ({ ...newStatus(at + 1), url, transport: 'websocket' as const }))
  return {
    startedAt: '2026-11-23T14:00:00.000Z',
    events: 0,
    firstKept: 0,
    firstPayload: 0,
    spoolBytes: 0,
    unsaved: 0,
    connections,
  }
}

describe('the looks of connections', () => {
  const told: LabelChange[] = []
  const looksOf = (...urls: string[]) =>
    new ConnectionLooks(signal(sessionOf(...urls)), (change) => told.push(change))

  it('name what differs, and are those that the host keeps', () => {
    const looks = looksOf('wss://h/chat?room=dev', 'wss://h/chat?room=ops')
    assert.match(looks.nameOf(1), /room=dev/)
    assert.equal(looks.colorOf(2), 2)
    looks.labels.value = [{ connection: 1, name: 'prices', color: 4 }]
    assert.deepEqual([looks.nameOf(1), looks.colorOf(1)], ['prices', 4])
    assert.match(looks.nameOf(2), /room=ops/)
    assert.equal(looks.nameOf(9), '')
  })

  it('tell the host what the user chose', () => {
    const looks = looksOf('wss://h/a')
    looks.startRenaming(1)
    looks.rename(1, 'prices')
    looks.paint(1, 3)
    assert.equal(looks.renaming.value, undefined)
    assert.deepEqual(told, [
      { id: 1, name: 'prices' },
      { id: 1, color: 3 },
    ])
  })
})
