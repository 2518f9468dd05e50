import assert from 'node:assert/strict'
import * as values from '../../src/cli/option-values.ts'
import { readOption } from '../../src/request/options.ts'
import { Failure } from '../../src/shared/failure.ts'

function refuses(read: (text: string) => unknown, texts: readonly string[]): void {
  for (const text of texts) assert.throws(() => read(text), Failure, JSON.stringify(text))
}

describe('option values', () => {
  it('reads whole numbers within their bounds', () => {
    const read = values.integer(1, 100, 'milliseconds')
    assert.equal(read('1'), 1)
    assert.equal(read('100'), 100)
    refuses(read, ['0', '101', '-1', '1.5', '1e2', '0x10', '', ' 1', '١', '99999999999999999999'])
  })

  it('reads seconds, fractions allowed, as milliseconds', () => {
    assert.equal(values.seconds('2'), 2000)
    assert.equal(values.seconds('0.25'), 250)
    assert.equal(values.seconds('.5'), 500)
    refuses(values.seconds, ['0', '-1', '1s', '', '.', '2147484', 'Infinity', 'NaN'])
  })

  it('reads a speed', () => {
    assert.equal(values.speed('max'), Number.POSITIVE_INFINITY)
    assert.equal(values.speed('4'), 4)
    assert.equal(values.speed('.5'), 0.5)
    assert.equal(values.speed('0.01'), 0.01)
    assert.equal(values.speed('10000'), 10_000)
    refuses(values.speed, ['0', '0.009', '10001', '-1', 'Infinity', '1e2', '4x', '', 'MAX'])
  })

  it('collects the values of an option that is given several times', () => {
    const read = values.repeated((text) => readOption('subprotocol', text))
    assert.deepEqual(read('b', read('a', undefined)), ['a', 'b'])
    refuses((text) => read(text, undefined), ['a b', 'a,b', ''])
  })
})
