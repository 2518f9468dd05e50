import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { ChunkedDecoder } from '../../../src/parse/http/chunked.ts'
import { splits } from '../../support/splits.ts'

interface Decoded {
  readonly decoder: ChunkedDecoder
  readonly text: string
}

function decode(...parts: string[]): Decoded {
  return decodeAll(parts.map((part) => new Uint8Array(Buffer.from(part, 'latin1'))))
}

function decodeAll(parts: readonly Uint8Array[]): Decoded {
  const decoder = new ChunkedDecoder()
  let text = ''
  for (const part of parts) text += Buffer.from(part.subarray(0, decoder.push(part))).toString('latin1')
  return { decoder, text }
}

describe('ChunkedDecoder', () => {
  it('gives the same data and spans in any split', () => {
    const wire = '3;a=b\r\nabc\r\n0A\r\n0123456789\r\n1\r\nz\r\n0\r\nTrailer: x\r\n\r\n'
    for (const parts of splits(new TextEncoder().encode(wire))) {
      const { decoder, text } = decodeAll(parts)
      assert.equal(text, 'abc0123456789z')
      assert.equal(decoder.bodyLength, 14)
      assert.deepEqual([decoder.done, decoder.fault, decoder.isOdd], [true, undefined, false])
      const spans = [
        [0, 2],
        [2, 3],
        [3, 8],
        [8, 14],
      ].map(([start = 0, end = 0]) => decoder.wireSpan(start, end))
      assert.deepEqual(spans, [7 + 2, 1 + 2, 4 + 5, 5 + 2 + 3 + 1 + 2])
    }
  })

  it('gives spans that add up to the whole body without the last chunk', () => {
    const { decoder } = decode(`${'2\r\nab\r\n'.repeat(3000)}0\r\n\r\n`)
    let sum = 0
    for (let at = 0; at < 6000; at++) sum += decoder.wireSpan(at, at + 1) ?? Number.NaN
    assert.equal(sum, 7 * 3000)
  })

  for (const [what, line] of Object.entries({
    'white space after the number': '3  \r\n',
    'a tab after the number': '3\t\r\n',
    'white space before an extension': '3 ;a=b\r\n',
    'white space in an extension': '3 ; a = "b ; c" ; d\r\n',
    'a line feed alone': '3\n',
    'white space and a line feed alone': '3 ; a\n',
  }))
    it(`accepts ${what} in any split, with exact spans`, () => {
      const end = line.endsWith('\r\n') ? '\r\n' : '\n'
      const wire = `${line}abc${end}2${end}de${end}0${end}${end}`
      for (const parts of splits(new TextEncoder().encode(wire))) {
        const { decoder, text } = decodeAll(parts)
        assert.deepEqual([text, decoder.done, decoder.fault], ['abcde', true, undefined])
        assert.equal(decoder.isOdd, line.startsWith('3 ') || line.startsWith('3\t') || end === '\n')
        assert.equal(decoder.wireSpan(0, 3), line.length + 3 + end.length)
        assert.equal(decoder.wireSpan(3, 5), 1 + end.length + 2 + end.length)
      }
    })

  it('gives no span after a chunk that is closed by another line ending than the first line', () => {
    const { decoder, text } = decode('3\r\nabc\n2\r\nde\r\n')
    assert.equal(text, 'abcde')
    assert.equal(decoder.wireSpan(0, 3), undefined)
    const ranges = { count: 1, from: Float64Array.of(0), to: Float64Array.of(3) }
    assert.equal(decoder.wireSpans(ranges, new Uint32Array(1)), false)
  })

  it('stops at an invalid or too large size, and delivers what came before', () => {
    for (const wire of [
      'xyz\r\n',
      '\r\n',
      ';a\r\n',
      ' 2\r\n',
      '-1\r\n',
      '0x2\r\n',
      '2 x\r\n',
      '2\r;\n',
      '2\r\r\n',
      `${'f'.repeat(40)}\r\n`,
    ])
      for (const parts of splits(new TextEncoder().encode(`2\r\nab\r\n${wire}2\r\ncd\r\n`))) {
        const { decoder, text } = decodeAll(parts)
        assert.deepEqual([text, decoder.bodyLength, decoder.done], ['ab', 2, false], wire)
        assert.equal(decoder.fault?.code, 'HTTP_CHUNK_SIZE', wire)
        assert.equal(decoder.wireSpan(0, 3), undefined)
      }
  })

  it('stops at data that are not followed by a line ending', () => {
    for (const parts of splits(new TextEncoder().encode('2\r\nabcd\r\n'))) {
      const { decoder, text } = decodeAll(parts)
      assert.deepEqual([text, decoder.fault?.code], ['ab', 'HTTP_INVALID'])
    }
  })

  it('limits a size line', () => {
    for (const parts of [['1;', 'x'.repeat(17_000)], ['0'.repeat(17_000)], ['1', ' '.repeat(17_000)]])
      assert.equal(decode(...parts).decoder.fault?.code, 'HTTP_OVERLONG')
    assert.equal(decode('1;', 'x'.repeat(16_000)).decoder.fault, undefined)
  })

  it('remembers a limited number of chunks, and gives no span rather than a wrong one', () => {
    const { decoder } = decode('1\r\na\r\n'.repeat(300_000))
    assert.equal(decoder.wireSpan(0, 1), undefined)
    assert.equal(decoder.wireSpan(299_999, 300_000), 6)
  })
})
