import assert from 'node:assert/strict'
import { LineFeeds } from '../../src/parse/byte-search.ts'
import { seededRandom } from '../support/splits.ts'

/** Bytes that differ from a line feed in one bit or by one, and others. */
const NEAR_MISSES = [0x0b, 0x09, 0x08, 0x0e, 0x02, 0x1a, 0x2a, 0x4a, 0x8a, 0x0d, 0x00, 0xff, 0x80, 0x01]

describe('LineFeeds', () => {
  it('finds each line feed and nothing else, at any alignment in memory', () => {
    const random = seededRandom(9)
    for (let round = 0; round < 3000; round++) {
      const memory = new Uint8Array(Math.floor(random() * (round % 10 === 0 ? 900 : 40)) + 8)
      const often = round % 3 === 0 ? 0.005 : 0.1
      for (let at = 0; at < memory.length; at++)
        memory[at] = random() < often ? 0x0a : (NEAR_MISSES[Math.floor(random() * NEAR_MISSES.length)] ?? 0)
      const start = Math.floor(random() * 8)
      const bytes = memory.subarray(start, memory.length - Math.floor(random() * 4))
      const lineFeeds = new LineFeeds(bytes)
      for (let from = 0; from <= bytes.length; from++) {
        const index = bytes.indexOf(0x0a, from)
        assert.equal(lineFeeds.next(from), index < 0 ? bytes.length : index, `round ${round} from ${from}`)
      }
    }
  })
})
