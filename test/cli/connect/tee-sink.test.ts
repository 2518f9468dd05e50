import assert from 'node:assert/strict'
import { TeeSink } from '../../../src/cli/connect/tee-sink.ts'
import type { EventSink, RealtimeEvent } from '../../../src/shared/event.ts'
import { randomBatch } from '../../support/batches.ts'

/** A sink that counts events and has room or not. `free` calls back. */
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

describe('a tee of several sinks', () => {
  for (const [rooms, expected] of [
    [[true, true], true],
    [[false, true], false],
    [[true, false], false],
  ] as const)
    it(`${expected ? 'has' : 'has no'} room if its sinks say ${rooms.join(' and ')}`, () => {
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

  it('calls back when all of them have room', () => {
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
