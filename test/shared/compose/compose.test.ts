import assert from 'node:assert/strict'
import { composeMessage } from '../../../src/shared/compose/compose.ts'
import type { ComposedMessage } from '../../../src/shared/protocol.ts'
import { jsonErrorIndex } from '../../../src/shared/text/json-position.ts'
import { seededRandom } from '../../support/splits.ts'

type Format = ComposedMessage['format']

function bytes(format: Format, text: string): number[] {
  return [...composeMessage({ format, text }).payload]
}

function rejects(format: Format, text: string, code: string, sentence: RegExp): void {
  assert.throws(
    () => composeMessage({ format, text }),
    (error: unknown) => {
      assert.ok(error instanceof Error && 'code' in error)
      assert.equal(error.code, code)
      assert.match(error.message, sentence)
      assert.match(error.message, /\.$/)
      return true
    },
  )
}

describe('compose', () => {
  it('sends text and JSON as UTF-8, as typed', () => {
    const message = composeMessage({ format: 'json', text: ' {"a" : 1.0} ' })
    assert.equal(message.opcode, 'text')
    assert.equal(Buffer.from(message.payload).toString(), ' {"a" : 1.0} ')
    assert.deepEqual(bytes('text', 'é😀'), [...Buffer.from('é😀')])
    assert.deepEqual(bytes('text', ''), [])
  })

  it('points to the error in JSON', () => {
    rejects('json', '{"a":x}', 'BAD_JSON', /there is "x" at character 6; correct it/)
    rejects('json', '{\n  "a": 1,\n}', 'BAD_JSON', /there is "}" at line 3, column 1/)
    rejects('json', '[1, 2', 'BAD_JSON', /it ends at character 6/)
    rejects('json', '{"a":"b\tc"}', 'BAD_JSON', /there is "\\t" at character 8/)
    rejects('json', '  ', 'BAD_JSON', /empty/)
    rejects('json', '{} {}', 'BAD_JSON', /there is "{" at character 4/)
  })

  it('finds the error at the position of JSON.parse', () => {
    const random = seededRandom(11)
    const source = '{"a":[1,-2.5e3,"x\\u00e9\\n",true,null,{}],"b":{"c":[]}} '
    for (let i = 0; i < 500; i++) {
      const at = Math.floor(random() * source.length)
      const inserted = '{}[]:,"\\x1-. '.charAt(Math.floor(random() * 13))
      const text = source.slice(0, at) + inserted + source.slice(at + Math.floor(random() * 3))
      let valid = true
      let position: string | undefined
      try {
        JSON.parse(text)
      } catch (error) {
        valid = false
        position = / at position (\d+)/.exec(String(error))?.[1]
      }
      const index = jsonErrorIndex(text)
      if (valid) assert.equal(index, text.length, text)
      // For an incomplete number or word, V8 reports the character after it, and we report its start.
      else if (position !== undefined) assert.ok(index <= Number(position), `${text} ${index} ${position}`)
      else assert.ok(index <= text.length)
    }
  })

  it('reads hex with spaces, separators, line ends and 0x', () => {
    for (const text of ['00 ff 10', '00FF10', '0x00, 0xff, 0x10', '00:ff-10', '00\nff\t10\n'])
      assert.deepEqual(bytes('hex', text), [0, 255, 16], text)
    assert.equal(composeMessage({ format: 'hex', text: '' }).opcode, 'binary')
    assert.deepEqual(bytes('hex', ''), [])
  })

  it('points to the error in hex', () => {
    rejects('hex', '00 fg', 'BAD_HEX', /there is "g" at character 5/)
    rejects('hex', '00 f', 'BAD_HEX', /one digit short at character 5/)
    rejects('hex', '0 0', 'BAD_HEX', /one digit short at character 2/)
    rejects('hex', '00\nzz', 'BAD_HEX', /there is "z" at line 2, column 1/)
  })

  it('reads base64 in both alphabets, with or without padding, on several lines', () => {
    for (const text of ['+/+/AA==', '-_-_AA', '+/+/\n AA= ='])
      assert.deepEqual(bytes('base64', text), [0xfb, 0xff, 0xbf, 0], text)
    assert.deepEqual(bytes('base64', ''), [])
  })

  it('points to the error in base64', () => {
    rejects('base64', 'AAA*', 'BAD_BASE64', /there is "\*" at character 4/)
    rejects('base64', 'AA==AA', 'BAD_BASE64', /there is "=" at character 4/)
    rejects('base64', 'AAAAA', 'BAD_BASE64', /is incomplete/)
  })

  it('rejects lone surrogates, which UTF-8 cannot encode', () => {
    rejects('text', 'a\ud83d', 'BAD_TEXT', /an incomplete character at character 2/)
  })
})
