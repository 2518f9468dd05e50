import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Capture } from '../../src/capture/capture.ts'
import type { CaptureLimits } from '../../src/capture/limits.ts'
import type { Headers, MessageEvent, RealtimeEvent, RequestEvent } from '../../src/shared/event.ts'
import { typeOf, UNKNOWN_SIZE, unpackKind } from '../../src/shared/event-columns.ts'
import { Failure } from '../../src/shared/failure.ts'
import { arrayBuffersInUse } from '../support/memory.ts'
import { plain, randomSession } from '../support/random-events.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

const MiB = 1024 * 1024
const clock = { startedAt: new Date('2026-11-23T05:00:00Z') }

describe('capture', () => {
  let directory: string
  const open: Capture[] = []

  function makeCapture(limits: CaptureLimits = {}): Capture {
    const capture = new Capture({ directory, clock, ...limits })
    open.push(capture)
    return capture
  }

  beforeEach(() => {
    directory = join(tempDir(), 'capture')
  })
  afterEach(() => {
    for (const capture of open.splice(0)) capture.close()
    removeTempDirs()
  })

  function message(payload: Uint8Array | string, time = 1): MessageEvent {
    return { type: 'message', connection: 1, time, direction: 'in', payload: Buffer.from(payload) }
  }

  /** The payload as it is given to those who need no view of it. */
  function given(capture: Capture, index: number, maxBytes?: number): number[] | undefined {
    let payload: number[] | undefined
    const take = (bytes: Buffer, from: number, to: number) => {
      payload = [...bytes.subarray(from, to)]
    }
    assert.equal(capture.givePayload(index, maxBytes, { take }), payload !== undefined)
    return payload
  }

  function assertSame(capture: Capture, events: readonly RealtimeEvent[], from = 0): void {
    for (let index = from; index < capture.count; index++) {
      const event = events[index]
      assert.ok(event !== undefined)
      assert.deepEqual(plain(capture.event(index)), plain(event), `event ${index}`)
      const whole = 'payload' in event ? [...event.payload] : undefined
      const payload = capture.payload(index)
      assert.deepEqual(payload === undefined ? undefined : [...payload], whole, `payload ${index}`)
      const begin = capture.payload(index, 5)
      assert.deepEqual(begin === undefined ? undefined : [...begin], whole?.slice(0, 5))
      assert.deepEqual(given(capture, index), whole, `given payload ${index}`)
      assert.deepEqual(given(capture, index, 5), whole?.slice(0, 5))
    }
  }

  for (const seed of [1, 2, 3])
    it(`returns every event unchanged, from memory or from disk (seed ${seed})`, () => {
      const events = randomSession(seed, 4000)
      const capture = makeCapture({ memoryLimit: 16 * 1024 })
      for (const [index, event] of events.entries()) {
        // Payloads are copied on append, so the caller can reuse the buffer.
        const copy = 'payload' in event ? { ...event, payload: new Uint8Array(event.payload) } : event
        assert.equal(capture.append(copy), true)
        if ('payload' in copy) copy.payload.fill(0xaa)
        if (index % 511 === 0) capture.flush()
      }
      assert.equal(capture.count, events.length)
      assertSame(capture, events)
    })

  it('returns cycles of a poll unchanged, whether or not they repeat the previous one', () => {
    const url = 'http://127.0.0.1/poll?a="1"'
    const fields: readonly Headers[] = [
      {},
      { etag: '"1"', date: 'now' },
      { date: 'now', etag: '"1"' },
      { date: 'later', etag: '"1"' },
      { etag: '"1"' },
      { etag: '"1"', 'set-cookie': ['a=1', 'b=2'] },
      { etag: '"1"', 'set-cookie': ['a=1', 'c=3'] },
      { etag: '\ud800 ü' },
    ]
    const rest: readonly Partial<Pick<RequestEvent, 'url' | 'cursor' | 'extra' | 'connection'>>[] = [
      {},
      { cursor: '"1"' },
      { cursor: '"2"', extra: { note: 1 } },
      { url: `${url}&b` },
      { url: `${url}&c` },
      { connection: 70_000 },
    ]
    const cycle = (headers: Headers, n: number): RealtimeEvent[] => {
      const { url: other = url, ...more } = rest[n] ?? {}
      const time = n / 8
      const request = { type: 'request', connection: 1, time, url: other, headers, ...more } as const
      const answer = { status: 200 + n, headers: { ...headers }, held: n / 3, empty: n % 2 === 0 }
      const response = { type: 'response', connection: 1, time, ...answer, ...more } as const
      return [request, { ...request, headers: { ...headers } }, response, { ...response, held: 1e-9 }]
    }
    const events = [
      ...fields.flatMap((headers) => rest.flatMap((_, n) => cycle(headers, n))),
      ...rest.flatMap((_, n) => fields.flatMap((headers) => cycle(headers, n))),
    ]
    const capture = makeCapture()
    for (const event of events) capture.append(event)
    assertSame(capture, events)
    capture.flush()
    const recovered = Capture.recover(directory)
    open.push(recovered)
    assertSame(recovered, events)
  })

  it('returns columns of events across segments', () => {
    const events = randomSession(4, 40_000, 8)
    const capture = makeCapture()
    for (const event of events) capture.append(event)
    for (const [from, max] of [
      [0, 40_000],
      [16_380, 10],
      [39_990, 1000],
      [0, 0],
      [40_000, 5],
      [99_999, 5],
    ] as const) {
      const batch = capture.columns(from, max)
      assert.equal(batch.first, Math.min(from, 40_000))
      assert.equal(batch.count, Math.max(0, Math.min(max, 40_000 - from)))
      for (let at = 0; at < batch.count; at++) {
        const event = events[batch.first + at]
        assert.ok(event !== undefined)
        const kind = batch.kind[at] ?? 0
        assert.equal(typeOf(kind), event.type)
        assert.equal(batch.time[at], event.time)
        assert.equal(batch.connection[at], event.type === 'mark' ? 0 : event.connection)
        assert.equal(batch.size[at], 'payload' in event ? event.payload.length : 0)
        assert.equal(batch.wireSize[at], 'wireSize' in event ? event.wireSize : UNKNOWN_SIZE)
        if ('direction' in event) assert.equal(unpackKind(kind).direction, event.direction)
        if (event.type === 'message' && event.event !== undefined && event.event.length < 100)
          assert.equal(capture.eventNames[batch.eventName[at] ?? 0], event.event)
      }
    }
  })

  it('returns copies', () => {
    const capture = makeCapture()
    capture.append(message('abc'))
    const event = capture.event(0)
    assert.ok('payload' in event)
    event.payload.fill(0)
    capture.payload(0)?.fill(0)
    capture.columns(0, 1).time.fill(99)
    assert.deepEqual(plain(capture.event(0)), plain(message('abc')))
    assert.equal(capture.columns(0, 1).time[0], 1)
  })

  it('keeps a payload of 64 MiB among small ones', () => {
    const capture = makeCapture()
    const large = Buffer.alloc(64 * MiB, 'large ')
    capture.append(message('before'))
    capture.append({ ...message(''), id: '7', payload: large })
    capture.append(message('after'))
    assert.equal(Buffer.compare(capture.payload(1) ?? Buffer.alloc(0), large), 0)
    assert.equal(String(Buffer.from(capture.payload(1, 6) ?? [])), 'large ')
    assert.equal(String(Buffer.from(capture.payload(2) ?? [])), 'after')
    const event = capture.event(1)
    assert.ok(event.type === 'message' && event.id === '7' && event.payload.length === large.length)
  })

  it('keeps payloads in memory only up to the limit', async () => {
    const capture = makeCapture({ memoryLimit: 2 * MiB })
    const payload = Buffer.alloc(64 * 1024, 'x')
    capture.append(message(payload))
    const before = await arrayBuffersInUse()
    for (let i = 0; i < 1000; i++) capture.append(message(payload))
    const grown = (await arrayBuffersInUse()) - before
    assert.ok(grown < 8 * MiB, `${grown} bytes`)
    assert.equal(capture.payload(0)?.length, payload.length)
    assert.ok(capture.spoolBytes >= 1000 * payload.length)
  })

  it('drops the oldest payloads at the disk limit, and reports it', () => {
    const spoolLimit = 4 * MiB
    const capture = makeCapture({ spoolLimit, memoryLimit: MiB })
    const payload = (n: number) => Buffer.alloc(10_000, String(n))
    capture.append({
      type: 'connect',
      connection: 1,
      time: 0,
      transport: 'sse',
      url: 'http://h/',
      attempt: 0,
    })
    for (let n = 1; n <= 2000; n++)
      capture.append({ ...message(payload(n), n), opcode: 'text', event: 'tick' })
    capture.flush()
    const onDisk = readdirSync(directory)
      .filter((name) => name.startsWith('payload-'))
      .map((name) => statSync(join(directory, name)).size)
      .reduce((sum, size) => sum + size, 0)
    assert.ok(onDisk <= spoolLimit, `${onDisk} bytes`)
    assert.ok(onDisk > spoolLimit / 2)
    const { firstPayload } = capture
    assert.ok(firstPayload > 1000 && firstPayload < 2000)
    assert.equal(capture.firstKept, 0)
    assert.equal(capture.count, 2001)
    assert.equal(capture.dropped.payloads, firstPayload - 1)
    assert.equal(capture.event(0).type, 'connect', 'what a connection went through is kept')
    for (let index = 1; index < capture.count; index++) {
      const dropped = index < firstPayload
      assert.equal(capture.isDropped(index), dropped)
      assert.equal(capture.payload(index)?.length, dropped ? undefined : 10_000)
    }
    assert.deepEqual(plain(capture.event(1)), {
      ...message('', 1),
      payload: [],
      dropped: 10_000,
      opcode: 'text',
      event: 'tick',
    })
    assert.deepEqual(plain(capture.event(2000)), {
      ...message('', 2000),
      payload: [...payload(2000)],
      opcode: 'text',
      event: 'tick',
    })
  })

  it('stands in for an event whose details were dropped', () => {
    const capture = makeCapture({ spoolLimit: MiB })
    const headers = { 'x-long': 'x'.repeat(1000) }
    for (let n = 0; n < 3000; n++)
      capture.append({ type: 'response', connection: 2, time: n, status: 200, headers, held: 1, empty: true })
    capture.flush()
    const event = capture.event(0)
    assert.ok(event.type === 'mark')
    assert.deepEqual(event.extra, { type: 'response', connection: 2, time: 0, dropped: true })
    assert.equal(capture.event(2999).type, 'response')
  })

  it('drops a payload larger than the whole spool, and nothing else', () => {
    const capture = makeCapture({ spoolLimit: MiB })
    capture.append(message('a'))
    capture.append(message(Buffer.alloc(2 * MiB)))
    capture.append(message('b'))
    assert.deepEqual(
      [0, 1, 2].map((index) => capture.isDropped(index)),
      [false, true, false],
    )
    assert.equal(capture.dropped.payloads, 1)
    assert.equal(capture.event(1).type, 'message')
  })

  it('drops the oldest events at their limit', () => {
    const capture = makeCapture({ maxEvents: 50_000 })
    for (let n = 0; n < 200_000; n++) capture.append(message(String(n), n))
    assert.equal(capture.count, 200_000)
    const { firstKept } = capture
    assert.ok(capture.count - firstKept <= 50_000 && capture.count - firstKept > 30_000)
    assert.ok(capture.firstPayload >= firstKept)
    assert.equal(capture.columns(0, 10).first, firstKept)
    assert.equal(capture.columns(0, 10).time[0], firstKept)
    assert.equal(String(Buffer.from(capture.payload(firstKept) ?? [])), String(firstKept))
    assert.throws(() => capture.event(firstKept - 1), RangeError)
    assert.throws(() => capture.event(200_000), RangeError)
    assert.throws(() => capture.event(-1), RangeError)
  })

  it('limits the table of event names if a peer invents names, without losing any', () => {
    const capture = makeCapture()
    for (let n = 0; n < 10_000; n++) capture.append({ ...message('x'), event: `event ${n}` })
    assert.ok(capture.eventNames.length < 5000)
    for (const n of [0, 4000, 5000, 9999]) {
      const event = capture.event(n)
      assert.ok(event.type === 'message')
      assert.equal(event.event, `event ${n}`)
    }
  })

  it('removes everything on clear, also during reading, and continues', () => {
    const capture = makeCapture({ memoryLimit: 16 * 1024 })
    const first = randomSession(5, 3000)
    for (const event of first) capture.append(event)
    capture.event(0)
    const { generation } = capture
    capture.clear()
    assert.equal(capture.count, 0)
    assert.equal(capture.spoolBytes, 0)
    assert.notEqual(capture.generation, generation)
    assert.throws(() => capture.event(0), RangeError)
    assert.deepEqual(
      readdirSync(directory).filter((name) => name.endsWith('.bin')),
      [],
    )
    const second = randomSession(6, 3000)
    for (const event of second) capture.append(event)
    capture.flush()
    assertSame(capture, second)
  })

  it('brings back what was cleared, with the events since then after it', () => {
    const capture = makeCapture({ memoryLimit: 16 * 1024 })
    const first = randomSession(5, 3000)
    const second = randomSession(6, 500)
    for (const event of first) capture.append(event)
    capture.markSaved(1000)
    capture.clear({ keep: true })
    assert.equal(capture.count, 0)
    assert.equal(capture.cleared, 3000)
    for (const event of second) capture.append(event)
    const { generation } = capture
    assert.equal(capture.restore({ skip: 2, shift: 5000 }), 2998)
    assert.notEqual(capture.generation, generation)
    assert.equal(capture.cleared, 0)
    assert.equal(capture.saved, 1000)
    assertSame(capture, [...first, ...second.slice(2).map((each) => ({ ...each, time: each.time + 5000 }))])
    assert.equal(capture.count, 3498)
    const third = message('later', 9000)
    capture.append(third)
    capture.flush()
    assert.deepEqual(plain(capture.event(3498)), plain(third))
    assert.throws(() => capture.restore({ skip: 0, shift: 0 }), { code: 'NOTHING_CLEARED' })
  })

  it('says how far events have moved if the oldest since a clear were dropped', () => {
    const capture = makeCapture({ maxEvents: 20_000 })
    capture.append(message('before'))
    capture.clear({ keep: true })
    for (let time = 0; time < 40_000; time++) capture.append(message('after', time))
    const { firstKept, count } = capture
    assert.ok(firstKept > 0)
    const moved = capture.restore({ skip: 2, shift: 0 })
    assert.equal(capture.count, count + moved)
    assert.equal(capture.event(firstKept + moved).time, firstKept)
  })

  it('keeps what was cleared until the next clear, and only while there is room for both', () => {
    const capture = makeCapture({ spoolLimit: 300_000 })
    const fill = (bytes: number) => {
      for (let left = bytes; left > 0; left -= 10_000) capture.append(message(Buffer.alloc(10_000)))
      capture.flush()
    }
    fill(100_000)
    capture.clear({ keep: true })
    fill(50_000)
    assert.equal(capture.cleared, 10)
    capture.clear({ keep: true })
    assert.equal(capture.cleared, 5)
    fill(260_000)
    assert.equal(capture.cleared, 0)
    assert.deepEqual(
      readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory()),
      [],
    )
    assert.equal(capture.count, 26)
  })

  it('leaves nothing behind of what was cleared', () => {
    const capture = makeCapture()
    capture.append(message('x'))
    capture.clear({ keep: true })
    capture.close()
    assert.equal(existsSync(directory), false)
  })

  it('is private to the user, and removed by close', () => {
    const capture = makeCapture()
    for (const event of randomSession(7, 100)) capture.append(event)
    capture.flush()
    assert.equal(statSync(directory).mode & 0o777, 0o700)
    const files = readdirSync(directory)
    assert.ok(files.length >= 4)
    for (const file of files) assert.equal(statSync(join(directory, file)).mode & 0o777, 0o600, file)
    capture.close()
    assert.equal(existsSync(directory), false)
    capture.append(message('late'))
    capture.flush()
    assert.equal(existsSync(directory), false)
  })

  it('removes only its own files', () => {
    const capture = makeCapture()
    writeFileSync(join(directory, 'notes.txt'), 'mine')
    capture.close()
    assert.deepEqual(readdirSync(directory), ['notes.txt'])
  })

  it('reports in a sentence that its folder cannot be used', () => {
    writeFileSync(directory, 'a file')
    assert.throws(
      () => makeCapture(),
      (thrown) => thrown instanceof Failure && thrown.code === 'SPOOL',
    )
  })

  it('keeps listing events while the disk fails, reports it once, and recovers', async () => {
    const failures: Failure[] = []
    const capture = makeCapture({
      spoolLimit: 8 * MiB,
      memoryLimit: MiB,
      onFailure: (failure) => failures.push(failure),
    })
    const payload = Buffer.alloc(100_000, 'x')
    for (let n = 0; n < 20; n++) capture.append(message(payload))
    capture.flush()
    rmSync(directory, { recursive: true })
    for (let n = 0; n < 50; n++) capture.append(message(payload))
    assert.equal(capture.count, 70)
    assert.equal(failures.length, 1)
    assert.match(failures[0]?.message ?? '', /Check the disk/)
    assert.equal(capture.isDropped(69), false)
    assert.equal(capture.isDropped(20), true)
    assert.equal(capture.failure, failures[0])
    assert.ok(capture.dropped.payloads > 0)
    mkdirSync(directory)
    // Writing is tried again only after a while.
    await new Promise((resolve) => setTimeout(resolve, 300))
    for (let n = 0; n < 50; n++) capture.append(message(payload))
    assert.equal(capture.isDropped(119), false)
    assert.equal(capture.payload(119)?.length, payload.length)
    assert.equal(failures.length, 1)
  })
})
