import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { fixedSchedule, longPollSchedule } from '../../../src/transport/poll/schedule.ts'

describe('the schedule of a poll', () => {
  const at = (started: number, ended: number) => ({ started, ended, took: ended - started, nothingNew: true })

  it('keeps the interval from request to request, and never falls behind', () => {
    const schedule = fixedSchedule(1000)
    assert.equal(schedule(at(0, 300)), 700)
    assert.equal(schedule(at(1000, 2500)), 0)
    assert.equal(schedule(at(2500, 2600)), 900)
  })

  it('does not add up the lateness of requests', () => {
    const schedule = fixedSchedule(1000)
    let started = 50
    for (let n = 1; n <= 100; n++) started += 10 + schedule(at(started, started + 10)) + 3
    assert.equal(started, 50 + 100 * 1000 + 3)
  })

  it('does not catch up after a pause', () => {
    const schedule = fixedSchedule(1000)
    assert.equal(schedule(at(0, 10)), 990)
    assert.equal(schedule(at(60_500, 60_510)), 990)
  })

  it('continues at once after a new message and after a held response', () => {
    const schedule = longPollSchedule()
    assert.equal(schedule({ ...at(0, 2), nothingNew: false }), 0)
    assert.equal(schedule(at(0, 5000)), 0)
  })

  it('waits longer each time the server answers at once with nothing new', () => {
    const schedule = longPollSchedule()
    const quick = at(0, 2)
    assert.deepEqual(
      Array.from({ length: 9 }, () => schedule(quick)),
      [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000],
    )
    assert.equal(schedule({ ...quick, nothingNew: false }), 0)
    assert.equal(schedule(quick), 100)
  })

  it('delays requests after a few responses that come at once with something new', () => {
    const schedule = longPollSchedule()
    const news = { ...at(0, 4), nothingNew: false }
    const waits = (count: number) => Array.from({ length: count }, () => schedule(news))
    assert.deepEqual(waits(12), [...Array.from({ length: 10 }, () => 0), 96, 96])
    assert.equal(schedule({ ...at(0, 5000), nothingNew: false }), 0)
    assert.deepEqual(waits(11).slice(9), [0, 96])
  })

  it('keeps a given interval from request to request, unless a response is held', () => {
    const schedule = longPollSchedule(500)
    const news = { ...at(0, 20), nothingNew: false }
    assert.deepEqual([schedule(news), schedule(news)], [480, 480])
    assert.equal(schedule({ ...at(0, 150), nothingNew: false }), 0)
    assert.deepEqual([schedule(at(0, 20)), schedule(at(0, 20))], [500, 1000])
  })

  it('does not wait if the interval is 0', () => {
    const schedule = longPollSchedule(0)
    assert.deepEqual(
      [true, false, true].map((nothingNew) => schedule({ ...at(0, 2), nothingNew })),
      [0, 0, 0],
    )
  })
})
