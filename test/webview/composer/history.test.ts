import assert from 'node:assert/strict'
import { History } from '../../../webview/composer/history.ts'

describe('messages sent before', () => {
  it('are walked backwards and forwards, and the draft comes back', () => {
    const history = new History(['a', 'b'])
    assert.equal(history.older('draft'), 'b')
    assert.equal(history.older('b'), 'a')
    assert.equal(history.older('a'), undefined)
    assert.equal(history.newer(), 'b')
    assert.equal(history.newer(), 'draft')
    assert.equal(history.newer(), undefined)
  })

  it('are kept once each, the newest last, fifty at most', () => {
    const history = new History()
    for (let i = 0; i < 60; i++) history.push(`m${i}`)
    history.push('m30')
    assert.equal(history.entries.length, 50)
    assert.equal(history.entries.at(-1), 'm30')
    assert.equal(history.entries.filter((entry) => entry === 'm30').length, 1)
    assert.equal(history.entries[0], 'm10')
  })
})
