import assert from 'node:assert/strict'
import { largest, lowerBound } from '../../src/shared/numbers.ts'

describe('numbers', () => {
  it('finds the largest of more numbers than fit in a call', () => {
    assert.equal(largest(new Set(Array(300_000).keys()), -1), 299_999)
    assert.equal(largest([], 7), 7)
  })

  it('finds where an ascending test begins to hold, as a linear search would', () => {
    for (let from = 0; from < 4; from++)
      for (let to = from; to < 12; to++)
        for (let first = from; first <= to; first++) {
          const found = lowerBound(from, to, (position) => {
            assert.ok(position >= from && position < to)
            return position >= first
          })
          assert.equal(found, first)
        }
  })
})
