import assert from 'node:assert/strict'
import { allocateColumns } from '../../../src/shared/event-columns.ts'
import { NumberList } from '../../../src/shared/number-list.ts'
import { ColumnStore, SEGMENT_SIZE } from '../../../webview/state/events/column-store.ts'
import { MatchingRows } from '../../../webview/state/events/rows.ts'
import { compileScope, WHOLE_SESSION } from '../../../webview/state/scope.ts'

/** Events a millisecond apart. */
function storeOf(count: number): ColumnStore {
  const store = new ColumnStore()
  const columns = allocateColumns(0, count)
  for (let i = 0; i < count; i++) columns.time[i] = i
  store.append(columns)
  return store
}

const eventsOf = (rows: MatchingRows) =>
  Array.from({ length: rows.end - rows.first }, (_, i) => rows.eventAt(rows.first + i))

describe('rows narrowed by a filter', () => {
  it('are the matches that pass the test, as more are found', () => {
    const store = storeOf(100)
    const found = new NumberList()
    for (const event of [3, 10, 11]) found.push(event)
    const rows = new MatchingRows(store, (_, offset) => offset % 2 === 1, found)
    assert.equal(rows.advance(100), true)
    assert.deepEqual(eventsOf(rows), [3, 11])
    found.push(51)
    found.push(60)
    assert.equal(rows.advance(1), false)
    assert.equal(rows.advance(1), true)
    assert.deepEqual(eventsOf(rows), [3, 11, 51])
  })

  it('go when their events are dropped', () => {
    const store = storeOf(100)
    const found = new NumberList()
    for (const event of [3, 10, 51]) found.push(event)
    const rows = new MatchingRows(store, () => true, found)
    rows.advance(100)
    store.dropBefore(11)
    found.dropBefore(11)
    rows.advance(100)
    assert.deepEqual(eventsOf(rows), [51])
    assert.equal(rows.rankOf(51), 2)
  })
})

describe('rows narrowed by a time range', () => {
  const range = { from: 2.5 * SEGMENT_SIZE, to: 2.5 * SEGMENT_SIZE + 3 }
  const test = compileScope({ ...WHOLE_SESSION, range }) ?? (() => true)

  it('are those within it, both ends included', () => {
    const rows = new MatchingRows(storeOf(4 * SEGMENT_SIZE), test, undefined, range)
    while (!rows.advance(SEGMENT_SIZE));
    assert.deepEqual(
      eventsOf(rows),
      [0, 1, 2, 3].map((i) => range.from + i),
    )
  })

  it('are found without reading whole segments before it', () => {
    let looked = 0
    const counting: typeof test = (segment, offset) => {
      looked++
      return test(segment, offset)
    }
    const rows = new MatchingRows(storeOf(4 * SEGMENT_SIZE), counting, undefined, range)
    rows.advance(SEGMENT_SIZE)
    assert.equal(rows.end, 4)
    assert.equal(looked, SEGMENT_SIZE)
  })

  it('may arrive late: a segment that is not full is never skipped', () => {
    const store = storeOf(100)
    const late = { from: 1000, to: 2000 }
    const rows = new MatchingRows(
      store,
      compileScope({ ...WHOLE_SESSION, range: late }) ?? test,
      undefined,
      late,
    )
    rows.advance(1000)
    const more = allocateColumns(100, 1)
    more.time[0] = 1500
    store.append(more)
    rows.advance(1000)
    assert.deepEqual(eventsOf(rows), [100])
  })
})
