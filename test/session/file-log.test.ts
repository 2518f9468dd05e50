import assert from 'node:assert/strict'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Capture } from '../../src/capture/capture.ts'
import { formatHeader, formatLine } from '../../src/session/line.ts'
import { openIndexed, openRecording } from '../../src/session/open-recording.ts'
import { indexAll, type RecordingFile } from '../../src/session/recording-file.ts'
import { openSession } from '../../src/session/session-reader.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { plain, randomSession } from '../support/random-events.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

const HEADER = formatHeader(new Date('2026-11-23T05:00:00.000Z'), 'test')

function write(lines: readonly string[]): string {
  const path = join(tempDir(), 'a.rtsession')
  writeFileSync(path, [HEADER, ...lines].join('\n'))
  return path
}

function openWhole(path: string): Promise<RecordingFile> {
  return openIndexed(path, { marksChanged: true })
}

/** The events and problems of the whole file. */
async function readAll(path: string) {
  const file = await openSession(path)
  const events: RealtimeEvent[] = []
  for await (const batch of file.batches()) events.push(...batch.events)
  return { events, problems: file.problems.map(({ message }) => message) }
}

function unicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function textOf(event: RealtimeEvent): string {
  return 'payload' in event ? Buffer.from(event.payload).toString() : ''
}

/** Columns with the texts of event names. */
function columnsOf(log: Pick<Capture, 'columns' | 'eventNames'>) {
  const { first, count, eventName, ...columns } = log.columns(0, Number.POSITIVE_INFINITY)
  const plainColumns = Object.entries(columns).map(([name, column]) => [name, Array.from(column)])
  return {
    first,
    count,
    eventNames: Array.from(eventName, (index) => log.eventNames[index]),
    ...Object.fromEntries(plainColumns),
  }
}

async function assertSameAsRead(path: string): Promise<RecordingFile> {
  const file = await openWhole(path)
  const { log } = file
  const { events, problems } = await readAll(path)
  assert.equal(log.count, events.length)
  assert.deepEqual(file.problems, problems)
  const capture = new Capture({ directory: join(tempDir(), 'capture'), clock: { startedAt: log.startedAt } })
  for (const event of events) capture.append(event)
  assert.deepEqual(columnsOf(log), columnsOf(capture))
  for (const [index, event] of events.entries()) {
    assert.deepEqual(plain(log.event(index)), plain(event))
    assert.deepEqual(log.payload(index), capture.payload(index))
    assert.equal(log.isDropped(index), capture.isDropped(index))
  }
  capture.close()
  file.close()
  return file
}

describe('a session file as a log', () => {
  after(removeTempDirs)

  it('has the events and columns that a capture of them has', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const lines = randomSession(seed, 200).map((event) => formatLine(event))
      const { log } = await assertSameAsRead(write([...lines, '']))
      assert.equal(log.count, 200)
    }
  })

  it('reads lines of other programs: other orders of fields, spaces, escapes, CRLF, unknown fields and types', async () => {
    const lines = [
      '{"connection":1,"type":"message","time":1,"direction":"in","text":"a"}',
      '{ "type":"message","connection":1,"time":1.5,"direction":"in","size":1,"text":"a"}',
      '{"type":"message","connection":1,"time":1e1,"direction":"in","size":1,"text":"a"}',
      '{"type":"message","connection":1,"time":2.1234567,"direction":"in","size":1,"text":"a"}',
      '{"type":"message","connection":1,"time":3,"direction":"in","size":2,"event":"a\\u0062","text":"\\u00e9"}',
      '{"type":"message","connection":1,"time":4,"direction":"in","size":1,"text":"a","later":{"x":1}}\r',
      '{"type":"message","connection":70000,"time":5,"direction":"in","size":1,"text":"a"}',
      '{"type":"message","connection":1,"time":6,"direction":"up","size":1,"text":"a"}',
      '{"type":"message","connection":1,"time":7,"direction":"in","size":3,"dropped":true}',
      '{"type":"novel","connection":1,"time":8}',
      '',
      '{"type":"ping","connection":1,"time":9,"direction":"out","size":0,"text":""}',
    ]
    await assertSameAsRead(write([...lines, '']))
    await assertSameAsRead(write(lines))
  })

  it('reports what is wrong with each line', async () => {
    const good = '{"type":"message","connection":1,"time":1,"direction":"in","size":1,"text":"a"}'
    await assertSameAsRead(write([good, 'no event', good, '[]', good, good.slice(0, 40)]))
    const path = write([good, ''])
    appendFileSync(
      path,
      Buffer.concat([Buffer.from(good.slice(0, -3)), Uint8Array.of(0xff), Buffer.from('"}\n')]),
    )
    await assertSameAsRead(path)
  })

  it('reads lines that are longer than a block', async () => {
    const long = (size: number) =>
      formatLine({
        ...{ type: 'message', connection: 1, time: 1, direction: 'in', opcode: 'text' },
        payload: Buffer.alloc(size, 'x'),
      })
    const { log } = await assertSameAsRead(
      write([long(10), long(1_100_000), long(20), long(1_048_400), long(2_200_000)]),
    )
    assert.equal(log.count, 5)
  })

  it('skips a line over the limit', async () => {
    const path = write([formatLine({ type: 'mark', time: 1, text: 'x'.repeat(2_000_000) }), ''])
    const file = await openIndexed(path, { maxMessageSize: 1 })
    assert.equal(file.log.count, 0)
    assert.match(file.problems[0] ?? '', /^Line 2 is longer than \d+ bytes and was skipped\.$/)
    file.close()
  })

  it('reports that a line with a damaged payload was skipped', async () => {
    const good = '{"type":"message","connection":1,"time":1,"direction":"in","size":1,"text":"a"}'
    for (const damaged of ['"\\x"', '"\\u12g4"', '"a"b"', '"\\"', '"\t"'])
      assert.equal((await assertSameAsRead(write([good.replace('"a"', damaged), good, '']))).problemCount, 1)
  })

  it('measures payloads and ignores the size in a line', async () => {
    const texts = [
      '',
      'a',
      'é€😀',
      '"\\\n\u0001',
      'x'.repeat(1000),
      '\ud83d',
      '\ud83dx',
      '\ude00\ud83d\ude00',
    ]
    const lines = texts.flatMap((text) =>
      [JSON.stringify(text), JSON.stringify(text).replaceAll(/[^\x20-\x7e]/g, unicodeEscape)].flatMap(
        (json) =>
          [0, 1, 4_000_000_000].map(
            (size) =>
              `{"type":"message","connection":1,"time":1,"direction":"in","size":${size},"text":${json}}`,
          ),
      ),
    )
    const base64 = ['', 'eA==', 'eHg=', 'eHh4', '@@@@', 'eA', 'e A=', 'eA=='.repeat(2)].map(
      (data) => `{"type":"ping","connection":1,"time":1,"direction":"in","size":7,"base64":"${data}"}`,
    )
    await assertSameAsRead(write([...lines, ...base64, '']))
  })

  it('uses the last of two equal fields, like JSON.parse', async () => {
    const twice =
      '{"type":"message","connection":1,"time":3,"direction":"in","size":1,"text":"a","connection":7,"text":"b"}'
    const { log } = await assertSameAsRead(write([twice, '']))
    assert.equal(log.row(0).connection, 7)
  })

  it('reads an event without the skipped lines after it', async () => {
    const small = '{"type":"message","connection":1,"time":1,"direction":"in","size":1,"text":"a"}'
    const path = write([small, 'no event'.repeat(8000), small, ''])
    const junk = Buffer.alloc(1024 * 1024, `${'x'.repeat(65_535)}\n`)
    for (let megabytes = 0; megabytes < 48; megabytes++) appendFileSync(path, junk)
    appendFileSync(path, `${small}\n`)
    const file = await openWhole(path)
    const { log } = file
    assert.equal(log.count, 3)
    const before = process.memoryUsage().arrayBuffers
    for (let index = 0; index < 3; index++) assert.equal(textOf(log.event(index)), 'a')
    const read = process.memoryUsage().arrayBuffers - before
    file.close()
    assert.ok(read < 4 * 1024 * 1024, `${read} bytes were read`)
  })

  it('shows a line that was damaged after it was indexed as a mark', async () => {
    const good = '{"type":"message","connection":1,"time":1,"direction":"in","size":1,"text":"a"}'
    const path = write([good, good, ''])
    const file = await openWhole(path)
    const { log } = file
    writeFileSync(path, readFileSync(path, 'utf8').replace('"a"}', '"a",'))
    assert.equal(log.count, 2)
    assert.match(String((log.event(0) as { text?: string }).text), /message .*cannot be read/)
    assert.equal(log.payload(0), undefined)
    file.close()
  })

  it('has the first events before the whole file is read, and stops when it is closed', async () => {
    const line = formatLine({
      ...{ type: 'message', connection: 1, time: 1, direction: 'in', opcode: 'text' },
      payload: Buffer.from('x'.repeat(100)),
    })
    const path = write(Array(100_000).fill(line))
    const file = await openRecording(path)
    await file.indexNext()
    const { log } = file
    const { count } = log
    assert.ok(count > 0 && count < 50_000, `${count}`)
    assert.equal(Buffer.from(log.payload(0) ?? []).length, 100)
    const indexed = indexAll(file)
    file.close()
    await indexed
    assert.ok(log.count < 100_000, `${log.count}`)
    assert.ok(file.position < readFileSync(path).length)
  })

  it('refuses a file that is not a session', async () => {
    const path = join(tempDir(), 'b.rtsession')
    writeFileSync(path, 'hello\n')
    await assert.rejects(openRecording(path), { code: 'NOT_A_SESSION' })
  })
})
