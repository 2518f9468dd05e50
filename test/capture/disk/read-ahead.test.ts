import assert from 'node:assert/strict'
import { ReadAhead } from '../../../src/capture/disk/read-ahead.ts'
import { seededRandom } from '../../support/splits.ts'

const FILE = Buffer.from(Array.from({ length: 100_000 }, (_, i) => String(i).padStart(8, '0')).join(''))

/** Reads from `FILE`, and records the size of each read. */
function reader() {
  const ahead = new ReadAhead()
  const reads: number[] = []
  const text = (offset: number, length: number) =>
    ahead.text(offset, length, (into) => {
      reads.push(into.length)
      return FILE.copy(into, 0, offset)
    })
  return { text, reads }
}

describe('reading ahead', () => {
  it('returns the content of the file at any offset and length (seeded)', () => {
    const random = seededRandom(7)
    const { text } = reader()
    let offset = 0
    for (let i = 0; i < 3000; i++) {
      const length = Math.floor(random() ** 8 * ReadAhead.LIMIT)
      // Mostly sequential, sometimes elsewhere.
      if (random() < 0.2) offset = Math.floor(random() * FILE.length)
      const wanted = FILE.subarray(offset, offset + length)
      assert.equal(text(offset, length), wanted.length < length ? undefined : wanted.toString())
      offset = Math.min(FILE.length, offset + length)
    }
  })

  it('reads a file from one end to the other in few reads', () => {
    const { text, reads } = reader()
    for (let offset = 0; offset < FILE.length; offset += 100) text(offset, 100)
    assert.ok(reads.length < 6, `${reads.length} reads`)
  })

  it('reads little more than requested at random offsets', () => {
    const { text, reads } = reader()
    for (let offset = FILE.length - 50; offset > 0; offset -= 70_000) text(offset, 50)
    assert.ok(Math.max(...reads) <= 16 * 1024, reads.join())
  })

  it('keeps nothing of a failed read', () => {
    const { text } = reader()
    const ahead = new ReadAhead()
    const good = (offset: number) => (into: Buffer) => FILE.copy(into, 0, offset)
    assert.equal(ahead.text(0, 8, good(0)), '00000000')
    // The buffer ends in the middle of the requested bytes.
    const offset = 16 * 1024 - 4
    const fails = () =>
      ahead.text(offset, ReadAhead.LIMIT, () => {
        throw new Error('i/o error')
      })
    assert.throws(fails, /i\/o error/)
    assert.equal(ahead.text(offset, 4, good(offset)), text(offset, 4))
    assert.equal(
      ahead.text(300_000, 8, () => 0),
      undefined,
    )
  })
})
