import assert from 'node:assert/strict'
import { WaitingRequests } from '../../src/decode/waiting-requests.ts'
import { processorTime } from '../support/linear.ts'

describe('requests that wait for an answer', () => {
  it('are found in any order', () => {
    const waiting = new WaitingRequests<number>()
    for (let n = 0; n < 5; n++) waiting.add(`${n}`, n)
    assert.equal(waiting.size, 5)
    for (const n of [4, 0, 2, 3, 1]) {
      assert.equal(waiting.get(`${n}`), n)
      waiting.delete(`${n}`)
      assert.equal(waiting.get(`${n}`), undefined)
    }
    assert.equal(waiting.size, 0)
  })

  it('are replaced by others with their key', () => {
    const waiting = new WaitingRequests<string>()
    waiting.add('a', 'first')
    waiting.add('b', 'other')
    waiting.add('a', 'second')
    assert.equal(waiting.size, 2)
    assert.equal(waiting.get('a'), 'second')
    waiting.add('a', 'third')
    waiting.replace('b', 'changed')
    assert.equal(waiting.size, 2)
    assert.deepEqual([waiting.get('a'), waiting.get('b')], ['third', 'changed'])
  })

  it('are forgotten from the oldest on, so that they are never more than 10,000', () => {
    const waiting = new WaitingRequests<number>()
    for (let n = 0; n < 10_005; n++) waiting.add(`${n}`, n)
    assert.equal(waiting.size, 10_000)
    assert.deepEqual([waiting.get('4'), waiting.get('5'), waiting.get('10004')], [undefined, 5, 10_004])
  })

  it('are forgotten without stepping over those that were forgotten before', () => {
    const waiting = new WaitingRequests<number>()
    const taken = processorTime(() => {
      for (let n = 0; n < 300_000; n++) waiting.add(`${n}`, n)
    })
    // It is a tenth of a second. With a new iterator for each, it would be 15 seconds.
    assert.ok(taken < 5000, `${taken} ms`)
    assert.equal(waiting.get('299999'), 299_999)
  })

  it('are copied', () => {
    const waiting = new WaitingRequests<number>()
    waiting.add('a', 1)
    waiting.add('b', 2)
    const copy = waiting.copy()
    waiting.clear()
    assert.deepEqual([copy.size, copy.get('a'), copy.get('b'), waiting.size], [2, 1, 2, 0])
  })

  it('are copied from a copy, which then changes', () => {
    const waiting = new WaitingRequests<number>()
    for (let n = 0; n < 10_000; n++) waiting.add(n, n)
    const kept = waiting.copy()
    const copy = kept.copy()
    // The oldest is forgotten.
    copy.add(10_000, 1)
    copy.replace(2, 20)
    copy.delete(3)
    assert.deepEqual(
      [copy.size, ...[0, 2, 3, 10_000].map((n) => copy.get(n))],
      [9999, undefined, 20, undefined, 1],
    )
    const again = kept.copy((each) => -each)
    const found: number[] = []
    again.each((each) => found.push(each))
    assert.deepEqual([found.length, ...found.slice(0, 4), again.size], [10_000, -0, -1, -2, -3, 10_000])
  })
})
