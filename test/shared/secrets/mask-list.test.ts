import assert from 'node:assert/strict'
import { splitMasks } from '../../../src/shared/secrets/mask-list.ts'
import { assertLinear } from '../../support/linear.ts'

describe('masks in one line', () => {
  for (const [text, masks] of [
    ['password', ['password']],
    [' password,token  $.a.b\n', ['password', 'token', '$.a.b']],
    ['$["a, b"].c, d', ['$["a, b"].c', 'd']],
    ["$..[?@.type == 'x]y' && @.n > 1].value pin", ["$..[?@.type == 'x]y' && @.n > 1].value", 'pin']],
    ['$["a\\"] b"] c', ['$["a\\"] b"]', 'c']],
    ['', []],
    [' , ', []],
  ] as const)
    it(`are split: ${JSON.stringify(text)}`, () => assert.deepEqual(splitMasks(text), masks))

  it('are split in time proportional to the length', () => {
    for (const piece of ['$[', '$["', ', ', 'a', ']'])
      assertLinear(piece, (size) => piece.repeat(size / piece.length), splitMasks)
  })
})
