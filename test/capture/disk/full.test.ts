/** A capture on a disk that becomes full and then has space again. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Capture } from '../../../src/capture/capture.ts'
import type { CaptureLimits } from '../../../src/capture/limits.ts'
import type { Failure } from '../../../src/shared/failure.ts'
import { canMount, type SmallDisk, smallDisk } from '../../support/small-disk.ts'
import { removeTempDirs } from '../../support/temp-dir.ts'

const MiB = 1024 * 1024
const SIZE = 10_000

if (canMount)
  describe('a capture on a full disk', () => {
    let disk: SmallDisk
    let capture: Capture
    let failures: Failure[]
    let working: () => void

    function make(limits: CaptureLimits = {}): void {
      failures = []
      capture = new Capture({
        directory: join(disk.path, 'spool', 'one'),
        clock: { startedAt: new Date(0) },
        memoryLimit: 2 * MiB,
        onFailure: (failure) => failures.push(failure),
        onWorking: () => working(),
        ...limits,
      })
    }

    beforeEach(() => {
      disk = smallDisk(4)
      working = () => {}
    })
    afterEach(() => {
      capture.close()
      disk.unmount()
      removeTempDirs()
    })

    function fill(bytes: number): void {
      const until = capture.count + bytes / SIZE
      while (capture.count < until) {
        const payload = Buffer.alloc(SIZE, capture.count)
        capture.append({ type: 'message', connection: 1, time: capture.count, direction: 'in', payload })
      }
    }

    /** The numbers of the events that have their payload, which is checked. */
    function kept(log: Capture = capture): number[] {
      const numbers = Array.from({ length: log.count }, (_, index) => index)
      return numbers.filter((index) => {
        const payload = log.payload(index)
        assert.equal(payload === undefined, log.isDropped(index))
        if (payload !== undefined) assert.ok(Buffer.alloc(SIZE, index).equals(payload), `payload ${index}`)
        return payload !== undefined
      })
    }

    /** Whether the numbers are consecutive from `first` to `last`. */
    function isRun(numbers: readonly number[], first: number, last: number): boolean {
      return numbers.length === last - first + 1 && numbers[0] === first && numbers.at(-1) === last
    }

    async function hasSpace(): Promise<void> {
      const works = new Promise<void>((resolve) => {
        working = resolve
      })
      disk.resize(64)
      await works
    }

    it('does not say that the disk works while only the few newest payloads fit', async () => {
      let works = 0
      working = () => works++
      make({ memoryLimit: MiB })
      fill(3 * MiB)
      while (failures.length === 0) fill(SIZE)
      const lost = capture.lostPayloads
      // A new block begins, when the one that did not fit is lost.
      while (capture.lostPayloads === lost) fill(SIZE)
      // The disk is not tried again before that.
      await delay(300)
      capture.flush()
      assert.equal(kept().at(-1), capture.count - 1)
      assert.deepEqual([works, failures.map(({ code }) => code)], [0, ['ENOSPC']])
      await hasSpace()
      assert.equal(capture.failure, undefined)
    })

    it('keeps the newest payloads in memory, and reports at once that others are lost', () => {
      make()
      fill(20 * MiB)
      assert.deepEqual(
        failures.map(({ code }) => code),
        ['ENOSPC'],
      )
      assert.equal(capture.failure, failures[0])
      const there = kept()
      const onDisk = there.filter((index) => index < 4.5 * (MiB / SIZE))
      assert.ok(onDisk.length > 2 * (MiB / SIZE) && isRun(onDisk, 0, onDisk.length - 1))
      const newest = there.slice(onDisk.length)
      assert.ok(newest.length * SIZE > 0.9 * MiB && newest.length * SIZE <= 2 * MiB)
      assert.ok(isRun(newest, capture.count - newest.length, capture.count - 1))
      assert.equal(capture.lostPayloads, capture.count - there.length)
      assert.equal(capture.dropped.payloads, capture.lostPayloads)
    })

    it('writes the payloads in memory when there is space, and can be recovered with its gap', async () => {
      make()
      fill(20 * MiB)
      const there = kept()
      await hasSpace()
      assert.equal(capture.failure, undefined)
      assert.deepEqual(kept(), there)
      const before = capture.count
      fill(5 * MiB)
      assert.ok(isRun(kept().slice(there.length), before, capture.count - 1))
      const all = kept()
      const { count, lostPayloads } = capture
      capture.close({ keep: true })
      capture = Capture.recover(join(disk.path, 'spool', 'one'))
      assert.deepEqual(kept(), all)
      assert.deepEqual([capture.count, capture.lostPayloads], [count, lostPayloads])
    })

    it('keeps a payload larger than a block in memory too', () => {
      make({ memoryLimit: 8 * MiB })
      fill(4 * MiB)
      const payload = Buffer.alloc(3 * MiB, 'x')
      capture.append({ type: 'message', connection: 1, time: 1, direction: 'in', payload })
      assert.ok(payload.equals(capture.payload(capture.count - 1) ?? Buffer.alloc(0)))
      assert.equal(capture.lostPayloads, 0)
      const tooLarge = Buffer.alloc(9 * MiB)
      capture.append({ type: 'message', connection: 1, time: 2, direction: 'in', payload: tooLarge })
      assert.deepEqual([capture.isDropped(capture.count - 1), capture.lostPayloads], [true, 1])
    })

    it('makes its caller wait if it must not lose anything, and tells it when to continue', async () => {
      make({ waitsForDisk: true })
      let n = 0
      const event = { type: 'message', connection: 1, time: 1, direction: 'in' } as const
      while (capture.append({ ...event, payload: Buffer.alloc(SIZE, n) }) && n < 20 * (MiB / SIZE)) n++
      assert.ok(n < 5 * (MiB / SIZE))
      const mayGoOn = new Promise<void>((resolve) => capture.onWritable(resolve))
      await hasSpace()
      await mayGoOn
      assert.equal(kept().length, n + 1)
      assert.equal(capture.append({ ...event, payload: Buffer.alloc(SIZE, n + 1) }), true)
    })
  })
