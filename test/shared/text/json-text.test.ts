import assert from 'node:assert/strict'
import { jsonErrorIndex } from '../../../src/shared/text/json-position.ts'
import { spansAt } from '../../../src/shared/text/json-spans.ts'
import { endOfString, isJsonText, prettyPrint } from '../../../src/shared/text/json-text.ts'
import { assertLinear } from '../../support/linear.ts'

const PIECES = ['\\"', '\\\\', '"', '{"a":', '[', '[],', '1', '1 ', ' ', '\n', '-', '1e', 'a', '"a":1,']

describe('JSON as text', () => {
  it('ends a string at the first unescaped quote', () => {
    assert.equal(endOfString('"a"b"', 0), 3)
    assert.equal(endOfString('x"a\\"b\\\\"c', 1), 9)
    assert.equal(endOfString('"\\"', 0), 3)
    assert.equal(endOfString('"abc', 0), 4)
  })

  it('formats strings of any length', () => {
    const json = `{"a":"${'\\n'.repeat(6_000_000)}","b":[1]}`
    const text = prettyPrint(json)
    assert.ok(text.startsWith('{\n  "a": "\\n\\n'))
    assert.ok(text.endsWith('\\n",\n  "b": [\n    1\n  ]\n}'))
  })

  it('finds values at their locations, in order and outermost first', () => {
    const json = ' {"a" : [1, {"b":"x\\"]"}, [ ]], "a\\"":null, "a":-1.5e3}'
    const found = (...locations: (string | number)[][]) =>
      spansAt(json, locations).map(({ start, end }) => json.slice(start, end))
    assert.deepEqual(found(['a', 0]), ['1'])
    assert.deepEqual(found(['a', 1, 'b'], ['a', 2]), ['"x\\"]"', '[ ]'])
    assert.deepEqual(found(['a"']), ['null'])
    assert.deepEqual(found(['a', 1], ['a']), ['[1, {"b":"x\\"]"}, [ ]]', '-1.5e3'])
    assert.deepEqual(found(['b'], ['a', 7], [0]), [])
    assert.deepEqual(spansAt('"x"', [[]]), [{ start: 0, end: 3 }])
  })

  it('takes time proportional to the length of a text, also if it is not JSON', () => {
    for (const piece of PIECES)
      for (const start of ['', '["', '{"'])
        assertLinear(
          start + piece,
          (size) => start + piece.repeat(size / piece.length),
          (text) => [jsonErrorIndex(text), isJsonText(text) && spansAt(text, [['a']]), prettyPrint(text)],
        )
  })
})
