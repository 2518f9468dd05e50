import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, createWriteStream, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { formatHeader, formatLine } from '../../src/session/line.ts'
import { redactEvent } from '../../src/session/redact.ts'
import { SessionWriter } from '../../src/session/session-writer.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { Failure } from '../../src/shared/failure.ts'
import { randomSession } from '../support/random-events.ts'
import { writerTo } from '../support/recording-file.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

const options = { startedAt: new Date('2026-11-23T05:00:00.000Z'), generator: 'realtime-inspector test' }

function expected(events: readonly RealtimeEvent[]): string {
  const lines = events.map((event) => formatLine(redactEvent(event, {})))
  return `${[formatHeader(options.startedAt, options.generator), ...lines].join('\n')}\n`
}

describe('a session writer', () => {
  let directory: string
  beforeEach(() => {
    directory = tempDir()
  })
  afterEach(removeTempDirs)

  it('writes a file line by line, with masked secrets, and larger payloads in pieces', async () => {
    const path = join(directory, 'a.rtsession')
    const events = randomSession(31, 3000)
    const payload = Buffer.alloc(2_000_000, 'é"')
    events.splice(1500, 0, { type: 'comment', connection: 1, time: 1, payload })
    const writer = writerTo(path, options)
    for (const event of events) writer.append(event)
    await writer.close()
    assert.equal(readFileSync(path, 'utf8'), expected(events))
    assert.equal(writer.count, events.length)
    assert.ok(writer.masked.has('authorization') && writer.masked.has('user:password'))
  })

  it('writes a line soon after its event, without waiting for more', async () => {
    const path = join(directory, 'a.rtsession')
    const writer = writerTo(path, options)
    const events = randomSession(32, 3)
    for (const [index, event] of events.entries()) {
      writer.append(event)
      const whole = Buffer.byteLength(expected(events.slice(0, index + 1)))
      while ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) < whole)
        await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await writer.close()
  })

  it('signals a full stream to its caller, and calls back once it can accept more', async () => {
    const stream = new PassThrough({ highWaterMark: 1024 })
    const writer = new SessionWriter(stream, { ...options, endStream: true })
    const event: RealtimeEvent = {
      type: 'message',
      connection: 1,
      time: 1,
      direction: 'in',
      payload: Buffer.alloc(1000, 'x'),
    }
    let appended = 1
    while (writer.append(event)) appended++
    assert.ok(appended * 1000 < 4 * 1024 * 1024, 'it is full in time')
    let calls = 0
    const writable = new Promise<void>((resolve) => {
      writer.onWritable(() => {
        calls++
        resolve()
      })
    })
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(calls, 0, 'nobody has read yet')
    let read = 0
    stream.on('data', (chunk: Buffer) => {
      read += chunk.length
    })
    await writable
    await writer.close()
    assert.equal(calls, 1)
    assert.equal(read, expected(Array(appended).fill(event)).length)
    let again = 0
    await new Promise<void>((resolve) => {
      writer.onWritable(() => {
        again++
        resolve()
      })
    })
    assert.equal(again, 1)
  })

  it('writes few, large chunks under a flood', async () => {
    const stream = new PassThrough({ highWaterMark: 64 * 1024 * 1024 })
    let chunks = 0
    let bytes = 0
    stream.on('data', (chunk: Buffer) => {
      chunks++
      bytes += chunk.length
    })
    const writer = new SessionWriter(stream, { ...options, endStream: true })
    const events = randomSession(33, 20_000, 50)
    for (const event of events) writer.append(event)
    await writer.close()
    assert.ok(bytes / chunks > 32 * 1024, `${bytes} bytes in ${chunks} chunks`)
  })

  it('formats a large payload in pieces as the stream accepts them, and later events afterwards', async () => {
    const path = join(directory, 'a.rtsession')
    const file = createWriteStream(path)
    let largest = 0
    const slow = new Writable({
      highWaterMark: 1024 * 1024,
      write(chunk: Buffer, _encoding, done) {
        largest = Math.max(largest, chunk.length)
        file.write(chunk, done)
      },
      final: (done) => void file.end(done),
    })
    const writer = new SessionWriter(slow, { ...options, endStream: true })
    const payload = Buffer.alloc(16 * 1024 * 1024, 1)
    const events: RealtimeEvent[] = [
      { type: 'message', connection: 1, time: 1, direction: 'in', payload },
      { type: 'mark', time: 2, text: 'after' },
    ]
    for (const event of events) writer.append(event)
    // The caller can change its bytes afterwards.
    payload.fill(2)
    await writer.close()
    const text = readFileSync(path, 'utf8')
    assert.ok(largest < 4 * 1024 * 1024, `${largest} bytes at once`)
    assert.equal(text.length, expected(events).length)
    assert.ok(!text.includes('\\u0002') && text.endsWith('"after"}\n'))
  })

  it('does not end a stream that it does not own', async () => {
    const stream = new PassThrough()
    stream.resume()
    const writer = new SessionWriter(stream, { ...options, endStream: false })
    await writer.close()
    assert.equal(stream.writableEnded, false)
    assert.equal(stream.listenerCount('drain') + stream.listenerCount('error'), 0)
  })

  it('reports once that the disk is full, and discards later events', async () => {
    const failures: Failure[] = []
    const onFailure = (failure: Failure) => failures.push(failure)
    const writer = writerTo('/dev/full', { ...options, onFailure })
    const [event] = randomSession(34, 1)
    assert.ok(event !== undefined)
    writer.append(event)
    await assert.rejects(writer.close(), (thrown) => thrown instanceof Failure && thrown.code === 'ENOSPC')
    assert.equal(failures.length, 1)
    assert.match(failures[0]?.message ?? '', /disk is full/)
    assert.equal(writer.append(event), true)
    assert.equal(writer.failed, true)
  })

  it('fails if the disk fails at the very end, when the file is flushed and closed', async () => {
    const failures: Failure[] = []
    const stream = new Writable({
      write: (_chunk, _encoding, done) => done(),
      destroy: (_error, done) => {
        setImmediate(done, Object.assign(new Error('i/o error'), { code: 'EIO' }))
      },
    })
    const onFailure = (failure: Failure) => failures.push(failure)
    const writer = new SessionWriter(stream, { ...options, endStream: true, onFailure })
    await assert.rejects(writer.close(), (thrown) => thrown instanceof Failure && thrown.code === 'EIO')
    assert.equal(failures.length, 1)
  })

  it('reports a missing folder in a sentence', async () => {
    const writer = writerTo(join(directory, 'no', 'a.rtsession'), options)
    await assert.rejects(
      writer.close(),
      (thrown) => thrown instanceof Failure && /folder/.test(thrown.message),
    )
  })

  it('fails with EPIPE when the reader of a pipe disappears, and releases waiting callers', async () => {
    const path = join(directory, 'pipe')
    const [code] = await once(spawn('mkfifo', [path]), 'exit')
    assert.equal(code, 0)
    // Opened for reading first, so that opening for writing does not block.
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    let onFailure: (failure: Failure) => void = () => {}
    const failed = new Promise<Failure>((resolve) => {
      onFailure = resolve
    })
    const writer = writerTo(path, { ...options, onFailure })
    const buffer = Buffer.alloc(100)
    const read = () => {
      try {
        return readSync(reader, buffer)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0
        throw error
      }
    }
    while (read() === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    assert.match(buffer.toString(), /^\{"type":"session"/)
    closeSync(reader)
    const [event] = randomSession(35, 1)
    assert.ok(event !== undefined)
    writer.append(event)
    assert.equal((await failed).code, 'EPIPE')
    await assert.rejects(writer.close(), Failure)
  })
})
