import assert from 'node:assert/strict'
import { EVENT_TYPES } from '../../../../src/shared/event.ts'
import { allocateColumns, packKind, unpackKind } from '../../../../src/shared/event-columns.ts'
import { ColumnStore } from '../../../../webview/state/events/column-store.ts'
import { AllRows, MatchingRows } from '../../../../webview/state/events/rows.ts'
import {
  compileScope,
  groupOf,
  type Scope,
  toggleConnection,
  toggleGroup,
  WHOLE_SESSION,
} from '../../../../webview/state/scope.ts'
import { seededRandom } from '../../../support/splits.ts'

interface Event {
  readonly kind: number
  readonly connection: number
}

function randomEvents(count: number, random: () => number): Event[] {
  return Array.from({ length: count }, () => ({
    kind: packKind({
      type: EVENT_TYPES[Math.floor(random() * EVENT_TYPES.length)] ?? 'mark',
      direction: random() < 0.5 ? 'in' : 'out',
    }),
    connection: Math.floor(random() * 4),
  }))
}

function append(store: ColumnStore, events: readonly Event[]): void {
  const columns = allocateColumns(store.end, events.length)
  events.forEach((event, i) => {
    columns.kind[i] = event.kind
    columns.connection[i] = event.connection
  })
  store.append(columns)
}

/** The slow, obvious way. */
function expected(events: readonly Event[], filter: Scope, first: number): number[] {
  return events.flatMap(({ kind, connection }, index) =>
    index >= first &&
    (filter.connection === undefined || connection === filter.connection) &&
    !filter.hidden.has(groupOf(unpackKind(kind)))
      ? [index]
      : [],
  )
}

function all(rows: MatchingRows): number[] {
  return Array.from({ length: rows.end - rows.first }, (_, i) => rows.eventAt(rows.first + i))
}

describe('rows that pass a filter', () => {
  const filter = toggleGroup(toggleConnection(WHOLE_SESSION, 2), 'control')

  it('are those that a plain filter finds, while events arrive and old ones are dropped', () => {
    const random = seededRandom(7)
    const events = randomEvents(150_000, random)
    const store = new ColumnStore()
    const test = compileScope(filter)
    assert.ok(test)
    const rows = new MatchingRows(store, test)
    while (store.end < events.length) {
      append(store, events.slice(store.end, store.end + Math.ceil(random() * 30_000)))
      if (random() < 0.4) store.dropBefore(Math.floor(store.first + random() * 20_000))
      while (!rows.advance(7000));
      assert.deepEqual(all(rows), expected(events.slice(0, store.end), filter, store.first))
    }
  })

  it('keep their rank when earlier ones are dropped', () => {
    const events = randomEvents(40_000, seededRandom(8))
    const store = new ColumnStore()
    append(store, events)
    const rows = new MatchingRows(store, compileScope(filter) ?? (() => true))
    rows.advance(events.length)
    const event = rows.eventAt(3000)
    store.dropBefore(rows.eventAt(2000))
    rows.advance(1)
    assert.equal(rows.first, 2000)
    assert.equal(rows.eventAt(3000), event)
    assert.equal(rows.eventAt(1999), -1)
  })

  it('are found by event, or by the next one', () => {
    const events = randomEvents(10_000, seededRandom(9))
    const store = new ColumnStore()
    append(store, events)
    const rows = new MatchingRows(store, compileScope(filter) ?? (() => true))
    rows.advance(events.length)
    const found = expected(events, filter, 0)
    for (const event of [0, 1, 17, 5000, 9999])
      assert.equal(rows.rankOf(event), found.filter((match) => match < event).length)
  })

  it('test no more events at a time than allowed', () => {
    const store = new ColumnStore()
    append(store, randomEvents(1000, seededRandom(10)))
    let looked = 0
    const rows = new MatchingRows(store, () => ++looked > 0)
    assert.equal(rows.advance(400), false)
    assert.equal(looked, 400)
    assert.equal(rows.advance(600), true)
    assert.equal(looked, 1000)
  })

  it('need no test if nothing is filtered', () => {
    assert.equal(compileScope(WHOLE_SESSION), undefined)
    assert.equal(compileScope(toggleGroup(toggleGroup(WHOLE_SESSION, 'in'), 'in')), undefined)
    assert.equal(compileScope(toggleConnection(toggleConnection(WHOLE_SESSION, 1), 1)), undefined)
    const store = new ColumnStore()
    append(store, randomEvents(10, seededRandom(11)))
    const rows = new AllRows(store)
    assert.deepEqual([rows.first, rows.end, rows.eventAt(4), rows.eventAt(10)], [0, 10, 4, -1])
  })
})
