import assert from 'node:assert/strict'
import { pad, payloadPreview, printable, truncate, width } from '../../../src/cli/pretty/terminal-text.ts'

describe('text for a terminal', () => {
  it('has no control characters', () => {
    for (let code = 0; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code)
      if (/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(character)) {
        const shown = printable(character)
        assert.ok(!shown.includes(character), `U+${code.toString(16)} got through`)
        assert.match(shown, /^[\u2400-\u2421]$|^<U\+[0-9A-F]{4}>$/u)
      }
    }
  })

  it('shows escape sequences as pictures of their characters', () => {
    assert.equal(printable('\x1b]0;owned\x07\r\n\t\x7f\x9b'), '␛]0;owned␇␍␊␉␡<U+009B>')
    assert.equal(printable('a\u202eb\ud800c'), 'a<U+202E>b<U+D800>c')
  })

  it('does not change text in any script', () => {
    for (const text of ['plain', 'naïve', '漢字', 'שלום', '👩‍👩‍👧', 'e\u0301'])
      assert.equal(printable(text), text)
  })

  it('counts cells, not characters', () => {
    assert.equal(width('abc'), 3)
    assert.equal(width('漢字'), 4)
    assert.equal(width('e\u0301'), 1)
    assert.equal(width('😀'), 2)
  })

  it('cuts to a width, never within a character', () => {
    assert.equal(truncate('abcdef', 6), 'abcdef')
    assert.equal(truncate('abcdefg', 6), 'abcde…')
    assert.equal(truncate('漢字漢字', 8), '漢字漢字')
    assert.equal(truncate('漢字漢字', 7), '漢字漢…')
    assert.equal(truncate('漢字漢字', 6), '漢字…')
    assert.equal(truncate('😀😀😀', 5), '😀😀…')
    assert.equal(pad('漢', 4), '漢  ')
    assert.equal(pad('abcdef', 4), 'abc…')
  })
})

describe('the preview of a payload', () => {
  const encode = (text: string) => new TextEncoder().encode(text)

  it('is text on one line if it is UTF-8', () => {
    assert.equal(payloadPreview(encode('{\n "a": "é"\n}'), 40), '{␊ "a": "é"␊}')
    assert.equal(payloadPreview(encode(''), 40), '')
  })

  it('fills the available width, for a payload of any length', () => {
    assert.equal(payloadPreview(encode('x'.repeat(1_000_000)), 20), `${'x'.repeat(19)}…`)
    const wide = payloadPreview(encode('字'.repeat(100_000)), 20)
    assert.equal(wide, `${'字'.repeat(9)}…`)
  })

  it('is hex with the readable characters otherwise', () => {
    assert.equal(payloadPreview(Uint8Array.of(0xff, 0x41, 0x00), 40), 'ff 41 00 |.A.|')
    assert.equal(payloadPreview(Uint8Array.of(0xff, 0x1f, 0x20, 0x7e, 0x7f), 40), 'ff 1f 20 7e 7f |.. ~.|')
    // UTF-8, but sent as binary and no text.
    assert.equal(payloadPreview(Uint8Array.of(0x08, 0x41, 0x00), 40, true), '08 41 00 |.A.|')
    assert.equal(payloadPreview(Uint8Array.of(0x08, 0x41), 40), '␈A')
    assert.equal(payloadPreview(encode('a\tb\n'), 40, true), 'a␉b␊')
    const long = payloadPreview(new Uint8Array(1000).fill(0xfe), 40)
    assert.ok(long.startsWith('fe fe fe') && long.endsWith('…'), long)
    assert.ok(width(long) <= 40)
  })

  it('recognizes text also if its beginning ends within a character', () => {
    for (let offset = 0; offset < 8; offset++) {
      const text = 'a'.repeat(offset) + '字'.repeat(1000)
      assert.ok(payloadPreview(encode(text), 20).includes('字') || offset >= 19)
    }
    assert.ok(payloadPreview(Uint8Array.of(0x61, 0xe5, 0xad), 20).startsWith('61 e5 ad'))
  })
})
