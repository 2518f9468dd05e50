import assert from 'node:assert/strict'
import { allocateColumns, type ColumnBatch, packKind } from '../../../../src/shared/event-columns.ts'
import { ColumnStore } from '../../../../webview/state/events/column-store.ts'
import { CONTROL, OUT } from '../../../../webview/state/timeline/pyramid.ts'
import { TimelineStore } from '../../../../webview/state/timeline/timeline.ts'
import { pan } from '../../../../webview/state/timeline/view.ts'

const message = packKind({
  ...{ type: 'message', direction: 'in', binary: false },
})

/** Messages a millisecond apart on two connections. */
function batch(first: number, count: number): ColumnBatch {
  const columns = allocateColumns(first, count)
  for (let i = 0; i < count; i++) {
    columns.time[i] = first + i
    columns.kind[i] = message
    columns.connection[i] = 1 + ((first + i) % 2)
    columns.size[i] = 10
  }
  return columns
}

const noName = () => ''

describe('the state of the timeline', () => {
  it('drops events that were rewound', () => {
    const columns = new ColumnStore()
    const store = new TimelineStore()
    for (const each of [batch(0, 1000), batch(1000, 1000)]) {
      columns.append(each)
      store.append(each, noName)
    }
    columns.truncate(500)
    store.rebuild(columns, noName)
    assert.equal(store.model.end, 499)
    assert.deepEqual(
      [...store.model.lanes.values()].map(({ connection, count }) => [connection, count]),
      [
        [1, 250],
        [2, 250],
      ],
    )
  })

  it('counts what is sent automatically as control frames', () => {
    const store = new TimelineStore()
    const columns = batch(0, 3)
    const sent = { type: 'message', direction: 'out', binary: false } as const
    columns.kind.set([packKind(sent), packKind({ ...sent, automatic: true }), packKind(sent)])
    columns.connection.fill(1)
    store.append(columns, noName)
    const counts = new Map<number, number>()
    store.model.lanes
      .get(1)
      ?.traffic.visit(0, 16, 16, (_start, _end, way, count) =>
        counts.set(way, (counts.get(way) ?? 0) + count),
      )
    assert.deepEqual(
      counts,
      new Map([
        [OUT, 2],
        [CONTROL, 1],
      ]),
    )
  })

  it('shows the whole session as it grows, until the view is moved', () => {
    const store = new TimelineStore()
    store.fit()
    assert.deepEqual(store.viewAt(5000), { from: 0, to: 5000, live: false })
    assert.deepEqual(store.viewAt(2000, { from: 0, to: 60_000 }), { from: 0, to: 60_000, live: false })
    store.move((view) => view, 60_000)
    assert.equal(store.viewAt(90_000).to, 90_000)
    store.move((view, now) => pan(view, 1000, now), 60_000)
    assert.deepEqual(store.viewAt(90_000), { from: 1000, to: 61_000, live: false })
  })
})
