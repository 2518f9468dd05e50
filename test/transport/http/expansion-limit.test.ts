import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { ExpansionLimit } from '../../../src/transport/http/expansion-limit.ts'

const TOO_LARGE = { code: 'TOO_LARGE' }

describe('ExpansionLimit', () => {
  it('allows a multiple of what arrived, and the limit in addition', () => {
    const expansion = new ExpansionLimit(1000)
    expansion.taken(10, 0)
    expansion.decoded(5000)
    expansion.decoded(1000)
    assert.throws(() => expansion.decoded(1), TOO_LARGE)
  })

  it('becomes available again over time, up to the limit', () => {
    const expansion = new ExpansionLimit(1000)
    expansion.taken(0, 0)
    expansion.decoded(1000)
    expansion.taken(0, 5000)
    expansion.decoded(500)
    expansion.taken(0, 1e9)
    expansion.decoded(1000)
    assert.throws(() => expansion.decoded(1), TOO_LARGE)
  })

  it('does not accumulate while bytes are hardly compressed', () => {
    const expansion = new ExpansionLimit(1000)
    for (let time = 0; time < 100; time++) {
      expansion.taken(10, time)
      expansion.decoded(20)
    }
    expansion.taken(0, 100)
    assert.throws(() => expansion.decoded(1001), TOO_LARGE)
  })
})
