import assert from 'node:assert/strict'
import { RateMeter } from '../../src/transport/rate-meter.ts'
import { seededRandom } from '../support/splits.ts'

describe('RateMeter', () => {
  it('counts the last second', () => {
    const meter = new RateMeter()
    for (let time = 100_000; time < 102_000; time += 10) meter.count(time)
    assert.equal(meter.perSecond(101_999), 100)
    assert.equal(meter.perSecond(102_499), 50)
    assert.equal(meter.perSecond(103_100), 0)
  })

  for (const rate of [1, 2, 3, 20, 50])
    it(`returns ${rate}/s for a server that sends evenly, whenever it is called`, () => {
      const meter = new RateMeter()
      const period = 1000 / rate
      let next = 3.7
      for (let now = 0; now < 5000; now += 7) {
        for (; next <= now; next += period) meter.count(next)
        if (now > 1200) assert.equal(meter.perSecond(now), rate, `at ${now} ms`)
      }
    })

  it('agrees with counting a whole second, to the millisecond', () => {
    const random = seededRandom(7)
    const meter = new RateMeter()
    const times: number[] = []
    let now = 0
    for (let i = 0; i < 2000; i++) {
      now += random() < 0.01 ? random() * 3000 : random() * 20
      times.push(now)
      meter.count(now)
      const since = (from: number) => times.filter((time) => time >= from).length
      const read = meter.perSecond(now)
      assert.ok(
        read >= since(Math.floor(now) - 999) && read <= since(Math.floor(now) - 1000),
        `${read} at ${now} ms`,
      )
    }
  })
})
