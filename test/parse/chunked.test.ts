import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { ChunkedScanner } from '../../src/parse/chunked.ts'

function scan(...parts: string[]): ChunkedScanner {
  const scanner = new ChunkedScanner()
  for (const part of parts) scanner.push(Buffer.from(part, 'latin1'))
  return scanner
}

describe('the scanner of chunked framing', () => {
  it('gives the same spans wherever the bytes are cut', () => {
    const wire = '3;a=b\r\nabc\r\n0A\r\n0123456789\r\n1\r\nz\r\n0\r\nTrailer: x\r\n\r\n'
    for (let cut = 0; cut <= wire.length; cut++) {
      const scanner = scan(wire.slice(0, cut), wire.slice(cut))
      assert.equal(scanner.bodyLength, 14)
      assert.deepEqual([scanner.done, scanner.overlong], [true, false])
      const spans = [
        [0, 2],
        [2, 3],
        [3, 8],
        [8, 14],
      ].map(([start = 0, end = 0]) => scanner.wireSpan(start, end))
      assert.deepEqual(spans, [7 + 2, 1 + 2, 4 + 5, 5 + 2 + 3 + 1 + 2])
    }
  })

  it('adds up: consecutive spans are the whole without the last chunk', () => {
    const scanner = scan(`${'2\r\nab\r\n'.repeat(3000)}0\r\n\r\n`)
    let sum = 0
    for (let at = 0; at < 6000; at++) sum += scanner.wireSpan(at, at + 1) ?? Number.NaN
    assert.equal(sum, 7 * 3000)
  })

  it('stops at a size that is none, or one beyond counting', () => {
    for (const wire of ['xyz\r\n', '\r\n', ';a\r\n', `${'f'.repeat(40)}\r\n`]) {
      const scanner = scan(`2\r\nab\r\n${wire}`, '2\r\ncd\r\n')
      assert.deepEqual([scanner.bodyLength, scanner.done], [2, false])
      assert.equal(scanner.wireSpan(0, 3), undefined)
    }
  })

  it('notices a size line without end', () => {
    assert.equal(scan('1;', 'x'.repeat(17_000)).overlong, true)
    assert.equal(scan('0'.repeat(17_000)).overlong, true)
    assert.equal(scan('1;', 'x'.repeat(16_000)).overlong, false)
  })

  it('remembers a bounded number of chunks, and says so rather than a wrong span', () => {
    const scanner = scan('1\r\na\r\n'.repeat(300_000))
    assert.equal(scanner.wireSpan(0, 1), undefined)
    assert.equal(scanner.wireSpan(299_999, 300_000), 6)
  })
})
