import assert from 'node:assert/strict'
import { type ConnectionStatus, newStatus } from '../../../src/shared/status.ts'
import { activity, connectionName, shortUrl, traffic } from '../../../webview/format/connection.ts'
import { eventCount, formatBytes, formatCount, formatRate } from '../../../webview/format/count.ts'
import {
  formatCountdown,
  formatDelta,
  formatDuration,
  formatElapsed,
  formatSessionTime,
  formatStart,
  formatWallClock,
} from '../../../webview/format/time.ts'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')

const connection: ConnectionStatus = {
  ...newStatus(1),
  url: 'wss://feed.example/ticker',
  transport: 'websocket',
  state: 'open',
  since: 1000,
  openedAt: 1000,
  messagesIn: 48_210,
  messagesOut: 12,
  rate: 412,
  canSend: true,
}

describe('times', () => {
  it('in a session are minutes, seconds and milliseconds, with hours where needed', () => {
    assert.equal(formatSessionTime(0), '00:00.000')
    assert.equal(formatSessionTime(132_961.99), '02:12.961')
    assert.equal(formatSessionTime(3_600_000 + 61_001), '1:01:01.001')
  })

  it('between events have tenths if short, and are empty if unknown', () => {
    assert.equal(formatDelta(0.12), '0.1')
    assert.equal(formatDelta(999.94), '999.9')
    assert.equal(plain(formatDelta(12_345.6)), '12,346')
    assert.equal(formatDelta(Number.NaN), '')
  })

  it('as durations show their two largest units', () => {
    assert.deepEqual([9.84, 412, 1400, 12_000, 133_000, 3_720_000, 90_000_000].map(formatDuration), [
      '9.8 ms',
      '412 ms',
      '1.4 s',
      '12 s',
      '2m 13s',
      '1h 2m',
      '1d 1h',
    ])
  })

  it('that run have seconds, and tenths when they run out', () => {
    assert.equal(formatElapsed(1999), '1 s')
    assert.equal(formatElapsed(133_900), '2m 13s')
    assert.equal(formatCountdown(1449), '1.4 s')
    assert.equal(formatCountdown(-5), '0.0 s')
    assert.equal(formatCountdown(42_000), '42 s')
  })

  it('of the clock keep microseconds', () => {
    const text = formatWallClock('2026-11-23T14:00:00.000Z', 131_482.317)
    assert.match(text, /^\d\d:02:11\.482 317$/)
    assert.equal(formatWallClock('nonsense', 1), '')
  })
})

describe('counts and sizes', () => {
  it('are grouped by thousands', () => {
    assert.deepEqual([0, 999, 1000, 48_226, 1_234_567].map(formatCount).map(plain), [
      '0',
      '999',
      '1,000',
      '48,226',
      '1,234,567',
    ])
    assert.equal(plain(eventCount(1)), '1 event')
    assert.equal(plain(eventCount(1200)), '1,200 events')
  })

  it('of bytes have a unit', () => {
    assert.equal(formatBytes(388), '388\u00a0B')
    assert.equal(formatBytes(16_400), '16.4\u00a0kB')
  })

  it('of rates have tenths if they are small', () => {
    assert.equal(formatRate(412), '412/s')
    assert.equal(formatRate(0.5), '0.5/s')
  })
})

describe('a connection in words', () => {
  it('is named by its transport, host and path', () => {
    assert.equal(connectionName(connection), 'ws feed.example/ticker')
    assert.equal(shortUrl('https://kv/config?wait=30s'), 'kv/config?wait=30s')
    assert.equal(shortUrl('https://host:8443/'), 'host:8443')
    assert.equal(shortUrl('not a url'), 'not a url')
  })

  it('says what it does', () => {
    const at = (part: Partial<ConnectionStatus>, now: number) => activity({ ...connection, ...part }, now)
    assert.equal(at({}, 134_000), '2m 13s')
    assert.equal(
      at({ state: 'waiting', retry: { attempt: 2, at: 3400, reason: 'reset' } }, 2000),
      'retry 2 in 1.4 s',
    )
    assert.equal(at({ heldSince: 2000 }, 14_500), 'held 12 s')
    assert.equal(at({ stalled: true }, 2000), 'reading paused')
    assert.equal(at({ state: 'connecting' }, 3000), 'connecting 2 s')
    assert.equal(at({ state: 'failed' }, 3000), 'failed')
  })

  it('shows its start time, with the date if it was not today', () => {
    const started = new Date(2026, 10, 3, 9, 5)
    assert.equal(formatStart(started.toISOString(), new Date(2026, 10, 3, 23, 59)), '09:05')
    assert.equal(formatStart(started.toISOString(), new Date(2026, 10, 4, 0, 1)), '2026-11-03 09:05')
    assert.equal(formatStart('yesterday'), '')
  })

  it('counts its traffic, and the empty responses of polls', () => {
    assert.equal(plain(traffic(connection)), '↓ 48,210 ↑ 12 · 412/s')
    const poll = {
      ...connection,
      canSend: false,
      messagesIn: 4,
      messagesOut: 0,
      rate: 0,
      responses: 31,
      emptyResponses: 27,
    }
    assert.equal(plain(traffic(poll)), '↓ 4 · 27 of 31 empty')
    // Sent messages are counted for a connection that can send, or that has sent some.
    assert.equal(plain(traffic({ ...poll, emptyResponses: 0, canSend: true })), '↓ 4 ↑ 0')
    assert.equal(plain(traffic({ ...poll, emptyResponses: 0, messagesOut: 2 })), '↓ 4 ↑ 2')
  })
})
