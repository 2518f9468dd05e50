import assert from 'node:assert/strict'
import { startClock } from '../../src/shared/clock.ts'

describe('the clock of a session', () => {
  it('counts milliseconds from its start, and never goes back', () => {
    const before = performance.now()
    const clock = startClock()
    const times = Array.from({ length: 1000 }, () => clock.now())
    const passed = performance.now() - before
    assert.ok(
      times.every((time) => time >= 0 && time <= passed),
      `${times[0]} to ${times.at(-1)}, ${passed}`,
    )
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    )
    assert.ok(Math.abs(clock.startedAt.getTime() - Date.now()) < 60_000)
  })
})
