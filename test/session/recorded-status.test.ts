import assert from 'node:assert/strict'
import { join } from 'node:path'
import { Capture } from '../../src/capture/capture.ts'
import { RecordedStatus } from '../../src/session/recorded-status.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

const open = { status: 200, headers: {}, httpVersion: '1.1' }
const payload = Buffer.from('12345')

const EVENTS: readonly RealtimeEvent[] = [
  { type: 'connect', connection: 1, time: 10, transport: 'auto', url: 'http://h/?token=hush', attempt: 0 },
  { type: 'open', connection: 1, time: 20, transport: 'sse', ...open },
  { type: 'message', connection: 1, time: 30, direction: 'in', payload },
  { type: 'mark', time: 31, text: 'here' },
  { type: 'connect', connection: 2, time: 40, transport: 'long-poll', url: 'http://h/lp', attempt: 0 },
  { type: 'request', connection: 2, time: 41, url: 'http://h/lp', headers: {} },
  { type: 'error', connection: 1, time: 50, code: 'ECONNRESET', message: 'The connection was reset.' },
  { type: 'close', connection: 1, time: 50, by: 'network' },
  { type: 'reconnect', connection: 1, time: 51, attempt: 1, delay: 100, reason: 'connection reset' },
  { type: 'response', connection: 2, time: 60, status: 204, headers: {}, held: 19, empty: true },
  { type: 'connect', connection: 1, time: 151, transport: 'sse', url: 'http://h/?token=hush', attempt: 1 },
  { type: 'open', connection: 1, time: 160, transport: 'sse', ...open },
  { type: 'message', connection: 1, time: 1040, direction: 'in', payload },
]

describe('the statuses of a recording', () => {
  let capture: Capture
  let fold: RecordedStatus

  before(() => {
    capture = new Capture({ directory: join(tempDir(), 'spool'), clock: { startedAt: new Date() } })
    for (const event of EVENTS) capture.append(event)
    fold = new RecordedStatus(capture)
  })

  after(() => {
    capture.close()
    removeTempDirs()
  })

  const at = (count: number) => fold.at(count, EVENTS[count - 1]?.time ?? 0)

  it('are correct after any event, forward and back', () => {
    for (const count of [2, 3, 6, 9, 13, 3, 9]) {
      const [first] = at(count)
      const expected = { 2: 'open', 3: 'open', 6: 'open', 9: 'waiting', 13: 'open' }[count]
      assert.equal(first?.state, expected, `after ${count} events`)
    }
  })

  it('count messages, bytes, responses and reconnects', () => {
    const [sse, poll] = at(13)
    assert.equal(sse?.messagesIn, 2)
    assert.equal(sse?.bytesIn, 10)
    assert.equal(sse?.reconnects, 1)
    assert.equal(sse?.openedAt, 20)
    assert.equal(sse?.error, undefined)
    assert.deepEqual([poll?.responses, poll?.emptyResponses, poll?.heldSince], [1, 1, undefined])
  })

  it('count errors, and say who closed a connection last', () => {
    const [sse, poll] = at(13)
    assert.deepEqual(
      [sse?.errors, sse?.lastError, sse?.closedBy],
      [1, 'The connection was reset.', 'network'],
    )
    assert.deepEqual([poll?.errors, poll?.lastError, poll?.closedBy], [undefined, undefined, undefined])
  })

  it('include pending reconnects and held requests', () => {
    const [sse, poll] = at(9)
    assert.deepEqual(sse?.retry, { attempt: 1, at: 151, reason: 'connection reset' })
    assert.equal(sse?.error, 'The connection was reset.')
    assert.equal(poll?.heldSince, 41)
  })

  it('include the rate of the last second', () => {
    assert.equal(fold.at(13, 1041)[0]?.rate, 1)
    assert.equal(fold.at(3, 35)[0]?.rate, 1)
    assert.equal(fold.at(3, 1031)[0]?.rate, 0)
  })

  it('mask secrets', () => {
    assert.equal(at(2)[0]?.url, 'http://h/?token=***')
  })

  it('say through what a connection was seen, and which line opened it', () => {
    const initiator = { file: 'file:///app.js', line: 3, column: 5 }
    const seen = new Capture({ directory: join(tempDir(), 'spool'), clock: { startedAt: new Date() } })
    const connect = { type: 'connect', connection: 1, transport: 'sse', url: 'http://h/' } as const
    seen.append({ ...connect, time: 0, attempt: 0, source: 'debugger', initiator })
    seen.append({ ...connect, time: 1, attempt: 1, source: 'debugger' })
    seen.append({ ...connect, connection: 2, time: 2, attempt: 0, source: 'client' })
    const statuses = new RecordedStatus(seen).at(3, 3)
    assert.deepEqual(
      statuses.map((status) => [status.source, status.initiator]),
      [
        ['debugger', initiator],
        [undefined, undefined],
      ],
    )
    seen.close()
  })
})
