import assert from 'node:assert/strict'
import { formatNumbers, isInRanges, parseNumberRanges } from '../../../src/shared/filter/number-ranges.ts'

describe('numbers of events in filters', () => {
  it('are written as few ranges, which are read again', () => {
    const numbers = [19, 3, 18, 17, 40, 41, 3]
    assert.equal(formatNumbers(numbers), '3,17..19,40,41')
    const ranges = parseNumberRanges(formatNumbers(numbers)) ?? assert.fail('they are numbers')
    const found = Array.from({ length: 50 }, (_, at) => at).filter((number) => isInRanges(number, ranges))
    assert.deepEqual(found, [3, 17, 18, 19, 40, 41])
  })

  it('overlap without a loss', () => {
    const ranges = parseNumberRanges('1..9,2..3,12') ?? assert.fail('they are numbers')
    assert.deepEqual(
      [8, 10, 12].map((number) => isInRanges(number, ranges)),
      [true, false, true],
    )
  })
})
