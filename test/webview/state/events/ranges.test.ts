import assert from 'node:assert/strict'
import { allocateColumns } from '../../../../src/shared/event-columns.ts'
import { ColumnStore } from '../../../../webview/state/events/column-store.ts'
import {
  between,
  countRows,
  hasIndex,
  type Ranges,
  rowsIn,
  sumUp,
  toggled,
} from '../../../../webview/state/events/ranges.ts'
import { AllRows, MatchingRows } from '../../../../webview/state/events/rows.ts'

function storeOf(count: number): ColumnStore {
  const columns = allocateColumns(0, count)
  for (let i = 0; i < count; i++) {
    columns.time[i] = i * 10
    columns.size[i] = i
    columns.connection[i] = i % 2
  }
  const store = new ColumnStore()
  store.append(columns)
  return store
}

/** A generator of pseudo-random whole numbers below a bound. */
function numbers(seed: number): (bound: number) => number {
  let state = seed
  return (bound) => {
    state = (state * 48_271) % 2_147_483_647
    return state % bound
  }
}

describe('selected ranges', () => {
  it('contain what a set of numbers would, however they are toggled', () => {
    const next = numbers(7)
    let ranges: Ranges = []
    const set = new Set<number>()
    for (let i = 0; i < 500; i++) {
      const index = next(40)
      ranges = toggled(ranges, index)
      if (!set.delete(index)) set.add(index)
      const held = Array.from({ length: 40 }, (_, k) => k).filter((k) => hasIndex(ranges, k))
      assert.deepEqual(
        held,
        [...set].sort((a, b) => a - b),
      )
      for (const [k, { from, to }] of ranges.entries())
        assert.ok(from < to && from > (ranges[k - 1]?.to ?? -1))
    }
  })

  it('go from one event to another in either order', () => {
    assert.deepEqual(between(3, 5), [{ from: 3, to: 6 }])
    assert.deepEqual(between(5, 3), [{ from: 3, to: 6 }])
  })

  it('count and list only the rows shown', () => {
    const store = storeOf(100)
    const odd = new MatchingRows(store, (segment, offset) => segment.connection[offset] === 1)
    odd.advance(100)
    const ranges = toggled(between(10, 15), 21)
    assert.equal(countRows(ranges, new AllRows(store)), 7)
    assert.equal(countRows(ranges, odd), 4)
    assert.deepEqual(rowsIn(ranges, odd, 10), [11, 13, 15, 21])
    assert.deepEqual(rowsIn(ranges, odd, 2), [11, 13])
    assert.deepEqual(sumUp(ranges, odd, store), { count: 4, bytes: 60, first: 110, last: 210 })
  })

  it('ignore events that were dropped', () => {
    const store = storeOf(100)
    store.dropBefore(50)
    const ranges = between(40, 59)
    assert.equal(countRows(ranges, new AllRows(store)), 10)
    assert.equal(sumUp(ranges, new AllRows(store), store).first, 500)
  })
})
