import assert from 'node:assert/strict'
import { join } from 'node:path'
import { Capture } from '../../src/capture/capture.ts'
import type { CaptureLimits } from '../../src/capture/limits.ts'
import { batchedEvent } from '../../src/shared/message-batch.ts'
import { randomBatch } from '../support/batches.ts'
import { plain } from '../support/random-events.ts'
import { seededRandom } from '../support/splits.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

function newCapture(limits: CaptureLimits = {}): Capture {
  return new Capture({ ...limits, directory: join(tempDir(), 'capture'), clock: { startedAt: new Date() } })
}

describe('a batch of messages', () => {
  afterEach(removeTempDirs)

  it('is captured like its events one by one', () => {
    const random = seededRandom(5)
    const [together, apart] = [newCapture({ memoryLimit: 100_000 }), newCapture()]
    for (let round = 0; round < 120; round++) {
      const batch = randomBatch(random, Math.floor(random() * 600), 200)
      together.appendBatch(3, batch)
      for (let index = 0; index < batch.count; index++)
        apart.append({ ...batchedEvent(batch, index), connection: 3 })
      // Events of other types in between.
      for (const capture of [together, apart]) capture.append({ type: 'mark', time: batch.time, text: 'x' })
    }
    assert.ok(together.count > 17_000, `${together.count}`)
    const all = Number.POSITIVE_INFINITY
    assert.deepEqual(together.columns(0, all), apart.columns(0, all))
    assert.deepEqual(together.eventNames, apart.eventNames)
    for (let index = 0; index < apart.count; index += 3)
      assert.deepEqual(plain(together.event(index)), plain(apart.event(index)), `event ${index}`)
    for (const capture of [together, apart]) capture.close()
  })

  it('survives a crash', () => {
    const capture = newCapture()
    const batch = randomBatch(seededRandom(6), 500)
    capture.appendBatch(1, batch)
    capture.close({ keep: true })
    const recovered = Capture.recover(capture.directory)
    assert.equal(recovered.count, 500)
    for (let index = 0; index < 500; index++)
      assert.deepEqual(plain(recovered.event(index)), plain({ ...batchedEvent(batch, index), connection: 1 }))
    recovered.close()
  })

  it('of a single message is kept with the header of its frame, and read without it', () => {
    const capture = newCapture()
    const texts = Array.from({ length: 300 }, (_, n) => 'x'.repeat(n))
    for (const [n, text] of texts.entries()) {
      const bytes = Buffer.from(`\0\0${text}`)
      const columns = {
        starts: Uint32Array.of(2),
        sizes: Uint32Array.of(n),
        wireSizes: Uint32Array.of(n + 2),
        binary: new Uint8Array(1),
      }
      capture.appendBatch(1, { time: 5, count: 1, bytes, ...columns, frame: { compressed: false } }, n)
    }
    capture.close({ keep: true })
    const recovered = Capture.recover(capture.directory)
    for (const kept of [capture, recovered])
      for (const [n, text] of texts.entries()) {
        assert.equal(kept.row(n).time, n)
        assert.equal(kept.text(n), text)
      }
    recovered.close()
  })

  it('stays within the limits of events and of the disk, and counts what it dropped', () => {
    const capture = newCapture({ memoryLimit: 65_536, spoolLimit: 500_000, maxEvents: 40_000 })
    const random = seededRandom(7)
    for (let round = 0; round < 200; round++) capture.appendBatch(1, randomBatch(random, 400, 100))
    assert.ok(capture.count - capture.firstKept <= 40_000)
    assert.ok(capture.firstKept > 0 && capture.dropped.payloads > 0)
    assert.ok(capture.spoolBytes < 700_000, `${capture.spoolBytes}`)
    capture.close()
  })

  it('keeps events with a name that is too long for the table', () => {
    const capture = newCapture()
    const { frame: _, ...batch } = randomBatch(seededRandom(8), 5)
    const event = 'x'.repeat(300)
    capture.appendBatch(1, { ...batch, event })
    assert.deepEqual(
      Array.from({ length: 5 }, (_each, index) => (capture.event(index) as { event?: string }).event),
      Array(5).fill(event),
    )
    capture.close()
  })
})
