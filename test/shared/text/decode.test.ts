import assert from 'node:assert/strict'
import { decodeText, decodeUtf8 } from '../../../src/shared/text/decode.ts'

const BOM = '\ufeff'

describe('bytes as text', () => {
  for (const [name, bytes, text] of [
    ['what is text', Buffer.from('größer, 価格, 😀'), 'größer, 価格, 😀'],
    ['nothing at all', new Uint8Array(0), ''],
    ['a byte order mark', Buffer.from(`${BOM}{}`), `${BOM}{}`],
    ['tabs, line ends and escape sequences', Buffer.from('\t\r\n\f\u001b[1m'), '\t\r\n\f\u001b[1m'],
  ] as const)
    it(`keeps ${name}`, () => assert.equal(decodeText(bytes), text))

  for (const [name, bytes] of [
    ['no UTF-8', Uint8Array.of(0xff)],
    ['an overlong form', Uint8Array.of(0xc0, 0x80)],
    ['half of a surrogate pair', Uint8Array.of(0xed, 0xa0, 0x80)],
    ['a character cut at the end', Buffer.from('é').subarray(0, 1)],
  ] as const)
    it(`are not text if they are ${name}`, () => {
      assert.equal(decodeUtf8(bytes), undefined)
      assert.equal(decodeText(bytes), undefined)
    })

  it('may end inside a character if they are only a beginning', () => {
    const bytes = Buffer.from('aé😀')
    for (let length = 0; length <= bytes.length; length++)
      assert.ok('aé😀'.startsWith(decodeText(bytes.subarray(0, length), false) ?? 'none'), String(length))
    assert.equal(decodeText(Uint8Array.of(0x61, 0xff), false), undefined)
  })

  for (const code of [0x00, 0x08, 0x0e, 0x1a, 0x1c, 0x1f])
    it(`are binary if they contain the control character ${code}, even in valid UTF-8`, () => {
      const bytes = Uint8Array.of(0x61, code)
      assert.equal(decodeText(bytes), undefined)
      assert.equal(decodeUtf8(bytes), `a${String.fromCharCode(code)}`)
    })

  it('are checked for control characters only at the beginning', () => {
    assert.equal(decodeText(Buffer.from(`${'x'.repeat(4095)}\u0000`)), undefined)
    assert.notEqual(decodeText(Buffer.from(`${'x'.repeat(4096)}\u0000`)), undefined)
  })
})
