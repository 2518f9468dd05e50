import assert from 'node:assert/strict'
import { valueText } from '../../src/decode/value-text.ts'
import { processorTime } from '../support/linear.ts'

describe('the text of a decoded value', () => {
  for (const [value, text] of [
    [{ symbol: 'EURUSD', price: 1.07, open: true }, 'symbol: EURUSD, price: 1.07, open: true'],
    [[{ a: [1, 2] }, 'b', null], '{a: [1, 2]}, b, null'],
    [['one'], 'one'],
    [
      { data: { base64: 'AQID' }, other: { base64: 'AQI=', size: 2 } },
      'data: 3 B, other: {base64: AQI=, size: 2}',
    ],
    [{ base64: 'AQ==' }, '1 B'],
    ['text', 'text'],
    [42, '42'],
    [{}, ''],
    [[[[[[[1]]]]]], '[[[[[…]]]]]'],
  ] as const)
    it(`of ${JSON.stringify(value)} is “${text}”`, () => {
      assert.equal(valueText(value), text)
    })

  it('is cut if it is long, without looking at the rest', () => {
    const huge = { a: 'x'.repeat(1e6), b: Array(1e6).fill({ c: 1 }) }
    let text = ''
    // To read all of it takes more than a tenth of a second each time.
    const taken = processorTime(() => {
      for (let i = 0; i < 50; i++) text = valueText(huge)
    })
    assert.ok(taken < 2000, `${taken} ms`)
    assert.equal(text.length, 200)
    assert.ok(text.endsWith('x…'))
    assert.doesNotMatch(valueText('😀'.repeat(200)), /[\ud800-\udbff]…/)
  })
})
