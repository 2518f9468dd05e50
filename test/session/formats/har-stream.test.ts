import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { openRecording } from '../../../src/session/open-recording.ts'
import type { OpenOptions } from '../../../src/session/recording-file.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { seededRandom } from '../../support/splits.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'

const STARTED = '2026-11-30T18:00:00.000Z'
const START = Date.parse(STARTED) / 1000

function entry(url: string, lists: string, body = ''): string {
  const text = body === '' ? '' : `,"text":${body}`
  return `{"_initiator":${'['.repeat(100_000)}"]"${']'.repeat(100_000)},${lists}
    "response" : {"content":{"mimeType":"application/json"${text}},"status":200},
    "request":{"url":"${url}","method":"GET"}, "startedDateTime":"${STARTED}"}`
}

async function read(entries: readonly string[], options: OpenOptions = {}) {
  const file = path.join(tempDir(), 'in.har')
  writeFileSync(file, `\ufeff{"log":{"entries":[\n${entries.join(',\n')}\n]}}\n`)
  const recording = await openRecording(file, options)
  const events: RealtimeEvent[] = []
  for await (const batch of recording.events()) events.push(...batch)
  return { events, problems: recording.problems }
}

const textOf = (event: RealtimeEvent) => ('payload' in event ? Buffer.from(event.payload).toString() : '')

describe('a HAR that is read as a stream', () => {
  afterEach(removeTempDirs)

  it('has all messages of all lists in the order of their times, whatever that of the file (seeded)', async () => {
    const random = seededRandom(4)
    const expected: { time: number; text: string }[] = []
    const entries = Array.from({ length: 80 }, (_, number) => {
      const times = Array.from({ length: 200 }, () => Math.floor(random() * 1000))
      if (number % 2 === 0) times.sort((a, b) => a - b)
      const items = times.map((time, index) => {
        const text = `${number} "${index}" \u00e9 ${'.'.repeat(Math.floor(random() * 2000))}`
        expected.push({ time, text })
        const members = [
          '"type":"receive"',
          `"time":${START + time / 1000}`,
          '"opcode":1',
          `"data" : ${JSON.stringify(text)}`,
          '"of another program":{"data":"]"}',
        ]
        return `{${members.toSorted(() => random() - 0.5).join(' , ')}}`
      })
      return entry(`wss://example.com/${number}`, `"_webSocketMessages":[ ${items.join(',')} ],`)
    })
    const { events, problems } = await read(entries)
    const messages = events.filter(({ type }) => type === 'message')
    assert.equal(messages.length, expected.length)
    // One by one: to describe how two long lists differ takes minutes.
    for (const [index, { time, text }] of expected.toSorted((a, b) => a.time - b.time).entries())
      assert.deepEqual([messages[index]?.time, textOf(messages[index] ?? assert.fail())], [time, text])
    assert.deepEqual(problems, [])
    const times = events.map(({ time }) => time)
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    )
  })

  it('has long bodies as they are, and says which one was too large', async () => {
    const limit = { maxMessageSize: 1024 * 1024 }
    const long = `{"text":"${'\u00e9"\\'.replaceAll(/["\\]/g, '\\$&').repeat(300_000)}"}`
    const endless = 'x'.repeat(12 * 1024 * 1024)
    const bodies = ['[1]', long, endless].map((body) => JSON.stringify(body))
    const entries = bodies.map((body, number) => entry(`https://example.com/${number}`, '', body))
    const { events, problems } = await read(entries, limit)
    const messages = events.filter((event) => event.type === 'message')
    assert.deepEqual(
      [textOf(messages[0] ?? assert.fail()), textOf(messages[1] ?? assert.fail()) === long],
      ['[1]', true],
    )
    assert.deepEqual([messages[2]?.payload.length, messages[2]?.dropped], [0, endless.length + 2])
    assert.match(problems.join('\n'), /^1 value was left out, because a body has at most \d+ MiB/)
  })

  it('can be read again, and side by side', async () => {
    const file = path.join(tempDir(), 'in.har')
    const items = Array.from({ length: 3000 }, (_, n) => `{"type":"send","time":${START + n},"data":"${n}"}`)
    writeFileSync(
      file,
      `{"log":{"entries":[${entry('ws://example.com/', `"_webSocketMessages":[${items.join()}],`)}]}}`,
    )
    const recording = await openRecording(file)
    const [one, other] = [recording.events(), recording.events()].map((events) =>
      events[Symbol.asyncIterator](),
    )
    for (;;) {
      const [first, second] = [await one?.next(), await other?.next()]
      assert.deepEqual(first, second)
      if (first?.done) break
    }
  })
})
