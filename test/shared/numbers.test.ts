import assert from 'node:assert/strict'
import { largest, lowerBound } from '../../src/shared/numbers.ts'

describe('numbers', () => {
  it('include the largest of more numbers than a call can have as arguments', () => {
    assert.equal(largest(new Set(Array(300_000).keys()), -1), 299_999)
    assert.equal(largest([], 7), 7)
  })

  it('are searched for the first position at which a test is true, like a linear search', () => {
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
