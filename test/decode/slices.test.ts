import assert from 'node:assert/strict'
import { Slices } from '../../src/decode/slices.ts'

describe('work in slices', () => {
  /** How many slices run while `batches` of events come, one in each turn of the event loop. */
  async function slicesDuring(batches: number, size: number): Promise<number> {
    let count = 1
    let ran = 0
    const slices = new Slices(
      () => {
        ran++
        return true
      },
      () => count,
    )
    slices.start()
    for (let n = 0; n < batches; n++) {
      await new Promise((resolve) => setImmediate(resolve))
      count += size
    }
    slices.stop()
    return ran
  }

  it('takes turns with other work', async () => {
    assert.ok((await slicesDuring(50, 0)) >= 40)
  })

  it('waits while events come in a flood, however few of them come in each turn', async () => {
    for (const size of [256, 5000]) assert.ok((await slicesDuring(50, size)) <= 5, `${size}`)
  })
})
