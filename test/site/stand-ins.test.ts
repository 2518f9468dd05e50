/** What stands in for modules of Node.js in the playground, against Node.js. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import * as zlib from 'node:zlib'
import { MemoryContent } from '../../site/playground/node/contents.ts'
import { crc32, deflateRawSync, gunzipSync } from '../../site/playground/node/zlib.ts'

/** Bytes that are the same in each run. */
function bytesOf(seed: number, length: number): Buffer {
  const digest = createHash('sha512').update(String(seed)).digest()
  return Buffer.alloc(length, digest)
}

describe('the stand-ins for Node.js in the playground', () => {
  const text = Buffer.from(JSON.stringify(Array.from({ length: 2000 }, (_, seq) => ({ type: 'trade', seq }))))

  it('compress as well as zlib, and compute the same checksum', () => {
    assert.deepEqual(Buffer.from(deflateRawSync(text)), zlib.deflateRawSync(text))
    assert.equal(crc32(text), zlib.crc32(text))
  })

  it('inflate what is whole and small enough', () => {
    const compressed = zlib.gzipSync(text)
    assert.deepEqual(Buffer.from(gunzipSync(compressed, { maxOutputLength: text.length })), text)
    assert.throws(() => gunzipSync(compressed, { maxOutputLength: text.length - 1 }), RangeError)
    assert.throws(() => gunzipSync(compressed.subarray(0, -20), { maxOutputLength: 1e9 }))
    assert.throws(() => gunzipSync(text, { maxOutputLength: 1e9 }))
    const bomb = zlib.gzipSync(Buffer.alloc(64 * 1024 * 1024))
    assert.throws(() => gunzipSync(bomb, { maxOutputLength: 1024 * 1024 }), RangeError)
  })

  it('keep the bytes of a file over writes at any place, and after it was cut', () => {
    const block = 256 * 1024
    const content = new MemoryContent()
    let expected = Buffer.alloc(0)
    const writes = [
      [0, 10],
      [block - 3, 7],
      [5, 2],
      [3 * block - 1, 2 * block],
      [2 * block, block],
      [5 * block, 1],
    ] as const
    const check = () => {
      assert.equal(content.size, expected.length)
      const into = Buffer.alloc(expected.length + 5)
      assert.equal(content.read(into, 0), expected.length)
      assert.ok(into.subarray(0, expected.length).equals(expected))
    }
    for (const [index, [position, length]] of writes.entries()) {
      const bytes = bytesOf(index, length)
      content.write(bytes, position)
      const size = Math.max(expected.length, position + length)
      expected = Buffer.concat([expected, Buffer.alloc(size - expected.length)])
      bytes.copy(expected, position)
      check()
      if (index % 2 === 0) continue
      const cut = Math.floor(expected.length * 0.6)
      content.truncate(cut)
      expected = expected.subarray(0, cut)
      check()
    }
    assert.equal(content.read(Buffer.alloc(10), expected.length), 0)
  })
})
