import assert from 'node:assert/strict'
import { LineFeeds } from '../../src/parse/byte-search.ts'
import { PlainEvents } from '../../src/parse/plain-events.ts'

/** Finds line feeds, and counts the words that it reads for that in JavaScript. */
class CountedLineFeeds extends LineFeeds {
  override readonly words: Int32Array
  reads = 0

  constructor(bytes: Uint8Array) {
    super(bytes)
    this.words = new Proxy(new LineFeeds(bytes).words, {
      get: (words, key) => {
        if (typeof key === 'string' && key !== 'length') this.reads++
        return Reflect.get(words, key)
      },
    })
  }
}

describe('PlainEvents', () => {
  it('reads only the beginning of a long line in JavaScript, and leaves the rest to a native search', () => {
    const count = 20
    for (const size of [1000, 10_000]) {
      const event = Buffer.from(`data: ${'x'.repeat(size)}\n\n`)
      const bytes = new Uint8Array(Buffer.concat(Array.from({ length: count }, () => event)))
      const lineFeeds = new CountedLineFeeds(bytes)
      const events = new PlainEvents()
      const firstEnd = bytes.indexOf(0x0a)
      const range = { first: 0, firstEnd, end: bytes.length, limit: bytes.length, base: 0 }
      assert.equal(events.read(lineFeeds, range), bytes.length)
      assert.equal(events.count, count)
      assert.ok(events.sizes.subarray(0, count).every((each) => each === size))
      assert.ok(lineFeeds.reads <= 40 * count, `${lineFeeds.reads} words were read`)
    }
  })
})
