import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { LatestPairs } from '../../../src/diagnose/rules/latest.ts'

describe('the latest pairs', () => {
  it('are bounded, in order, and keep each number with its value', () => {
    const pairs = new LatestPairs<string>(3)
    assert.deepEqual(
      pairs.map((number, value) => [number, value]),
      [],
    )
    for (let number = 0; number < 100; number++) {
      pairs.add(number, `value ${number}`)
      const latest = [number - 2, number - 1, number].filter((each) => each >= 0)
      assert.deepEqual(
        pairs.map((each, value) => [each, value]),
        latest.map((each) => [each, `value ${each}`]),
      )
    }
  })
})
