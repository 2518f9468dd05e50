import assert from 'node:assert/strict'
import { TeeSink } from '../../../src/cli/connect/tee-sink.ts'
import type { EventSink, RealtimeEvent } from '../../../src/shared/event.ts'
import { randomBatch } from '../../support/batches.ts'

/** A sink that counts, has room or not, and says when it has again. */
class Counting implements EventSink {
  readonly hasRoom: boolean
  count = 0
  free: () => void = () => {}

  constructor(hasRoom: boolean) {
    this.hasRoom = hasRoom
  }

  append(): boolean {
    this.count++
    return this.hasRoom
  }

  onWritable(callback: () => void): void {
    this.free = callback
  }
}

const EVENT: RealtimeEvent = { type: 'mark', time: 0, text: '' }

describe('several sinks as one', () => {
  for (const [rooms, expected] of [
    [[true, true], true],
    [[false, true], false],
    [[true, false], false],
  ] as const)
    it(`${expected ? 'have' : 'have no'} room where ${rooms.join(' and ')} is what each says`, () => {
      const sinks = rooms.map((hasRoom) => new Counting(hasRoom))
      const tee = new TeeSink(sinks)
      assert.equal(tee.append(EVENT), expected)
      assert.equal(
        tee.appendBatch(
          1,
          randomBatch(() => 0.4, 3),
        ),
        expected,
      )
      assert.deepEqual(
        sinks.map(({ count }) => count),
        [4, 4],
      )
    })

  it('have room again when all of them have', () => {
    const [slow, quick] = [new Counting(false), new Counting(true)]
    const tee = new TeeSink([slow, quick])
    let told = 0
    tee.onWritable(() => told++)
    quick.free()
    assert.equal(told, 0)
    slow.free()
    assert.equal(told, 1)
  })
})
