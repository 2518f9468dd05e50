import assert from 'node:assert/strict'
import { failureSentence, parseExpectation } from '../../src/shared/expectation.ts'
import { Failure } from '../../src/shared/failure.ts'

function events(text: string) {
  const { expected } = parseExpectation(text)
  assert.equal(expected.kind, 'events')
  return expected.kind === 'events'
    ? [expected.filter, expected.within, expected.atLeast, expected.atMost]
    : []
}

function failure(text: string): Failure {
  try {
    parseExpectation(text)
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown
    throw thrown
  }
  throw new Error(`${text} was read`)
}

describe('an expectation', () => {
  it('is a filter, with a time and a count in either order', () => {
    assert.deepEqual(events('kind:ack name:join'), ['kind:ack name:join', undefined, 1, undefined])
    assert.deepEqual(events(' kind:ack within 2s '), ['kind:ack', 2000, 1, undefined])
    assert.deepEqual(events('kind:ack within 500 ms at least 3'), ['kind:ack', 500, 3, undefined])
    assert.deepEqual(events('kind:ack at least 3 within 1.5m'), ['kind:ack', 90_000, 3, undefined])
    assert.deepEqual(events('$.a == 1 at most 4'), ['$.a == 1', undefined, 0, 4])
    assert.deepEqual(events('$.a == 1 at least 2 at most 4'), ['$.a == 1', undefined, 2, 4])
    assert.deepEqual(events('no type:error within 60s'), ['type:error', 60_000, 0, 0])
  })

  it('takes a time without a unit for seconds', () => {
    assert.deepEqual(events('"hi" within 2'), ['"hi"', 2000, 1, undefined])
  })

  it('leaves the words of the filter alone', () => {
    assert.deepEqual(events('"done within 2s"'), ['"done within 2s"', undefined, 1, undefined])
    assert.deepEqual(events('"at least 3" within 1s'), ['"at least 3"', 1000, 1, undefined])
    assert.deepEqual(events('nothing'), ['nothing', undefined, 1, undefined])
  })

  it('compares a figure', () => {
    assert.deepEqual(parseExpectation('status == 101').expected, {
      kind: 'figure',
      figure: 'status',
      statistic: undefined,
      comparison: '==',
      value: 101,
    })
    assert.deepEqual(parseExpectation('gap p95 < 1s').expected, {
      kind: 'figure',
      figure: 'gap',
      statistic: 'p95',
      comparison: '<',
      value: 1000,
    })
    assert.deepEqual(parseExpectation('close != 1006').expected.kind, 'figure')
    assert.deepEqual(parseExpectation('latency max<=200 ms').expected.kind, 'figure')
  })

  it('says what is wrong with it', () => {
    assert.match(failure('').message, /empty/)
    assert.match(failure('within 2s').message, /has no filter/)
    assert.match(failure('no within 2s').message, /has no filter/)
    assert.match(failure('foo( within 2s').message, /^The filter of "foo\( within 2s" is not valid/)
    assert.match(failure('a at least 3 at most 2').message, /at least 3, but at most 2/)
    assert.match(failure('a at least 3 at least 2').message, /twice/)
    assert.match(failure('no a at least 2').message, /expects none/)
    assert.match(failure('status is 101').message, /not as in status == 101/)
    assert.equal(failure('gap p95 < 1').code, 'BAD_EXPECTATION')
    assert.equal(failure('body $.x == 1').code, 'FOREIGN_EXPECTATION')
  })

  it('takes time in proportion to its length', () => {
    assert.match(failure(`(${' within 1 '.repeat(5000)}`).message, /not valid/)
    assert.equal(parseExpectation(`${'a '.repeat(5000)}within 1`).expected.kind, 'events')
  })

  it('that failed says what was expected and what came', () => {
    assert.equal(
      failureSentence({
        text: 'kind:ack within 5s',
        state: 'failed',
        detail: 'none in 5.0 s',
        cameInstead: ['EVENT typing', 'ping'],
      }),
      'Expected kind:ack within 5s: none in 5.0 s. Came instead: EVENT typing, ping.',
    )
  })
})
