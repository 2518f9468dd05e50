import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Capture } from '../../src/capture/capture.ts'
import { openSession } from '../../src/session/session-reader.ts'
import { writeRecording } from '../../src/session/write-recording.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { Failure } from '../../src/shared/failure.ts'
import { plain, randomSession } from '../support/random-events.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

const startedAt = new Date('2026-11-23T05:00:00.000Z')
const reveal = ['authorization', 'set-cookie', 'user:password', 'token', 'api_key']

describe('saving a capture', () => {
  let directory: string
  let folder: string
  let path: string
  let capture: Capture

  beforeEach(() => {
    directory = tempDir()
    folder = join(directory, 'saved')
    mkdirSync(folder)
    path = join(folder, 'a.rtsession')
    capture = new Capture({ directory: join(directory, 'capture'), clock: { startedAt } })
  })
  afterEach(() => {
    capture.close()
    removeTempDirs()
  })

  async function readAll(): Promise<RealtimeEvent[]> {
    const session = await openSession(path)
    assert.equal(session.header.startedAt.getTime(), startedAt.getTime())
    const events: RealtimeEvent[] = []
    for await (const batch of session.batches()) events.push(...batch.events)
    assert.deepEqual(session.problems, [])
    return events
  }

  it('writes every event, byte for byte', async () => {
    const events = randomSession(51, 5000).filter((event) => event.type !== 'connect')
    for (const event of events) capture.append(event)
    assert.deepEqual(await writeRecording(capture, path, { reveal }), {
      events: events.length,
      masked: [],
    })
    assert.deepEqual((await readAll()).map(plain), events.map(plain))
    assert.deepEqual(readdirSync(folder), ['a.rtsession'])
  })

  it('masks secrets and returns their names', async () => {
    for (const event of randomSession(52, 1000)) capture.append(event)
    const { masked } = await writeRecording(capture, path)
    assert.deepEqual(masked, ['api_key', 'authorization', 'set-cookie', 'tls.key', 'token', 'user:password'])
    const saved = readFileSync(path, 'utf8')
    for (const secret of ['user:pass', 'u:p@', 'token=abc', 'Bearer abcdef', 'PRIVATE'])
      assert.ok(!saved.includes(secret), secret)
  })

  it('writes selected events in order', async () => {
    for (let n = 0; n < 100; n++) capture.append({ type: 'mark', time: n, text: String(n) })
    await writeRecording(capture, path, { indexes: [3, 50, 99] })
    assert.deepEqual(
      (await readAll()).map((event) => event.time),
      [3, 50, 99],
    )
  })

  it('releases the thread, and leaves out events that are appended in the meantime', async () => {
    const events = randomSession(53, 30_000)
    for (const event of events) capture.append(event)
    let turns = 0
    let saving = true
    const turn = () => {
      turns++
      capture.append({ type: 'mark', time: 0, text: 'meanwhile' })
      if (saving) setImmediate(turn)
    }
    setImmediate(turn)
    let progress = 0
    const result = await writeRecording(capture, path, {
      onProgress: (count) => {
        assert.ok(count > progress)
        progress = count
      },
    })
    saving = false
    assert.equal(result.events, events.length)
    assert.ok(turns > 2 && progress > 0)
    assert.equal((await readAll()).length, events.length)
  })

  it('records what had been dropped', async () => {
    const bounded = new Capture({
      directory: join(directory, 'bounded'),
      clock: { startedAt },
      maxEvents: 20_000,
      spoolLimit: 1024 * 1024,
    })
    const payload = Buffer.alloc(100, 'x')
    for (let n = 0; n < 60_000; n++)
      bounded.append({ type: 'message', connection: 1, time: n, direction: 'in', payload })
    bounded.flush()
    const { firstKept, dropped } = bounded
    assert.ok(firstKept > 0 && dropped.payloads > 0)
    const { events } = await writeRecording(bounded, path)
    bounded.close()
    assert.equal(events, 60_000 - firstKept)
    const session = await openSession(path)
    await session.close()
    assert.equal(session.header.droppedEvents, firstKept)
    assert.equal(session.header.droppedPayloads, dropped.payloads)
    const [first] = await readAll()
    assert.ok(first?.type === 'message' && first.dropped === 100)
  })

  for (const when of ['at once', 'in the middle'])
    it(`keeps the old file if the session is cleared ${when}`, async () => {
      writeFileSync(path, 'old')
      for (const event of randomSession(54, 10_000)) capture.append(event)
      const onProgress = when === 'at once' ? () => {} : () => capture.clear()
      const saving = writeRecording(capture, path, { onProgress })
      if (when === 'at once') capture.clear()
      await assert.rejects(saving, (thrown) => thrown instanceof Failure && thrown.code === 'CLEARED')
      assert.deepEqual(readdirSync(folder), ['a.rtsession'])
      assert.equal(readFileSync(path, 'utf8'), 'old')
    })

  it('can be cancelled without leaving a file', async () => {
    for (const event of randomSession(55, 10_000)) capture.append(event)
    const controller = new AbortController()
    const options = { signal: controller.signal, onProgress: () => controller.abort() }
    await assert.rejects(
      writeRecording(capture, path, options),
      (thrown) => thrown instanceof Failure && thrown.code === 'CANCELLED',
    )
    assert.deepEqual(readdirSync(folder), [])
  })

  it('explains in a sentence why a file cannot be written', async () => {
    await assert.rejects(
      writeRecording(capture, join(directory, 'no', 'a.rtsession')),
      (thrown) =>
        thrown instanceof Failure && thrown.code === 'ENOENT' && thrown.message.includes('a.rtsession'),
    )
    mkdirSync(path)
    await assert.rejects(writeRecording(capture, path), Failure)
    assert.deepEqual(readdirSync(folder), ['a.rtsession'])
  })
})
