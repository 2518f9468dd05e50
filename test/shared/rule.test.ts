import assert from 'node:assert/strict'
import { Failure } from '../../src/shared/failure.ts'
import { parseRule } from '../../src/shared/rule.ts'

describe('a rule as text', () => {
  it('has a filter before the arrow, and a text after it', () => {
    assert.deepEqual(parseRule('kind:request => {"ok":true}'), {
      filter: 'kind:request',
      text: '{"ok":true}',
    })
    assert.deepEqual(parseRule('a=>b'), { filter: 'a', text: 'b' })
    assert.deepEqual(parseRule('a =>'), { filter: 'a', text: '' })
  })

  it('may have arrows in the filter and in the text', () => {
    assert.deepEqual(parseRule('"x => y" => z'), { filter: '"x => y"', text: 'z' })
    assert.deepEqual(parseRule('x => y => z'), { filter: 'x', text: 'y => z' })
  })

  it('is refused with a sentence otherwise', () => {
    for (const written of ['', 'text', 'size:big => x'])
      assert.throws(
        () => parseRule(written),
        (thrown) => thrown instanceof Failure && thrown.code === 'BAD_RULE',
      )
  })
})
