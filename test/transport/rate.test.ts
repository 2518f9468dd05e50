import assert from 'node:assert/strict'
import { RateMeter } from '../../src/transport/rate.ts'
import { seededRandom } from '../support/splits.ts'

describe('rate', () => {
  it('counts what came in the last second, to a tenth of it', () => {
    const meter = new RateMeter()
    for (let time = 100_000; time < 102_000; time += 10) meter.count(time)
    assert.equal(meter.perSecond(101_999), 100)
    assert.equal(meter.perSecond(102_499), 50)
    assert.equal(meter.perSecond(103_100), 0)
  })

  it('agrees with counting everything, at random times', () => {
    const random = seededRandom(7)
    const meter = new RateMeter()
    const times: number[] = []
    let now = 0
    for (let i = 0; i < 2000; i++) {
      now += random() < 0.01 ? random() * 3000 : random() * 20
      times.push(now)
      meter.count(now)
      const from = (Math.floor(now / 100) - 9) * 100
      assert.equal(meter.perSecond(now), times.filter((time) => time >= from).length)
    }
  })
})
