import assert from 'node:assert/strict'
import { formatCount, setNumberLanguage } from '../../../src/shared/text/numbers.ts'
import { byteCount, nounFor, plural, timeSpan } from '../../../src/shared/text/quantities.ts'

describe('quantities for people', () => {
  it('formats sizes in at most seven characters', () => {
    const shown = [
      0,
      999,
      1000,
      9949,
      9950,
      99_949,
      99_950,
      999_499,
      999_500,
      64 * 1024 * 1024,
      4e9,
      5e15,
    ].map(byteCount)
    assert.deepEqual(shown, [
      '0 B',
      '999 B',
      '1.0 kB',
      '9.9 kB',
      '9.9 kB',
      '99.9 kB',
      '100 kB',
      '999 kB',
      '1.0 MB',
      '67.1 MB',
      '4.0 GB',
      '5000 TB',
    ])
  })

  it('formats sizes below zero, of what compression saves, in the same units', () => {
    assert.deepEqual([-41_134, -5].map(byteCount), ['-41.1 kB', '-5 B'])
  })

  it('formats durations', () => {
    const shown = [0, 12.4, 999.4, 999.5, 3449, 59_949, 59_950, 125_000].map(timeSpan)
    assert.deepEqual(shown, ['0 ms', '12 ms', '999 ms', '1.0 s', '3.4 s', '59.9 s', '1 min 0 s', '2 min 5 s'])
  })

  it('counts things', () => {
    assert.deepEqual(
      [0, 1, 2000].map((count) => plural(count, 'event')),
      ['0 events', '1 event', '2,000 events'],
    )
    assert.equal(nounFor(2, 'event is', 'events are'), 'events are')
  })

  it('writes digits as the language of the editor does', () => {
    try {
      setNumberLanguage('de')
      assert.deepEqual(
        [formatCount(48_226), byteCount(16_400), timeSpan(3449)],
        ['48.226', '16,4 kB', '3,4 s'],
      )
      setNumberLanguage('not a language')
      assert.equal(formatCount(1000), '1.000')
    } finally {
      setNumberLanguage('en')
    }
    assert.equal(formatCount(48_226), '48,226')
  })
})
