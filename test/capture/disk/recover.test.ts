import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Capture } from '../../../src/capture/capture.ts'
import { findAbandoned } from '../../../src/capture/disk/abandoned.ts'
import { removeCapture } from '../../../src/capture/disk/files.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { Failure } from '../../../src/shared/failure.ts'
import { plain, randomEvent, randomSession } from '../../support/random-events.ts'
import { seededRandom } from '../../support/splits.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'

const startedAt = new Date('2026-11-23T05:00:00.000Z')

function assertPrefix(capture: Capture, events: readonly RealtimeEvent[]): void {
  for (let index = capture.firstKept; index < capture.count; index++) {
    const event = events[index]
    assert.ok(event !== undefined)
    assert.deepEqual(plain(capture.event(index)), plain(event), `event ${index}`)
  }
}

describe('a recovered capture', () => {
  let directory: string
  const open: Capture[] = []
  const keep = (capture: Capture): Capture => {
    open.push(capture)
    return capture
  }

  beforeEach(() => {
    directory = tempDir()
  })
  afterEach(() => {
    for (const capture of open.splice(0)) capture.close()
    removeTempDirs()
  })

  it('contains what was flushed, and continues from there', () => {
    const events = randomSession(11, 40_000, 40)
    const first = keep(new Capture({ directory: join(directory, 'a'), clock: { startedAt } }))
    for (const event of events.slice(0, 20_000)) first.append(event)
    first.flush()
    cpSync(join(directory, 'a'), join(directory, 'b'), { recursive: true })
    const second = keep(Capture.recover(join(directory, 'b')))
    assert.equal(second.count, 20_000)
    assert.equal(second.startedAt.getTime(), startedAt.getTime())
    assert.deepEqual(second.eventNames, first.eventNames)
    for (const event of events.slice(20_000)) second.append(event)
    assertPrefix(second, events)
    second.close({ keep: true })
    const third = keep(Capture.recover(join(directory, 'b')))
    assert.equal(third.count, 40_000)
    assertPrefix(third, events)
  })

  it('may be of an earlier version, and is then of the present one, which earlier programs leave alone', () => {
    const path = join(directory, 'a')
    keep(new Capture({ directory: path, clock: { startedAt } })).flush()
    const file = join(path, 'session.json')
    const head = JSON.parse(readFileSync(file, 'utf8'))
    assert.equal(head.version, 2)
    const found = (version: number) => {
      writeFileSync(file, JSON.stringify({ ...head, version }))
      return findAbandoned(directory, new Set()).length
    }
    assert.deepEqual([0, 1, 2, 3].map(found), [0, 1, 1, 0])
    found(1)
    keep(Capture.recover(path))
    assert.equal(JSON.parse(readFileSync(file, 'utf8')).version, 2)
  })

  it('is written soon without a call to flush', async () => {
    const events = randomSession(12, 500)
    const first = keep(new Capture({ directory: join(directory, 'a'), clock: { startedAt } }))
    for (const event of events) first.append(event)
    const rows = join(directory, 'a', 'rows-0.bin')
    const written = () => readdirSync(join(directory, 'a')).includes('rows-0.bin') && statSync(rows).size > 0
    while (!written()) await new Promise((resolve) => setTimeout(resolve, 20))
    cpSync(join(directory, 'a'), join(directory, 'b'), { recursive: true })
    const second = keep(Capture.recover(join(directory, 'b')))
    assert.equal(second.count, 500)
    assertPrefix(second, events)
  })

  it('ends before a torn write at any position', () => {
    const events = randomSession(13, 3000)
    const first = keep(new Capture({ directory: join(directory, 'a'), clock: { startedAt } }))
    for (const [index, event] of events.entries()) {
      first.append(event)
      if (index % 300 === 299) first.flush()
    }
    const random = seededRandom(13)
    const files = readdirSync(join(directory, 'a')).filter((file) => file !== 'session.json')
    const counts = new Set<number>()
    for (let round = 0; round < 24; round++) {
      const copy = join(directory, `torn-${round}`)
      cpSync(join(directory, 'a'), copy, { recursive: true })
      const file = join(copy, files[round % files.length] ?? '')
      if (round % 3 === 2) appendFileSync(file, Buffer.alloc(50, round))
      else truncateSync(file, Math.floor(random() * statSync(file).size))
      const second = keep(Capture.recover(copy))
      counts.add(second.count)
      assertPrefix(second, events)
      // What is then appended can be recovered, too.
      const more = randomSession(round, 100)
      const { count } = second
      for (const event of more) second.append(event)
      second.close({ keep: true })
      const third = keep(Capture.recover(copy))
      assert.equal(third.count, count + 100)
      assertPrefix(third, [...events.slice(0, count), ...more])
    }
    assert.ok(counts.size > 5)
  })

  it('ends before corrupt rows', () => {
    const events = randomSession(15, 2000)
    const first = keep(new Capture({ directory: join(directory, 'a'), clock: { startedAt } }))
    for (const [index, event] of events.entries()) {
      first.append(event)
      if (index % 200 === 199) first.flush()
    }
    const written = readFileSync(join(directory, 'a', 'rows-0.bin'))
    const random = seededRandom(15)
    for (let round = 0; round < 10; round++) {
      const copy = join(directory, `wrong-${round}`)
      cpSync(join(directory, 'a'), copy, { recursive: true })
      const wrong = Buffer.from(written)
      const at = Math.floor(random() * wrong.length)
      wrong[at] = (wrong[at] ?? 0) ^ 0x5a
      writeFileSync(join(copy, 'rows-0.bin'), wrong)
      const second = keep(Capture.recover(copy))
      assertPrefix(second, events)
      assert.ok(second.count < 2000)
    }
  })

  it('survives the death of the process that wrote it', async () => {
    const child = spawn(
      process.execPath,
      [new URL('../../support/capture-child.ts', import.meta.url).pathname, join(directory, 'a'), '14'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    let flushed = 0
    for await (const line of createInterface({ input: child.stdout })) {
      flushed = Number(line)
      if (flushed > 20_000) break
    }
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
    keep(new Capture({ directory: join(directory, 'mine'), clock: { startedAt } }))
    const abandoned = findAbandoned(directory)
    assert.deepEqual(abandoned, [{ directory: join(directory, 'a'), startedAt: new Date(0) }])
    const capture = keep(Capture.recover(join(directory, 'a')))
    assert.deepEqual(findAbandoned(directory), [], 'it has an owner again')
    assert.ok(capture.count >= flushed, `${capture.count} of at least ${flushed}`)
    const random = seededRandom(14)
    let time = 0
    assertPrefix(
      capture,
      Array.from({ length: capture.count }, () => randomEvent(random, ++time)),
    )
  })

  it('keeps its limits: dropped events stay dropped', () => {
    const first = keep(
      new Capture({
        directory: join(directory, 'a'),
        clock: { startedAt },
        spoolLimit: 1024 * 1024,
        maxEvents: 40_000,
      }),
    )
    const payload = Buffer.alloc(100, 'x')
    const event = (n: number): RealtimeEvent => {
      const time = n
      return { type: 'message', connection: 1, time, direction: 'in', payload }
    }
    // More than one file of rows, so that the first one is removed.
    for (let n = 0; n < 1_200_000; n++) first.append(event(n))
    first.close({ keep: true })
    const second = keep(Capture.recover(join(directory, 'a')))
    assert.equal(second.count, 1_200_000)
    assert.ok(second.firstKept > 1_000_000)
    assert.ok(second.firstPayload > 1_180_000)
    assert.deepEqual(plain(second.event(1_199_999)), plain(event(1_199_999)))
    assert.equal(second.isDropped(second.firstPayload - 1), true)
  })

  it('can be discarded', () => {
    keep(new Capture({ directory: join(directory, 'a'), clock: { startedAt } })).append({
      type: 'mark',
      time: 1,
      text: 'x',
    })
    removeCapture(join(directory, 'a'))
    assert.deepEqual(readdirSync(directory), [])
    assert.deepEqual(findAbandoned(join(directory, 'nowhere')), [])
  })

  it('is rejected if there is none', () => {
    assert.throws(
      () => Capture.recover(directory),
      (thrown) => thrown instanceof Failure && thrown.code === 'NOT_A_CAPTURE',
    )
  })
})
