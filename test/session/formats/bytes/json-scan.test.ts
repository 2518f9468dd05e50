import assert from 'node:assert/strict'
import { endOfValue, isJsonBytes, UNFINISHED } from '../../../../src/session/formats/bytes/json-scan.ts'
import { isJson } from '../../../../src/shared/text/json-text.ts'
import { seededRandom } from '../../../support/splits.ts'

const WHOLE = [
  '{}',
  '[]',
  ' [ ] ',
  '{"a":[1,-0.5e+3,{"b":null}],"c":"\\u00e9\\n\\"","":true}',
  '"text"',
  '0',
  '-12.25E-7',
  'false',
  '\t{"a" : { } , "b" : [ [ ] , 1 ] }\r\n',
  '[1e5]',
]
const BROKEN = [
  '',
  ' ',
  '{',
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  '{a:1}',
  '[1,]',
  '[,1]',
  '[1 2]',
  '[}',
  '{]',
  '01',
  '-',
  '1.',
  '1.e5',
  '1e',
  '1e+',
  '.5',
  '+1',
  'nul',
  'nulls',
  'True',
  '"\n"',
  '"\\x"',
  '"\\u00g0"',
  '"\\u00',
  '"open',
  '{}{}',
  '[1]]',
  '\ufeff{}',
  '\u00a01',
]

describe('JSON in bytes', () => {
  it('is JSON if `JSON.parse` reads it', () => {
    for (const text of [...WHOLE, ...BROKEN]) assert.equal(isJsonBytes(Buffer.from(text)), isJson(text), text)
  })

  it('is judged as by `JSON.parse` after any change of a byte (seeded)', () => {
    const random = seededRandom(3)
    const characters = '{}[],:"\\ \n0123456789.eE+-truefalsn/u\u0001'
    for (let round = 0; round < 20_000; round++) {
      const text = WHOLE[Math.floor(random() * WHOLE.length)] ?? ''
      const at = Math.floor(random() * (text.length + 1))
      const insert = characters.charAt(Math.floor(random() * characters.length))
      const changed = text.slice(0, at) + insert + text.slice(at + Math.floor(random() * 3))
      assert.equal(isJsonBytes(Buffer.from(changed)), isJson(changed), JSON.stringify(changed))
    }
  })

  it('can be nested to any depth', () => {
    const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000)
    assert.ok(isJsonBytes(Buffer.from(deep)))
    assert.ok(!isJsonBytes(Buffer.from(deep.slice(0, -1))))
  })

  it('is unfinished wherever it is cut, but for numbers', () => {
    for (const text of WHOLE.map((each) => each.trim()).filter((each) => /^["[{]/.test(each))) {
      const bytes = Buffer.from(text)
      assert.equal(endOfValue(bytes, 0, bytes.length), bytes.length)
      for (let to = 0; to < bytes.length; to++)
        assert.equal(endOfValue(bytes, 0, to), UNFINISHED, `${text} ${to}`)
    }
  })
})
