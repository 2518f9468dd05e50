import assert from 'node:assert/strict'
import { formatBatch, formatLine } from '../../src/session/line.ts'
import { batchedEvent } from '../../src/shared/message-batch.ts'
import { randomBatch } from '../support/batches.ts'
import { seededRandom } from '../support/splits.ts'

describe('the lines of a batch', () => {
  it('are those of its events one by one', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const batch = randomBatch(seededRandom(seed), 1 + (seed % 20))
      const lines = Array.from(
        { length: batch.count },
        (_, index) => `${formatLine({ ...batchedEvent(batch, index), connection: 7 })}\n`,
      )
      assert.equal(formatBatch(7, batch), lines.join(''), `seed ${seed}`)
    }
  })
})
