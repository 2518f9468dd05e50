/** The blocks of a spool in memory. */
import assert from 'node:assert/strict'
import { Blocks } from '../../../src/capture/disk/blocks.ts'

const MB = 1024 * 1024

/** Fills and seals blocks of 1 MB, as if each had been written. Returns their memory. */
function fill(blocks: Blocks, count: number): Set<ArrayBufferLike> {
  const memory = new Set<ArrayBufferLike>()
  for (let number = 0; number < count; number++) {
    const block = blocks.begin(number * MB)
    memory.add(block.data.buffer)
    block.used = MB
    block.written = MB
    blocks.seal()
  }
  return memory
}

describe('blocks of a spool', () => {
  it('are not memory for which V8 would collect garbage more often', () => {
    const blocks = new Blocks({ blockSize: MB, memoryLimit: 64 * MB })
    const before = process.memoryUsage().external
    fill(blocks, 32)
    assert.ok(process.memoryUsage().external - before < 8 * MB)
    assert.equal(blocks.start, 0)
  })

  it('use the memory of dropped ones again', () => {
    const blocks = new Blocks({ blockSize: MB, memoryLimit: 4 * MB })
    const memory = fill(blocks, 20)
    assert.ok(memory.size <= 4, `${memory.size} blocks`)
  })
})
