import assert from 'node:assert/strict'
import { FeedTable } from '../../../src/diagnose/techniques/feed-table.ts'

/** More than the table remembers. */
const MANY = 50_000

/** Events on connections 1 and 2, which misses one in a hundred, and other ones on connection 3. */
function filled(count: number): FeedTable {
  const table = new FeedTable(false)
  // The feed has a third connection, because an event that one connection alone gets may be its own.
  for (let n = 0; n < count; n++) {
    table.add(`event ${n}`, 1, n)
    if (n % 100 !== 50) table.add(`event ${n}`, 2, n + 5)
    table.add(`event ${n}`, 4, n + 7)
    table.add(`other ${n}`, 3, n)
  }
  return table
}

describe('the table of a feed', () => {
  it('finds connections that carry the same events', () => {
    assert.deepEqual(filled(1000).groups(), [[1, 2, 4]])
  })

  it('counts what was lost and shared, also of events that it no longer remembers', () => {
    for (const count of [1000, MANY]) {
      const table = filled(count)
      const matched = table.matched([1, 2, 4])
      assert.deepEqual(
        [1, 2, 4].map((id) => [matched.get(id)?.shared, matched.get(id)?.lost]),
        [
          [count, 0],
          [count * 0.99, count * 0.01],
          [count, 0],
        ],
      )
      // Asking changes nothing.
      assert.deepEqual(table.matched([1, 2, 4]), matched)
    }
  })

  it('measures delays after the first arrival, in bounded memory', () => {
    const delays = filled(MANY).matched([1, 2, 4]).get(2)?.delays
    const pairs = [...(delays?.pairs() ?? [])]
    assert.equal(delays?.count, MANY * 0.99)
    assert.ok(pairs.length <= 16_384 && pairs.length > 8000, String(pairs.length))
    assert.ok(pairs.every(([delay]) => delay === 5))
  })

  it('does not take the end of a connection for losses', () => {
    const table = new FeedTable(false)
    for (let n = 0; n < 100; n++) {
      table.add(`event ${n}`, 1, n)
      table.add(`event ${n}`, 2, n)
      if (n < 40) table.add(`event ${n}`, 4, n)
    }
    assert.equal(table.matched([1, 2, 4]).get(4)?.lost, 0)
  })
})
