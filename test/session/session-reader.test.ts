import assert from 'node:assert/strict'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatHeader, formatLine } from '../../src/session/line.ts'
import type { Problem } from '../../src/session/line-problems.ts'
import { openSession, type ReadOptions } from '../../src/session/session-reader.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { Failure } from '../../src/shared/failure.ts'
import { plain, randomSession } from '../support/random-events.ts'
import { writerTo } from '../support/recording-file.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

const header = formatHeader(new Date('2026-11-23T05:00:00.000Z'), 'test')
const mark = (text: string): RealtimeEvent => ({ type: 'mark', time: 1, text })

describe('a session reader', () => {
  let path: string
  beforeEach(() => {
    path = join(tempDir(), 'a.rtsession')
  })
  afterEach(removeTempDirs)

  async function read(
    options?: ReadOptions,
  ): Promise<{ events: RealtimeEvent[]; problems: readonly Problem[]; batches: number; position: number }> {
    const session = await openSession(path, options)
    const events: RealtimeEvent[] = []
    let batches = 0
    let position = 0
    for await (const batch of session.batches()) {
      events.push(...batch.events)
      batches++
      assert.ok(batch.position >= position)
      position = batch.position
    }
    assert.equal(position, session.size)
    assert.equal(session.problemCount >= session.problems.length, true)
    return { events, problems: session.problems, batches, position }
  }

  async function readTexts(content: string | Buffer, options?: ReadOptions) {
    writeFileSync(path, content)
    const { events, problems } = await read(options)
    return { texts: events.map((event) => ('text' in event ? event.text : event.type)), problems }
  }

  it('reads past more empty lines than a call can have arguments', async () => {
    const lines = [header, formatLine(mark('before')), '\n'.repeat(400_000), formatLine(mark('after')), '']
    const { texts, problems } = await readTexts(lines.join('\n'))
    assert.deepEqual(texts, ['before', 'after'])
    assert.deepEqual(problems, [])
  })

  for (const seed of [41, 42])
    it(`reads back what a writer wrote, over many chunks (seed ${seed})`, async () => {
      const events: RealtimeEvent[] = [
        ...randomSession(seed, 8000),
        { type: 'comment', connection: 1, time: 9e5, payload: Buffer.alloc(3_000_000, 'é\n') },
        ...randomSession(seed + 100, 8000),
      ]
      const writer = writerTo(path, {
        startedAt: new Date(),
        generator: 'test',
        reveal: ['authorization', 'set-cookie', 'user:password', 'token', 'api_key'],
      })
      for (const event of events) writer.append(event)
      await writer.close()
      assert.deepEqual([...writer.masked], ['tls.key'])
      const seen = await read()
      assert.deepEqual(seen.problems, [])
      assert.ok(seen.batches > 2)
      assert.equal(seen.events.length, events.length)
      for (const [index, event] of seen.events.entries()) {
        if (event.type === 'connect' && event.tls?.key !== undefined) continue
        assert.deepEqual(plain(event), plain(events[index] as RealtimeEvent))
      }
    })

  it('reads the header', async () => {
    writeFileSync(path, `${header}\n`)
    const session = await openSession(path)
    assert.equal(session.header.startedAt.toISOString(), '2026-11-23T05:00:00.000Z')
    assert.equal(session.header.generator, 'test')
    await session.close()
    assert.deepEqual((await read()).events, [])
  })

  it('tolerates a byte order mark, CRLF, empty lines and no last newline', async () => {
    const lines = [header, formatLine(mark('a')), '', formatLine(mark('b')), formatLine(mark('c'))]
    const { texts, problems } = await readTexts(`\ufeff${lines.join('\r\n')}`)
    assert.deepEqual(texts, ['a', 'b', 'c'])
    assert.deepEqual(problems, [])
  })

  it('skips and reports a torn last line, wherever it was torn', async () => {
    const last = formatLine({
      type: 'message',
      connection: 1,
      time: 1,
      direction: 'in',
      payload: Buffer.from('é😀'),
    })
    writeFileSync(path, `${header}\n${formatLine(mark('a'))}\n${last}`)
    const whole = readFileSync(path).length
    for (let cut = 1; cut < Buffer.byteLength(last); cut++) {
      truncateSync(path, whole - cut)
      const { events, problems } = await read()
      assert.equal(events.length, 1)
      assert.deepEqual(problems, [
        { line: 3, message: 'The last line (3) is cut short and was skipped; all before it was read.' },
      ])
    }
  })

  it('skips lines that are not events, reports them by number, and continues', async () => {
    const { texts, problems } = await readTexts(
      [header, 'nonsense', formatLine(mark('a')), '[1]', formatLine(mark('b')), ''].join('\n'),
    )
    assert.deepEqual(texts, ['a', 'b'])
    assert.deepEqual(
      problems.map(({ line }) => line),
      [2, 4],
    )
  })

  it('lists a limited number of problems, and counts all', async () => {
    writeFileSync(path, `${header}\n${'x\n'.repeat(5000)}`)
    const session = await openSession(path)
    for await (const _ of session.batches());
    assert.equal(session.problems.length, 100)
    assert.equal(session.problemCount, 5000)
  })

  it('replaces and reports bytes that are not UTF-8', async () => {
    const { texts, problems } = await readTexts(
      Buffer.concat([
        Buffer.from(`${header}\n${formatLine(mark('a'))}\n{"type":"mark","time":1,"text":"`),
        Buffer.from([0xff]),
        Buffer.from(`"}\n${formatLine(mark('é'))}\n`),
      ]),
    )
    assert.deepEqual(texts, ['a', '\ufffd', 'é'])
    assert.deepEqual(
      problems.map(({ line }) => line),
      [3],
    )
  })

  it('skips a line above the limit without keeping it in memory', async () => {
    const endless = 'x'.repeat(9_000_000)
    const options = { maxMessageSize: 1000 }
    const { texts, problems } = await readTexts(
      [header, formatLine(mark('a')), endless, formatLine(mark('b')), endless].join('\n'),
      options,
    )
    assert.deepEqual(texts, ['a', 'b'])
    assert.deepEqual(
      problems.map(({ line }) => line),
      [3, 5],
    )
  })

  it('reads the largest payload in its longest form', async () => {
    const payload = Buffer.alloc(1_000_000, 0)
    const event: RealtimeEvent = { type: 'message', connection: 1, time: 1, direction: 'in', payload }
    writeFileSync(path, `${header}\n${formatLine(event)}\n`)
    const { events, problems } = await read({ maxMessageSize: payload.length })
    assert.deepEqual(problems, [])
    assert.deepEqual(plain(events[0] as RealtimeEvent), plain(event))
  })

  it('can be left early, and aborted', async () => {
    writeFileSync(path, `${header}\n${`${formatLine(mark('x'.repeat(1000)))}\n`.repeat(5000)}`)
    for await (const _ of (await openSession(path)).batches()) break
    const controller = new AbortController()
    const session = await openSession(path, { signal: controller.signal })
    await assert.rejects(
      async () => {
        for await (const _ of session.batches()) controller.abort()
      },
      (thrown) => thrown instanceof Failure && thrown.code === 'CANCELLED',
    )
  })

  for (const [name, content, code] of [
    ['an empty file', '', 'NOT_A_SESSION'],
    ['some text', 'hello\nworld\n', 'NOT_A_SESSION'],
    ['bytes without a line', Buffer.alloc(200_000, 0xff), 'NOT_A_SESSION'],
    ['a HAR file', '{"log":{"version":"1.2"}}', 'NOT_A_SESSION'],
    [
      'a newer version',
      '{"type":"session","version":2,"startedAt":"2026-11-23T05:00:00.000Z","generator":"x"}\n',
      'NEWER_VERSION',
    ],
  ] as const)
    it(`refuses ${name} with a sentence`, async () => {
      writeFileSync(path, content)
      await assert.rejects(
        openSession(path),
        (thrown) => thrown instanceof Failure && thrown.code === code && thrown.message.endsWith('.'),
      )
    })

  it('refuses a missing file, and a folder', async () => {
    await assert.rejects(openSession(path), (thrown) => thrown instanceof Failure && thrown.code === 'ENOENT')
    await assert.rejects(
      openSession(tempDir()),
      (thrown) => thrown instanceof Failure && thrown.code === 'EISDIR',
    )
  })
})
