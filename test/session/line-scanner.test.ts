/** Lines that are read by their bytes, against parsing each of them. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatHeader, formatLine } from '../../src/session/line.ts'
import { openIndexed, openRecording } from '../../src/session/open-recording.ts'
import { parseLine } from '../../src/session/parse-line.ts'
import { openSession } from '../../src/session/session-reader.ts'
import { writeRecording } from '../../src/session/write-recording.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { randomSession } from '../support/random-events.ts'
import { seededRandom } from '../support/splits.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

const HEADER = formatHeader(new Date('2026-11-23T05:00:00.000Z'), 'test')
const MESSAGE = '{"type":"message","connection":1,"time":1.5,"direction":"in","size":1,'

/** Lines of messages that can be read, most of which would be written in another way. */
const ODD = [
  ...[
    '"a"',
    '"\\u0041"',
    '"\\/"',
    '"\\n"',
    '"\\u000a"',
    '"\\u001f"',
    '"\\u001F"',
    '"\\u0000"',
    '"\\b\\f\\r\\t"',
  ],
  ...[
    '"\\"\\\\"',
    '"\\ud83d\\ude00"',
    '"😀"',
    '"\\ud83d"',
    '"\\ude00\\ud83d"',
    '"\\ud83d\\n"',
    '"é€"',
    '"\\u00e9\\u20ac"',
  ],
  ...[
    '"\u007f\u2028\ufeff"',
    '""',
    `"${'long \\"é\\" '.repeat(100)}"`,
    `"${'plain '.repeat(100)}"`,
    '"\\u007F"',
  ],
]
  .map((text) => `${MESSAGE}"text":${text}}`)
  .concat(
    ...['"gA=="', '"gB=="', '"gIA="', '"gIB="', '"gICA"', '"QQ=="', '""', '"gA"'].map(
      (base64) => `${MESSAGE}"base64":${base64}}`,
    ),
    ...[
      '1',
      '1.0',
      '1.50',
      '0.001',
      '1.0001',
      '-1',
      '1e3',
      '999999999999999',
      '9007199254741.5',
      '8999999999999.999',
    ].map((time) => `{"type":"ping","connection":2,"time":${time},"direction":"out","size":2,"text":"ab"}`),
    ...['0', '7', '4294967294', '4294967295', '9007199254740993'].flatMap((size) => [
      `{"type":"comment","connection":3,"time":1,"size":${size},"dropped":true}`,
      `{"type":"pong","connection":3,"time":1,"direction":"in","size":2,"wireSize":${size},"text":"ab"}`,
    ]),
    ...[
      '"opcode":"binary","frames":0',
      '"frames":65535',
      '"frames":65536',
      '"compressed":true',
      '"event":"é","id":"7"',
    ].map((fields) => `${MESSAGE}${fields},"text":"a"}`),
    ...[
      '"id":"","sameId":true',
      '"sameId":false',
      '"framing":"lines","truncated":true',
      '"event":"\\"","id":"a"',
    ].map((fields) => `${MESSAGE}${fields},"text":"a"}`),
    '{"type":"message","connection":1,"time":2,"direction":"out","size":1,"automatic":"rule","text":"a"}',
    '{"type":"message","connection":1,"time":2,"direction":"out","size":1,"text":"a","size":5}',
    '{"type":"message","connection":1,"time":2,"direction":"in","size":1,"text":"a"} ',
    '{"type":"mark","time":3,"text":"a mark"}',
    'no event',
    '',
  )

/** The line that comes after one like it: most of its head is the same. */
function next(line: string, random: () => number): string {
  const changes: readonly (readonly [RegExp, string])[] = [
    [/"time":[^,]*/, `"time":${Math.floor(random() * 1e6) / 1000}`],
    [/"size":[^,]*/, `"size":${Math.floor(random() * 100)}`],
    [/"connection":\d*/, `"connection":${1 + Math.floor(random() * 30)}`],
    [/"direction":"in"/, '"direction":"out"'],
    [/"direction":"out"/, '"direction":"in"'],
    [/"type":"message"/, '"type":"ping"'],
    [/"opcode":"text"/, '"opcode":"binary"'],
    [/"text":"/, '"text":"\\"'],
    [/,"text":/, ',"base64":'],
  ]
  const [what, by] = changes[Math.floor(random() * changes.length)] ?? ['', '']
  return line.replace(what, by)
}

/** The same lines in a random order, each with some that are like it, some of them with another end. */
function session(seed: number): string {
  const random = seededRandom(seed)
  const lines = [...ODD, ...ODD, ...randomSession(seed, 500).map(formatLine)]
    .map((line) => ({ line, rank: random() }))
    .sort((one, other) => one.rank - other.rank)
    .flatMap(({ line }) => {
      const like = [line]
      while (random() < 0.8) like.push(next(like.at(-1) ?? '', random))
      return like.map((each) => ({ line: each }))
    })
  return `${HEADER}\n${lines.map(({ line }) => line + (random() < 0.1 ? '\r\n' : '\n')).join('')}`
}

function parsed(content: string): RealtimeEvent[] {
  const events: RealtimeEvent[] = []
  for (const line of content.split('\n').slice(1)) {
    const event = parseLine(line.replace(/\r$/, ''), events.at(-1)?.time)
    if (event !== undefined) events.push(event)
  }
  return events
}

async function read(path: string): Promise<RealtimeEvent[]> {
  const events: RealtimeEvent[] = []
  for await (const batch of (await openSession(path)).batches()) events.push(...batch.events)
  return events
}

/** Fields in their order, since reports and files show them in it. */
const comparable = (event: RealtimeEvent) => [
  Object.keys(event).join(),
  'payload' in event ? { ...event, payload: Buffer.from(event.payload).toString('latin1') } : event,
]

describe('the lines of a session file', () => {
  let path: string
  beforeEach(() => {
    path = join(tempDir(), 'a.rtsession')
  })
  afterEach(removeTempDirs)

  for (const seed of [1, 2, 3]) {
    it(`are read by their bytes as they are by parsing them (seed ${seed})`, async () => {
      const content = session(seed)
      writeFileSync(path, content)
      const events = (await read(path)).map(comparable)
      for (const [at, event] of parsed(content).map(comparable).entries()) assert.deepEqual(events[at], event)
      assert.equal(events.length, parsed(content).length)
    })

    it(`are copied only if they would be written with the same bytes (seed ${seed})`, async () => {
      const content = session(seed)
      writeFileSync(path, content)
      const [copy, written] = ['copy', 'written'].map((name) => join(tempDir(), `${name}.rtsession`)) as [
        string,
        string,
      ]
      const saved = await writeRecording(await openRecording(path), copy)
      const recording = await openRecording(path)
      const { startedAt, dropped } = recording
      const events = () => recording.events()
      const expected = await writeRecording({ startedAt, dropped, events }, written)
      const linesOf = (file: string) => readFileSync(file, 'utf8').split('\n')
      const copied = linesOf(copy)
      for (const [at, line] of linesOf(written).entries()) assert.equal(copied[at], line)
      assert.deepEqual(readFileSync(copy), readFileSync(written))
      assert.deepEqual(saved, expected)
    })
  }

  it('are copied one by one only if they would be written with the same bytes', async () => {
    writeFileSync(path, session(4))
    const { log, close } = await openIndexed(path).then((file) => ({
      log: file.log,
      close: () => file.close(),
    }))
    let copied = 0
    for (let index = 0; index < log.count; index++) {
      const line = log.writtenLine?.(index)
      if (line === undefined) continue
      copied++
      assert.equal(Buffer.from(line).toString(), `${formatLine(log.event(index))}\n`)
    }
    close()
    assert.ok(copied > 50 && copied < log.count, `${copied} of ${log.count} lines were copied`)
  })

  it('can be cut off or not be UTF-8 at the end of a file that is copied', async () => {
    const whole = `${HEADER}\n${MESSAGE}"text":"a"}\n`
    writeFileSync(
      path,
      Buffer.concat([Buffer.from(`${whole}${MESSAGE}"text":"`), Buffer.from([0x80]), Buffer.from('"}')]),
    )
    const copy = join(tempDir(), 'copy.rtsession')
    assert.equal((await writeRecording(await openRecording(path), copy)).events, 2)
    const [, first, second] = readFileSync(copy, 'utf8').split('\n')
    assert.equal(first, `${MESSAGE}"text":"a"}`)
    assert.match(second ?? '', /"text":"\ufffd"\}$/)
  })
})
