import assert from 'node:assert/strict'
import { itemsOf } from '../../../src/diagnose/techniques/items.ts'

const contents = (text: string, isPoll = true) =>
  itemsOf(text, Buffer.from(text), isPoll).map(({ content }) => content)

describe('the events in a message', () => {
  it('are those of a list in the body of a poll', () => {
    assert.deepEqual(contents('[{"a": 1}, {"a": 2}]'), ['{"a":1}', '{"a":2}'])
    assert.deepEqual(contents('{"events": [{"a": 1}], "next": 3}'), ['{"a":1}'])
    assert.deepEqual(contents('{"a":1}\n{"a":2}\n'), ['{"a":1}', '{"a":2}'])
    assert.deepEqual(contents('[]'), [])
  })

  it('are the message itself otherwise', () => {
    assert.deepEqual(contents('[{"a":1},{"a":2}]', false), ['[{"a":1},{"a":2}]'])
    assert.deepEqual(contents('{"bids":[{"p":1}],"asks":[{"p":2}]}'), ['{"bids":[{"p":1}],"asks":[{"p":2}]}'])
    assert.deepEqual(contents('[1, 2]'), ['[1,2]'])
    assert.deepEqual(contents('no JSON'), ['no JSON'])
    assert.deepEqual(contents('{"torn'), ['{"torn'])
  })

  it('are equal whatever the white space', () => {
    assert.deepEqual(contents('{ "a" : 1 }'), contents('{"a":1}'))
  })

  it('are text if they are nested too deep', () => {
    const deep = '['.repeat(50_000) + ']'.repeat(50_000)
    assert.deepEqual(itemsOf(deep, Buffer.from(deep), false), [{ content: deep, json: undefined }])
    const lines = `${deep}\n${deep}`
    assert.deepEqual(itemsOf(lines, Buffer.from(lines), true), [{ content: lines, json: undefined }])
  })
})
