import assert from 'node:assert/strict'
import { ContentReader } from '../../../src/session/compare/contents.ts'
import { canonical, parseJson, plain } from '../../../src/session/compare/lossless-json.ts'
import { assertLinear } from '../../support/linear.ts'
import { message } from '../../support/recording.ts'

describe('a payload read as JSON', () => {
  it('keeps every digit of every number, and does not change strings', () => {
    const digits = '12345678901234567890'
    for (const [text, expected] of [
      [`[${digits}]`, `[${digits}]`],
      [`[-${digits},0.1234567890123456789]`, `[-${digits},0.1234567890123456789]`],
      [`{"a":${digits}e5,"${digits}":"${digits}"}`, `{"${digits}":"${digits}","a":${digits}e5}`],
      [String.raw`["\"${digits}","\\",${digits}]`, String.raw`["\"${digits}","\\",${digits}]`],
      [digits, digits],
    ] as const)
      assert.equal(canonical(parseJson(text) ?? null), expected)
    assert.deepEqual(plain(parseJson(`[${digits}]`) ?? null), [digits])
  })

  it('is undefined if a string or a number in it is invalid', () => {
    for (const text of [
      '[1234567890123456789',
      '[1234567890123456789,"a]',
      '[1234567890123456-]',
      '[12345678901234567e]',
    ])
      assert.equal(parseJson(text), undefined, text)
  })
})

describe('the contents of a message', () => {
  const shapes: readonly (readonly [string, (size: number) => string])[] = [
    ['strings that never end', (size) => `[1234567890123456789,${'"'.repeat(size)}`],
    ['escapes without an end', (size) => `[1234567890123456789,${'\\"'.repeat(size / 2)}`],
    ['a string of backslashes', (size) => `[1234567890123456789,"${'\\'.repeat(size)}`],
    ['one long number', (size) => '1'.repeat(size)],
    ['a number of signs', (size) => `[1${'-'.repeat(size)}`],
    ['many long numbers', (size) => `[${'1234567890123456789,'.repeat(size / 20)}1]`],
    ['arrays in arrays', (size) => '['.repeat(size / 2) + ']'.repeat(size / 2)],
    ['objects in objects', (size) => '{"a":'.repeat(size / 5)],
    ['words of 23 letters', (size) => 'abcdefabcdefabcdefabcde.'.repeat(size / 24)],
    ['halves of identifiers', (size) => '01234567-0123-0123-'.repeat(size / 20)],
    ['times that go on', (size) => `2026-11-23T${'0:'.repeat(size / 2)}`],
    ['spaces', (size) => `${' '.repeat(size)}x`],
  ]
  for (const [what, make] of shapes)
    it(`are read in linear time: ${what}`, () => {
      const reader = new ContentReader((value) => value)
      assertLinear(
        what,
        make,
        (text) => reader.read({ part: 0, message: message(0, text), packet: undefined, isHeartbeat: false }),
        24_000,
      )
    })
})
