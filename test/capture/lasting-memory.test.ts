/** Memory that V8 does not count is still collected. In a process of its own, whose heap is small. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const MODULE = new URL('../../src/capture/lasting-memory.ts', import.meta.url).href

/** Fills memory, drops it, and prints whether V8 has collected it after some turns of the event loop. */
const PROGRAM = `
  import { setTimeout } from 'node:timers/promises'
  import { lastingMemory, letGo } from '${MODULE}'
  const junk = (count) => Array.from({ length: count }, (_, n) => ({ n })).length
  const SIZE = 1024 * 1024
  let collected = 0
  const registry = new FinalizationRegistry(() => collected++)
  function fill() {
    const kept = []
    for (let n = 0; n < 40; n++) {
      kept.push(lastingMemory(SIZE))
      // V8 moves what is kept to its old generation.
      junk(60_000)
    }
    for (const memory of kept) registry.register(memory)
  }
  fill()
  await setTimeout(1)
  letGo(Number(process.argv[1]) * SIZE)
  for (let turn = 0; collected < 30 && turn < 1000; turn++) {
    await setTimeout(1)
    junk(100)
  }
  console.log(collected < 30 ? 'kept' : 'collected')
`

/** V8 does not collect for reasons of its own: because its heap grows, or while the program waits. */
const FLAGS = ['--initial-heap-size=512', '--no-memory-reducer']

async function lettingGo(megabytes: number): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...[...FLAGS, '--input-type=module', '--eval', PROGRAM, String(megabytes)],
  ])
  return stdout.trim()
}

describe('memory that is kept long', () => {
  it('is collected soon after much of it was let go', async () => {
    assert.equal(await lettingGo(0), 'kept')
    assert.equal(await lettingGo(40), 'collected')
  })
})
