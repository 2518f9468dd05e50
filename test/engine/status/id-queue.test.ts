import assert from 'node:assert/strict'
import { IdQueue } from '../../../src/engine/status/id-queue.ts'
import { seededRandom } from '../../support/splits.ts'

describe('the queue of connections with traffic', () => {
  it('has what a set has, in the order in which it was added', () => {
    const random = seededRandom(7)
    const queue = new IdQueue()
    const set = new Set<number>()
    for (let step = 0; step < 20_000; step++) {
      if (random() < 0.6) {
        const id = 1 + Math.floor(random() ** 2 * 5000)
        queue.add(id)
        set.add(id)
      } else if (random() < 0.999) {
        const [first] = set
        if (first !== undefined) set.delete(first)
        assert.equal(queue.take(), first)
      } else {
        queue.clear()
        set.clear()
      }
      assert.equal(queue.size, set.size)
    }
  })
})
