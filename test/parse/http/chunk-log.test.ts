import assert from 'node:assert/strict'
import { ChunkLog } from '../../../src/parse/http/chunk-log.ts'
import { seededRandom } from '../../support/splits.ts'

describe('the log of chunks', () => {
  it('gives the sizes of many ranges as it gives the framing of each (seeded)', () => {
    for (let seed = 0; seed < 200; seed++) {
      const random = seededRandom(seed)
      const some = (end: number) => Math.floor(random() * end)
      const closing = some(3)
      const together = new ChunkLog(closing)
      const each = new ChunkLog(closing)
      const longest = [3, 30, 300][some(3)] ?? 3
      let arrived = 0
      let end = 0
      for (let round = 0; round < 20; round++) {
        for (let chunks = some(20); chunks > 0; chunks--) {
          const [size, line] = [1 + some(longest), some(12)]
          for (const log of [together, each]) log.add(arrived, size, line)
          arrived += size
        }
        const from: number[] = []
        const to: number[] = []
        while (end < arrived && random() < 0.95) {
          // Some bytes between ranges belong to none.
          const start = Math.min(arrived, end + (random() < 0.1 ? some(5) : 0))
          end = Math.min(arrived, start + some(100))
          from.push(start)
          to.push(end)
        }
        const into = new Uint32Array(from.length)
        const ranges = { count: from.length, from: Float64Array.from(from), to: Float64Array.from(to) }
        assert.ok(together.sizes(ranges, into))
        const expected = from.map((start, n) => {
          const past = to[n] ?? 0
          return past - start + (each.framing(start, past) ?? Number.NaN)
        })
        assert.deepEqual([...into], expected, `seed ${seed}`)
      }
    }
  })

  it('does not know the sizes of ranges whose framing it forgot', () => {
    const log = new ChunkLog(2)
    for (let chunk = 0; chunk < 300_000; chunk++) log.add(chunk, 1, 3)
    const ranges = (start: number) => ({
      ...{ count: 1, from: Float64Array.of(start), to: Float64Array.of(start + 1) },
    })
    assert.equal(log.sizes(ranges(0), new Uint32Array(1)), false)
    const into = new Uint32Array(1)
    assert.ok(log.sizes(ranges(299_999), into))
    assert.deepEqual([...into], [6])
  })
})
