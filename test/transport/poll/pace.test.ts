import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { eagerPace, steadyPace } from '../../../src/transport/poll/pace.ts'

describe('the pace of polling', () => {
  it('is steady from request to request, and never behind', () => {
    const pace = steadyPace(1000)
    assert.equal(pace({ took: 300, held: 300, nothingNew: true }), 700)
    assert.equal(pace({ took: 1500, held: 1500, nothingNew: false }), 0)
  })

  it('is immediate after news and after answers that were held', () => {
    const pace = eagerPace()
    assert.equal(pace({ took: 2, held: 1, nothingNew: false }), 0)
    assert.equal(pace({ took: 5000, held: 5000, nothingNew: true }), 0)
  })

  it('spares a server that answers at once with nothing, more each time', () => {
    const pace = eagerPace()
    const quick = { took: 2, held: 1, nothingNew: true }
    assert.deepEqual(
      Array.from({ length: 9 }, () => pace(quick)),
      [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000],
    )
    assert.equal(pace({ ...quick, nothingNew: false }), 0)
    assert.equal(pace(quick), 100)
  })

  it('can be asked not to spare it', () => {
    const pace = eagerPace(0)
    assert.deepEqual(
      [1, 2].map(() => pace({ took: 2, held: 1, nothingNew: true })),
      [0, 0],
    )
  })
})
