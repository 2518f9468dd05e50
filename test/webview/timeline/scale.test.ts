import assert from 'node:assert/strict'
import { formatTick, stepFor, ticks } from '../../../src/shared/ticks.ts'

describe('the ticks of the time axis', () => {
  it('are at round times, as close as allowed', () => {
    assert.equal(stepFor(10_000, 1000, 80), 1000)
    assert.equal(stepFor(10_000, 1000, 100), 1000)
    assert.equal(stepFor(10_000, 1000, 101), 2000)
    assert.equal(stepFor(60_000, 600, 90), 10_000)
    assert.equal(stepFor(0.001, 1000, 80), 0.01)
  })

  it('are whole days apart if the session is long', () => {
    assert.equal(stepFor(1000 * 86_400_000, 1000, 90), 90 * 86_400_000)
    assert.equal(stepFor(10.5 * 86_400_000, 1000, 100), 2 * 86_400_000)
  })

  it('exist even without room', () => {
    for (const width of [0, -5]) assert.equal(stepFor(1000, width, 80), 120_000)
  })

  it('are those in view', () => {
    assert.deepEqual(ticks(0, 30, 10), [0, 10, 20, 30])
    assert.deepEqual(ticks(1, 29, 10), [10, 20])
    assert.deepEqual(ticks(11, 19, 10), [])
    assert.deepEqual(ticks(-5, 5, 10), [0])
  })

  for (const [time, step, label] of [
    [125_000, 1000, '02:05'],
    [125_100, 100, '02:05.1'],
    [125_100, 500, '02:05.1'],
    [125_120, 20, '02:05.12'],
    [5001, 1, '00:05.001'],
    [5000.01, 0.01, '00:05.00001'],
    [3_600_000, 60_000, '1:00:00'],
    [90_061_000, 1000, '25:01:01'],
    [0, 1000, '00:00'],
    [59_700, 1000, '01:00'],
    [3_599_990, 100, '1:00:00.0'],
  ] as const)
    it(`are called ${label} at ${time} ms, ${step} ms apart`, () =>
      assert.equal(formatTick(time, step), label))
})
