import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { fieldBytes, fieldText, percentEncodeField, readableField } from '../../src/shared/headers.ts'
import { seededRandom } from '../support/splits.ts'

const latin1 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('latin1')

describe('the bytes of a field value', () => {
  it('are text if they are UTF-8', () => {
    for (const text of ['plain', 'é', '✓ done', '😀', 'à\u00a0', '\ufffd']) {
      assert.equal(fieldText(latin1(text)), text)
      assert.equal(fieldBytes(text), latin1(text))
    }
  })

  it('are preserved whatever they are', () => {
    const random = seededRandom(20)
    for (let round = 0; round < 500; round++) {
      const size = Math.floor(random() * 24)
      // Mostly bytes that start or continue UTF-8 sequences.
      const bytes = Uint8Array.from({ length: size }, () => 0x80 + Math.floor(random() * 0x80))
      assert.equal(fieldBytes(fieldText(latin1(bytes))), latin1(bytes))
      assert.equal(fieldBytes(JSON.parse(JSON.stringify(fieldText(latin1(bytes))))), latin1(bytes))
    }
    for (const bytes of ['\xc0\xaf', '\xed\xa0\x80', '\xf4\x90\x80\x80', '\xe2\x82', '\xf0\x9f\x98\x80\xe9'])
      assert.equal(fieldBytes(fieldText(bytes)), bytes)
  })

  it('are shown as UTF-8, otherwise as Latin-1, sent or received', () => {
    assert.equal(readableField('caf\xe9 \xc3\xa9'), 'café é')
    assert.equal(readableField(fieldText('caf\xe9 \xc3\xa9')), 'café é')
    assert.equal(readableField('é ✓'), 'é ✓')
  })

  it('are preserved in a URL', () => {
    assert.equal(percentEncodeField(fieldText('a b&\xe9\xc3\xa9')), 'a%20b%26%E9%C3%A9')
    assert.equal(percentEncodeField('\ud800'), '%EF%BF%BD')
  })
})
