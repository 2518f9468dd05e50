import assert from 'node:assert/strict'
import { type Backoff, startBackoff } from '../../src/transport/reconnect.ts'

function delays(backoff: Backoff): number[] {
  const found: number[] = []
  for (let retry = backoff.next(); retry !== undefined; retry = retry.next()) found.push(retry.delay)
  return found
}

describe('startBackoff', () => {
  it('doubles the delay from half a second to thirty', () => {
    assert.deepEqual(
      delays(startBackoff('backoff', { random: () => 1 })),
      [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000],
    )
  })

  it('randomizes delays from half', () => {
    const spread = (random: number) =>
      delays(startBackoff('backoff', { random: () => random, maxAttempts: 2 }))
    assert.deepEqual(spread(0), [250, 500])
    assert.deepEqual(spread(0.5), [375, 750])
    assert.deepEqual(delays(startBackoff('backoff', { random: () => 0, maxAttempts: 1 })), [250])
  })

  it('keeps a fixed delay, within the limit of a timer', () => {
    assert.deepEqual(delays(startBackoff(70, { maxAttempts: 3, random: () => 0.1 })), [70, 70, 70])
    assert.deepEqual(delays(startBackoff(1e12, { maxAttempts: 1 })), [2 ** 31 - 1])
    assert.deepEqual(delays(startBackoff(-5, { maxAttempts: 1 })), [0])
  })

  it('numbers attempts from 1 and ends after the allowed number, ten by default', () => {
    assert.equal(startBackoff(1).next()?.attempt, 1)
    assert.equal(delays(startBackoff(1)).length, 10)
    assert.deepEqual(delays(startBackoff(1, { maxAttempts: 0 })), [])
    assert.deepEqual(delays(startBackoff('never')), [])
  })

  it('does not change when next is called', () => {
    const start = startBackoff('backoff', { random: () => 1 })
    assert.deepEqual(start.next()?.next()?.delay, 1000)
    assert.deepEqual(start.next()?.delay, 500)
  })

  it('starts its delays over when eased, and keeps counting attempts', () => {
    const second = startBackoff('backoff', { random: () => 1, maxAttempts: 3 })
      .next()
      ?.next()
    const eased = second?.eased().next()
    assert.deepEqual([eased?.attempt, eased?.delay], [3, 500])
    assert.equal(eased?.next(), undefined)
  })
})
