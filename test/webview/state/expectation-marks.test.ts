import assert from 'node:assert/strict'
import { allocateColumns } from '../../../src/shared/event-columns.ts'
import type { ExpectationStatus } from '../../../src/shared/expectation.ts'
import { ColumnStore } from '../../../webview/state/events/column-store.ts'
import { expectationMarks } from '../../../webview/state/expectation-marks.ts'

/** Events of two connections; three of them at the same time, and one that is appended late. */
const EVENTS = [
  { connection: 1, time: 0 },
  { connection: 1, time: 5 },
  { connection: 2, time: 5 },
  { connection: 1, time: 5 },
  { connection: 1, time: 9 },
  { connection: 1, time: 3 },
]
const COLUMNS = new ColumnStore()
const batch = allocateColumns(0, EVENTS.length)
batch.time.set(EVENTS.map(({ time }) => time))
batch.connection.set(EVENTS.map(({ connection }) => connection))
COLUMNS.append(batch)

function marks(...expectations: readonly ExpectationStatus[]) {
  return expectationMarks([{ id: 1, expectations }], COLUMNS).map(({ isHeld, time, event }) => [
    isHeld,
    time,
    event,
  ])
}

describe('the marks of expectations', () => {
  it('are on the event that decided, also if others came at the same time', () => {
    assert.deepEqual(
      marks(
        { text: 'a', state: 'held', detail: 'after 5 ms', time: 5 },
        { text: 'b', state: 'failed', detail: 'one came', time: 5, nth: 1 },
      ),
      [
        [true, 5, 1],
        [false, 5, 3],
      ],
    )
  })

  it('are on an event that was appended late', () => {
    assert.deepEqual(marks({ text: 'a', state: 'held', detail: 'after 3 ms', time: 3 }), [[true, 3, 5]])
  })

  it('are where the time ran out, and on what came instead', () => {
    const status: ExpectationStatus = {
      ...{ text: 'a within 1s', state: 'failed', detail: 'none in 1.0 s' },
      ...{ ranOutAt: 1000, insteadAt: { time: 9 }, cameInstead: ['b'] },
    }
    assert.deepEqual(marks(status), [[false, 1000, 4]])
    const [mark] = expectationMarks([{ id: 1, expectations: [status] }], COLUMNS)
    assert.equal(mark?.sentence, '✗ Expected a within 1s: none in 1.0 s. Came instead: b.')
  })

  it('are left out while nothing is decided, and have no event if it is gone', () => {
    assert.deepEqual(marks({ text: 'a', state: 'pending' }), [])
    assert.deepEqual(marks({ text: 'a', state: 'held', time: 7 }), [[true, 7, undefined]])
    assert.deepEqual(marks({ text: 'gap p95 < 1s', state: 'held', detail: '5 ms' }), [])
  })
})
