import assert from 'node:assert/strict'
import { type ConnectionStatus, newStatus } from '../../src/shared/status.ts'
import { Announcements, SILENCE } from '../../webview/page/announcements.ts'

const connection = (id: number, part: Partial<ConnectionStatus>): ConnectionStatus => ({
  ...newStatus(id),
  transport: 'websocket',
  url: `ws://host/${id}`,
  ...part,
})
const WAITING = { state: 'waiting', retry: { attempt: 1, at: 0, reason: 'connection reset' } } as const

describe('announcements of connections', () => {
  it('say that one opens, breaks, fails or ends, and why', () => {
    const announcements = new Announcements()
    const hear = (part: Partial<ConnectionStatus>, at: number) =>
      announcements.hear([connection(1, part)], at * SILENCE)
    assert.equal(hear({ state: 'connecting' }, 0), '')
    assert.equal(hear({ state: 'open' }, 1), 'ws host/1 open')
    assert.equal(hear(WAITING, 2), 'ws host/1 reconnecting: connection reset')
    assert.equal(hear({ state: 'failed', error: 'No such host.' }, 3), 'ws host/1 failed: No such host.')
    assert.equal(hear({ state: 'closing' }, 4), 'ws host/1 failed: No such host.')
    assert.equal(hear({ state: 'closed' }, 5), 'ws host/1 closed')
  })

  it('come once for all failed attempts', () => {
    const announcements = new Announcements()
    const said = new Set<string>()
    for (let i = 0; i < 100; i++)
      said.add(
        announcements.hear([connection(1, i % 2 === 0 ? WAITING : { state: 'connecting' })], i * SILENCE),
      )
    assert.deepEqual([...said], ['ws host/1 reconnecting: connection reset'])
  })

  it('are rare for a connection that changes all the time, and end with its state', () => {
    const announcements = new Announcements()
    const said: string[] = []
    let last = ''
    for (let now = 0; now <= 10 * SILENCE; now += 50) {
      const part = now > 8 * SILENCE || (now / 50) % 2 === 0 ? { state: 'open' as const } : WAITING
      const text = announcements.hear([connection(1, part)], now)
      if (text !== last) said.push(text)
      last = text
    }
    assert.ok(said.length <= 11, `${said.length} times`)
    assert.equal(last, 'ws host/1 open')
  })

  it('count the states of many connections', () => {
    const many = Array.from({ length: 30 }, (_, i) => connection(i + 1, i < 28 ? { state: 'open' } : WAITING))
    assert.equal(new Announcements().hear(many, 0), '30 connections: 28 open, 2 reconnecting')
  })
})
