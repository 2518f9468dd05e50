import assert from 'node:assert/strict'
import { decodeUtf8, isValidUtf8, wellFormed } from '../../src/parse/utf8.ts'

const LONG = 'x'.repeat(100)

describe('the UTF-8 of a body', () => {
  for (const text of ['', 'plain', 'größer 価格 😀', '\ufeffwith its mark', `${LONG}é`])
    it(`is recognized as valid and decoded unchanged: ${JSON.stringify(text.slice(-20))}`, () => {
      const bytes = Buffer.from(text)
      assert.equal(isValidUtf8(bytes), true)
      assert.equal(decodeUtf8(bytes), text)
      assert.equal(wellFormed(bytes), bytes)
    })

  for (const [name, ill, decoded] of [
    ['a byte that none begins with', [0xff], '\ufffd'],
    ['a character cut off', [0xe2, 0x82], '\ufffd'],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80], '\ufffd\ufffd\ufffd'],
    ['an overlong form', [0xc0, 0xaf], '\ufffd\ufffd'],
  ] as const)
    it(`decodes ${name} to U+FFFD as in the Encoding standard, in short and long text`, () => {
      for (const before of ['', 'é', LONG]) {
        const bytes = Buffer.concat([Buffer.from(before), Uint8Array.from(ill), Buffer.from('z')])
        assert.equal(isValidUtf8(bytes), false)
        assert.equal(decodeUtf8(bytes), `${before}${decoded}z`)
        assert.equal(Buffer.from(wellFormed(bytes)).toString(), `${before}${decoded}z`)
      }
    })
})
