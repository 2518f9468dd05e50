import assert from 'node:assert/strict'
import { checkRepeat } from '../../../src/shared/compose/repeat.ts'

const DAY = 86_400_000

describe('a message that is repeated', () => {
  for (const [interval, count] of [
    [1, 1],
    [1000, 3],
    [DAY, 100_000],
  ] as const)
    it(`can be sent every ${interval} ms, ${count} times`, () => checkRepeat({ interval, count }))

  for (const [interval, count, sentence] of [
    [0, 1, /interval .* from 1 to 86,400,000 /],
    [DAY + 1, 1, /interval/],
    [1.5, 1, /interval/],
    [Number.NaN, 1, /interval/],
    [1, 0, /from 1 to 100,000 times/],
    [1, 100_001, /times/],
    [1, 2.5, /times/],
  ] as const)
    it(`cannot be sent every ${interval} ms, ${count} times`, () => {
      assert.throws(() => checkRepeat({ interval, count }), { code: 'BAD_REPEAT', message: sentence })
    })
})
