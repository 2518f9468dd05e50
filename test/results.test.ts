/** How a second run of the files in which tests failed counts. */
import assert from 'node:assert/strict'
import { filesToRepeat, type Results, replaced } from '../scripts/results.ts'

const first: Results = {
  passed: 7,
  failed: 2,
  skipped: 1,
  failures: [
    { title: 'a late', error: 'Timeout', file: 'a' },
    { title: 'a broken', error: 'AssertionError', file: 'a' },
  ],
  passedIn: { a: 3, b: 4 },
}

describe('the results of a suite', () => {
  it('count the files that run a second time once, with what failed there', () => {
    assert.deepEqual(filesToRepeat(first), ['a'])
    const failures = [{ title: 'a broken', error: 'AssertionError', file: 'a' }]
    const again = { passed: 4, failed: 1, skipped: 0, failures, passedIn: { a: 4 } }
    assert.deepEqual(replaced(first, ['a'], again), { passed: 8, failed: 1, skipped: 1, failures })
  })

  it('stand if a failure belongs to no file, or if tests of many files fail', () => {
    assert.deepEqual(
      filesToRepeat({ ...first, failures: [...first.failures, { title: 'crash', error: '' }] }),
      [],
    )
    const failures = Array.from({ length: 13 }, (_, i) => ({ title: 't', error: '', file: `${i}` }))
    assert.deepEqual(filesToRepeat({ ...first, failures }), [])
    assert.deepEqual(filesToRepeat({ ...first, failures: [] }), [])
  })
})
