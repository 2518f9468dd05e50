import assert from 'node:assert/strict'
import { Failure } from '../../src/shared/failure.ts'
import { actionText, parseAction, parseRule } from '../../src/shared/rule.ts'

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

  it('may have an action in place of the answer, and an answer may begin as one does', () => {
    for (const [text, action] of [
      ['@set token = $.token', { kind: 'set', name: 'token', path: '$.token' }],
      ['@set a.b = $1', { kind: 'set', name: 'a.b', path: '$1' }],
      ['@mark x => y', { kind: 'mark', text: 'x => y' }],
      ['@disconnect', { kind: 'disconnect', reason: '' }],
      ['@disconnect 4000', { kind: 'disconnect', code: 4000, reason: '' }],
      ['@disconnect 4000 too slow', { kind: 'disconnect', code: 4000, reason: 'too slow' }],
      ['@disconnect too slow', { kind: 'disconnect', reason: 'too slow' }],
      ['@@mark x', { kind: 'answer', text: '@mark x' }],
      ['x @mark', { kind: 'answer', text: 'x @mark' }],
    ] as const) {
      assert.deepEqual(parseAction(text), action)
      assert.equal(actionText(action), text)
      assert.equal(parseRule(`a => ${text}`).text, text)
    }
    for (const text of [
      '@nothing',
      '@',
      '@mark',
      '@set',
      '@set x',
      '@set 1 = $.x',
      '@set x = y',
      '@marked x',
    ])
      assert.throws(() => parseAction(text), { code: 'BAD_RULE' }, text)
  })

  it('is refused with a sentence otherwise', () => {
    for (const written of ['', 'text', 'size:big => x'])
      assert.throws(
        () => parseRule(written),
        (thrown) => thrown instanceof Failure && thrown.code === 'BAD_RULE',
      )
  })
})
