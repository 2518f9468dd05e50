import assert from 'node:assert/strict'
import { ProgramClock } from '../../src/attach/program-clock.ts'
import { seededRandom } from '../support/splits.ts'

describe('the clock of a program', () => {
  const HOUR = 3_600_000

  /** Events of 8 hours that happen at known times of the host, on a clock that drifts, and that take up to 20 ms to arrive. */
  function* eventsOf(drift: number) {
    const random = seededRandom(7)
    for (let happened = 5000; happened < 8 * HOUR; happened += 1 + 400 * random()) {
      const delay = 0.2 + 20 * random() ** 4
      yield { happened, timestamp: (1e6 + happened * (1 + drift)) / 1000, arrivedAt: happened + delay }
    }
  }

  for (const drift of [0, 5e-5, -5e-5])
    it(`is converted to the host's with a drift of ${drift * 1e6} millionths, for hours and never backwards`, () => {
      const clock = new ProgramClock()
      let last = 0
      let worst = 0
      for (const { happened, timestamp, arrivedAt } of eventsOf(drift)) {
        const time = clock.hostTime(timestamp, arrivedAt)
        assert.ok(time >= last && time <= arrivedAt + 1e-6, `${last} ${time} ${arrivedAt}`)
        last = time
        if (happened > HOUR) worst = Math.max(worst, Math.abs(time - happened))
      }
      assert.ok(worst < 5, `${worst} ms off`)
    })

  it('gives an event that arrives after a later one its own time', () => {
    const clock = new ProgramClock()
    assert.equal(clock.hostTime(1, 1000), 1000)
    assert.ok(Math.abs(clock.hostTime(0.9, 1001) - 900) < 0.01)
    assert.ok(Math.abs(clock.hostTime(1.1, 1100) - 1100) < 0.01)
  })
})
