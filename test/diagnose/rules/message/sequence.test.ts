import assert from 'node:assert/strict'
import { Sequence } from '../../../../src/diagnose/rules/message/sequence.ts'

describe('the values of a counter', () => {
  it('are known in a bounded number of holes, and what is in the others is not taken for a repeat', () => {
    const sequence = new Sequence()
    const attempt = { openedAt: 0, ending: undefined }
    let number = 0
    const add = (value: number) => sequence.add({ value, time: number, number: ++number }, attempt)
    add(0)
    add(1000)
    // Each of them splits the hole.
    for (let value = 2; value <= 600; value += 2) add(value)
    assert.equal(sequence.late, 300)
    add(3)
    assert.deepEqual([sequence.late, sequence.repeated], [300, 0], 'the hole of 3 is no longer kept')
    add(599)
    add(1000)
    assert.deepEqual([sequence.late, sequence.repeated], [301, 1])
    assert.equal(sequence.missing, 999 - 301)
  })
})
