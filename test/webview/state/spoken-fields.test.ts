import assert from 'node:assert/strict'
import { checkFields } from '../../../src/shared/spoken/check.ts'
import type { FieldValues, SpokenField } from '../../../src/shared/spoken/traits.ts'
import { spokenProblems, typedOf, valuesOf } from '../../../webview/state/spoken-fields.ts'

const FIELDS: readonly SpokenField[] = [
  { name: 'topic', type: 'text', hint: 'the topic', isRequired: true },
  { name: 'qos', type: 'number', hint: '0, 1 or 2', initial: 0 },
  { name: 'retain', type: 'toggle', hint: 'keep it', initial: true },
  { name: 'data', type: 'json', hint: 'the data' },
  { name: 'ack', type: ['auto', 'client'], hint: 'how', initial: 'auto' },
  { name: 'names', type: 'text', hint: 'several', isList: true },
]

describe('the fields of a protocol, as they are typed', () => {
  it('stand for values of their types, which the engine accepts', () => {
    const typed = {
      topic: ' 7',
      qos: ' 2 ',
      retain: 'false',
      data: '{"a":1}',
      ack: 'client',
      names: 'a, b',
    }
    const values = valuesOf(FIELDS, typed)
    assert.deepEqual(values, {
      topic: ' 7',
      qos: 2,
      retain: false,
      data: { a: 1 },
      ack: 'client',
      names: ['a', 'b'],
    })
    checkFields(FIELDS, values, { of: 'test', noun: 'field' })
  })

  it('leave out what is empty, or as it is initially', () => {
    assert.deepEqual(valuesOf(FIELDS, { topic: '', qos: '0', retain: 'true', ack: 'auto', names: ' ' }), {})
  })

  it('take JSON that is no JSON as a text, unless it begins as JSON does', () => {
    assert.deepEqual(valuesOf(FIELDS, { data: 'hello' }), { data: 'hello' })
    assert.deepEqual(spokenProblems(FIELDS, { topic: 'a', data: 'hello' }), {})
    assert.match(spokenProblems(FIELDS, { topic: 'a', data: '["hello' }).data ?? '', /^not JSON: /)
  })

  it('say what is wrong', () => {
    for (const qos of ['-1', 'one', '1e999'])
      assert.deepEqual(Object.keys(spokenProblems(FIELDS, { topic: 'a', qos })), ['qos'], qos)
    assert.deepEqual(spokenProblems(FIELDS, {}), { topic: 'This is needed: the topic.' })
  })

  it('show the values that were set before', () => {
    const all: FieldValues[] = [
      { topic: 'a', qos: 1, retain: false, data: [1, '2'], ack: 'client', names: ['a', 'b'] },
      { topic: 'a', data: 'text' },
      { topic: 'a', data: '7' },
      { topic: '***', data: '***', names: 'a' },
    ]
    for (const values of all) assert.deepEqual(valuesOf(FIELDS, typedOf(FIELDS, values)), values)
  })
})
