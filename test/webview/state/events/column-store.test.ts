import assert from 'node:assert/strict'
import { allocateColumns, type ColumnBatch, packKind } from '../../../../src/shared/event-columns.ts'
import { ColumnStore, SEGMENT_SIZE } from '../../../../webview/state/events/column-store.ts'
import { seededRandom } from '../../../support/splits.ts'

const message = packKind({
  type: 'message',
  direction: 'in',
})
const open = packKind({
  type: 'open',
})

function batch(first: number, count: number): ColumnBatch {
  const columns = allocateColumns(first, count)
  for (let i = 0; i < count; i++) {
    const index = first + i
    columns.time[i] = index * 0.5
    columns.kind[i] = index % 1000 === 0 ? open : message
    columns.connection[i] = index % 3
    columns.size[i] = index * 2
    columns.wireSize[i] = index * 3
    columns.eventName[i] = index % 7
  }
  return columns
}

function fill(store: ColumnStore, count: number, seed: number): void {
  const random = seededRandom(seed)
  while (store.end < count)
    store.append(batch(store.end, Math.min(count - store.end, Math.ceil(random() * 40_000))))
}

describe('columns of the page', () => {
  it('return every event, whatever batches it came in', () => {
    const store = new ColumnStore()
    const count = 2 * SEGMENT_SIZE + 1234
    fill(store, count, 1)
    for (const index of [0, 1, SEGMENT_SIZE - 1, SEGMENT_SIZE, 2 * SEGMENT_SIZE, count - 1]) {
      const found = store.at(index)
      assert.ok(found)
      assert.equal(found.segment.time[found.offset], index * 0.5)
      assert.equal(found.segment.size[found.offset], index * 2)
      assert.equal(found.segment.wireSize[found.offset], index * 3)
      assert.equal(found.segment.eventName[found.offset], index % 7)
    }
    assert.equal(store.at(count), undefined)
    assert.equal(store.at(-1), undefined)
  })

  it('know the time since the previous event of the same connection', () => {
    const store = new ColumnStore()
    fill(store, SEGMENT_SIZE + 10, 2)
    const first = store.at(2)
    assert.ok(first && Number.isNaN(first.segment.delta[first.offset]))
    for (const index of [3, SEGMENT_SIZE, SEGMENT_SIZE + 1]) {
      const found = store.at(index)
      assert.equal(found?.segment.delta[found.offset], 1.5)
    }
  })

  it('visit each event of a range once, in order, a segment at a time', () => {
    const store = new ColumnStore()
    fill(store, 2 * SEGMENT_SIZE + 50, 3)
    const slices: [number, number][] = []
    store.forEachSlice(SEGMENT_SIZE - 5, 2 * SEGMENT_SIZE + 7, (_segment, start, end, base) =>
      slices.push([base + start, base + end]),
    )
    assert.deepEqual(slices, [
      [SEGMENT_SIZE - 5, SEGMENT_SIZE],
      [SEGMENT_SIZE, 2 * SEGMENT_SIZE],
      [2 * SEGMENT_SIZE, 2 * SEGMENT_SIZE + 7],
    ])
  })

  it('forget dropped events and keep the numbers of the others', () => {
    const store = new ColumnStore()
    fill(store, 3 * SEGMENT_SIZE, 4)
    store.dropBefore(SEGMENT_SIZE + 10)
    assert.equal(store.first, SEGMENT_SIZE + 10)
    assert.equal(store.at(SEGMENT_SIZE + 9), undefined)
    const kept = store.at(SEGMENT_SIZE + 10)
    assert.equal(kept?.segment.size[kept.offset], 2 * (SEGMENT_SIZE + 10))
    store.append(batch(store.end, 5))
    const latest = store.at(store.end - 1)
    assert.equal(latest?.segment.size[latest.offset], 2 * (store.end - 1))
  })

  it('start again at a batch that does not follow', () => {
    const store = new ColumnStore()
    fill(store, 100, 5)
    store.append(batch(SEGMENT_SIZE * 4 + 17, 3))
    assert.equal(store.first, SEGMENT_SIZE * 4 + 17)
    assert.equal(store.end, SEGMENT_SIZE * 4 + 20)
    assert.equal(store.at(50), undefined)
    const found = store.at(SEGMENT_SIZE * 4 + 18)
    assert.equal(found?.segment.size[found.offset], 2 * (SEGMENT_SIZE * 4 + 18))
  })

  it('find the event that opened a connection', () => {
    const store = new ColumnStore()
    fill(store, 10_000, 6)
    // Opens are multiples of 1000; those of connection 0 are multiples of 3000.
    assert.equal(store.findBefore(4500, new Set(['open'])), 3000)
    assert.equal(store.findBefore(4501, new Set(['open'])), 4000)
    assert.equal(store.findBefore(2, new Set(['open'])), undefined)
    assert.equal(store.findFirst(9999, new Set(['open'])), 0)
    assert.equal(store.findFirst(4501, new Set(['open'])), 1000)
    assert.equal(store.findFirst(4501, new Set(['mark'])), undefined)
    assert.equal(store.findFirst(10_000, new Set(['open'])), undefined)
  })

  it('are the same after events are rewound and arrive again', () => {
    const count = SEGMENT_SIZE + 5000
    for (const kept of [0, 1, 4000, SEGMENT_SIZE, SEGMENT_SIZE + 10, count]) {
      const store = new ColumnStore()
      fill(store, count, 3)
      store.truncate(kept)
      assert.equal(store.end, kept)
      assert.equal(store.at(kept), undefined)
      fill(store, count, 4)
      const fresh = new ColumnStore()
      fill(fresh, count, 5)
      for (const index of [0, 1, 2, kept - 1, kept, kept + 1, kept + 2, kept + 3, count - 1]) {
        const [one, other] = [store.at(index), fresh.at(index)]
        if (other === undefined) continue
        assert.ok(one, `${index} of ${kept}`)
        assert.equal(one.segment.time[one.offset], other.segment.time[other.offset])
        assert.equal(one.segment.delta[one.offset], other.segment.delta[other.offset], `${index} of ${kept}`)
      }
    }
  })
})
