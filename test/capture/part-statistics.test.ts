import assert from 'node:assert/strict'
import { StatisticsBuilder } from '../../src/capture/part-statistics.ts'
import { EVENT_TYPES } from '../../src/shared/event.ts'
import {
  allocateColumns,
  type ColumnSource,
  packKind,
  typeOf,
  unpackKind,
} from '../../src/shared/event-columns.ts'
import { groupOf } from '../../src/shared/groups.ts'
import { NumberList } from '../../src/shared/number-list.ts'
import type { PartStatistics, Selected } from '../../src/shared/protocol/filtering.ts'
import { seededRandom } from '../support/splits.ts'

interface Event {
  readonly time: number
  readonly kind: number
  readonly connection: number
  readonly size: number
}

function makeEvents(count: number, random: () => number): Event[] {
  let time = 0
  return Array.from({ length: count }, () => {
    // Most gaps are short; some are too long for the histogram.
    time = Math.round((time + random() ** 6 * 400) * 1000) / 1000
    return {
      time,
      kind: packKind({
        type: random() < 0.7 ? 'message' : (EVENT_TYPES[Math.floor(random() * EVENT_TYPES.length)] ?? 'mark'),
        direction: random() < 0.5 ? 'in' : 'out',
      }),
      connection: Math.floor(random() * 4),
      size: Math.floor(random() * 5000),
    }
  })
}

function sourceOf(events: readonly Event[]): ColumnSource {
  return {
    count: events.length,
    firstKept: 0,
    columns(from, max) {
      const part = events.slice(from, from + max)
      const columns = allocateColumns(from, part.length)
      part.forEach((event, at) => {
        columns.time[at] = event.time
        columns.kind[at] = event.kind
        columns.connection[at] = event.connection
        columns.size[at] = event.size
      })
      return columns
    },
  }
}

/** A simple implementation. */
function counted(
  events: readonly Event[],
  selected: Selected,
  matches: ReadonlySet<number> | undefined,
): PartStatistics {
  const part = events.filter((event, index) => {
    if (index >= selected.end || matches?.has(index) === false) return false
    if (selected.range && (event.time < selected.range.from || event.time > selected.range.to)) return false
    if (selected.connection !== null && event.connection !== selected.connection) return false
    return !selected.hidden.includes(groupOf(unpackKind(event.kind)))
  })
  const gaps = part
    .flatMap((event, index) => {
      const before = part.slice(0, index).findLast((other) => other.connection === event.connection)
      return before === undefined ? [] : [Math.round((event.time - before.time) * 1000) / 1000]
    })
    .sort((a, b) => a - b)
  const at = (share: number) => gaps[Math.max(1, Math.ceil(share * gaps.length)) - 1] ?? 0
  return {
    count: part.length,
    messages: part.filter(({ kind }) => typeOf(kind) === 'message').length,
    bytes: part.reduce((sum, { size }) => sum + size, 0),
    from: part[0]?.time ?? 0,
    to: part.at(-1)?.time ?? 0,
    gaps: gaps.length === 0 ? null : { p50: at(0.5), p95: at(0.95), p99: at(0.99) },
  }
}

const ALL: Selected = { generation: null, range: null, connection: null, hidden: [], end: 9000 }

describe('the statistics of a part of the log', () => {
  // More events than one step takes; one match is the first event of a step.
  const events = makeEvents(9000, seededRandom(23))
  const numbers = new NumberList()
  const third = new Set<number>()
  for (let index = 2; index < events.length; index += 3) {
    numbers.push(index)
    third.add(index)
  }
  const parts: readonly (readonly [string, Selected, boolean])[] = [
    ['everything', ALL, false],
    ['a range of time', { ...ALL, range: { from: 5000, to: 20_000 } }, false],
    ['a connection', { ...ALL, connection: 2 }, false],
    ['some groups', { ...ALL, hidden: ['in', 'control'] }, false],
    ['the beginning', { ...ALL, end: 700 }, false],
    ['what a filter found', { ...ALL, generation: 1 }, true],
    [
      'all of it at once',
      { generation: 1, range: { from: 3000, to: 40_000 }, connection: 1, hidden: ['lifecycle'], end: 2500 },
      true,
    ],
    ['nothing', { ...ALL, range: { from: -2, to: -1 } }, false],
  ]
  for (const [name, selected, isFiltered] of parts)
    it(`of ${name} are the same as those of a simple loop`, () => {
      const statistics = new StatisticsBuilder(sourceOf(events), selected, isFiltered ? numbers : undefined)
      while (statistics.step(selected.end));
      const expected = counted(events, selected, isFiltered ? third : undefined)
      if (name !== 'nothing') assert.ok(expected.count > 10, 'there is something to count')
      assert.deepEqual(statistics.result(), expected)
    })

  it('continue when there are more events', () => {
    const statistics = new StatisticsBuilder(sourceOf(events), ALL)
    while (statistics.step(1000));
    assert.equal(statistics.position, 1000)
    assert.deepEqual(statistics.result(), counted(events, { ...ALL, end: 1000 }, undefined))
    while (statistics.step(9000));
    assert.deepEqual(statistics.result(), counted(events, ALL, undefined))
  })
})
