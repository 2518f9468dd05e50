import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { eagerPace, steadyPace } from '../../../src/transport/poll/schedule.ts'

describe('the pace of polling', () => {
  const at = (started: number, ended: number) => ({ started, ended, took: ended - started, nothingNew: true })

  it('is steady from request to request, and never behind', () => {
    const pace = steadyPace(1000)
    assert.equal(pace(at(0, 300)), 700)
    assert.equal(pace(at(1000, 2500)), 0)
    assert.equal(pace(at(2500, 2600)), 900)
  })

  it('does not add up what each request is late by', () => {
    const pace = steadyPace(1000)
    let started = 50
    for (let n = 1; n <= 100; n++) started += 10 + pace(at(started, started + 10)) + 3
    assert.equal(started, 50 + 100 * 1000 + 3)
  })

  it('does not make up for a pause', () => {
    const pace = steadyPace(1000)
    assert.equal(pace(at(0, 10)), 990)
    assert.equal(pace(at(60_500, 60_510)), 990)
  })

  it('is immediate after news and after answers that were held', () => {
    const pace = eagerPace()
    assert.equal(pace({ ...at(0, 2), nothingNew: false }), 0)
    assert.equal(pace(at(0, 5000)), 0)
  })

  it('spares a server that answers at once with nothing, more each time', () => {
    const pace = eagerPace()
    const quick = at(0, 2)
    assert.deepEqual(
      Array.from({ length: 9 }, () => pace(quick)),
      [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000],
    )
    assert.equal(pace({ ...quick, nothingNew: false }), 0)
    assert.equal(pace(quick), 100)
  })

  it('paces answers that come at once whatever they bring, after a few that may have piled up', () => {
    const pace = eagerPace()
    const news = { ...at(0, 4), nothingNew: false }
    const waits = (count: number) => Array.from({ length: count }, () => pace(news))
    assert.deepEqual(waits(12), [...Array.from({ length: 10 }, () => 0), 96, 96])
    assert.equal(pace({ ...at(0, 5000), nothingNew: false }), 0)
    assert.deepEqual(waits(11).slice(9), [0, 96])
  })

  it('keeps an interval that is named from request to request, unless an answer is held', () => {
    const pace = eagerPace(500)
    const news = { ...at(0, 20), nothingNew: false }
    assert.deepEqual([pace(news), pace(news)], [480, 480])
    assert.equal(pace({ ...at(0, 150), nothingNew: false }), 0)
    assert.deepEqual([pace(at(0, 20)), pace(at(0, 20))], [500, 1000])
  })

  it('can be asked not to spare it', () => {
    const pace = eagerPace(0)
    assert.deepEqual(
      [true, false, true].map((nothingNew) => pace({ ...at(0, 2), nothingNew })),
      [0, 0, 0],
    )
  })
})
