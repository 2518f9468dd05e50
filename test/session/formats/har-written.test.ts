import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { openRecording } from '../../../src/session/open-recording.ts'
import { writeRecording } from '../../../src/session/write-recording.ts'
import { seededRandom } from '../../support/splits.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'

const STARTED = '2026-11-30T18:00:00.000Z'
const START = Date.parse(STARTED) / 1000
/** JSON strings, of which the first four are as `JSON.stringify` writes them. */
const TEXTS = [
  '""',
  '"{\\"a\\":\\"\\\\n\\"}"',
  '"grüße 𝄞\u2028\u007f"',
  '"\\b\\f\\n\\r\\t"',
  '"\\/"',
  '"\\u0000\\u001F"',
  '"\\ud834\\udd1e\\ud800"',
  '"AAE="',
  '"\xff in Latin-1"',
]
/** Of less and of more bytes than are written in one piece. */
const LONG = [30_000, 50_000].map((times) => `"${'long '.repeat(times)}"`)

describe('the lines of a session file that a HAR has', () => {
  afterEach(removeTempDirs)

  it('are those of its events, whatever its lists and their order (seeded)', async () => {
    const random = seededRandom(9)
    const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)]
    const item = (time: number, isSse: boolean) => {
      const members = [
        `"time":${START + time / 1000}`,
        `"data":${pick(random() < 0.01 ? LONG : TEXTS)}`,
        ...(isSse
          ? []
          : [`"type":"${pick(['send', 'receive', 'error'])}"`, `"opcode":${pick([1, 1, 1, 2, 9])}`]),
        ...(isSse ? [`"eventName":"${pick(['', 'tick', 'tück'])}"`, `"eventId":"${pick(['', '7'])}"`] : []),
        ...(random() < 0.5 ? ['"_wireSize":12'] : []),
        ...(random() < 0.1 ? ['"_dropped":3'] : []),
        ...(random() < 0.1 ? ['"other":[1]'] : []),
      ]
      return `{${members.toSorted(() => random() - 0.5).join()}}`
    }
    // More lists in no order than are read side by side.
    const entries = Array.from({ length: 80 }, (_, number) => {
      const isSse = number % 3 === 0
      const times = Array.from({ length: 40 }, () => Math.floor(random() * 1000))
      if (number % 2 === 0) times.sort((a, b) => a - b)
      const list = isSse ? '_eventSourceMessages' : '_webSocketMessages'
      const url = `${isSse ? 'http' : 'ws'}://example.com/${number}`
      return `{"startedDateTime":"${STARTED}","request":{"url":"${url}","method":"GET"},"${list}":[${times.map((time) => item(time, isSse)).join()}],
        "response":{"status":${isSse ? 200 : 101},"content":{"mimeType":"text/event-stream"}}}`
    })
    const folder = tempDir()
    const har = path.join(folder, 'in.har')
    // Latin-1 is not UTF-8, unless its bytes are.
    const json = `{"log":{"entries":[${entries.join()}]}}`
    const parts = json.split('\xff in Latin-1').map((part) => Buffer.from(part))
    const bytes = parts.flatMap((part, n) =>
      n === 0 ? [part] : [Buffer.from('\xff in Latin-1', 'latin1'), part],
    )
    writeFileSync(har, Buffer.concat(bytes))

    const recording = await openRecording(har)
    const { startedAt, generator = '' } = recording
    const read = { startedAt, generator, events: () => recording.events() }
    const [copied, made] = [path.join(folder, 'copied.rtsession'), path.join(folder, 'made.rtsession')]
    const saved = await writeRecording(recording, copied)
    assert.deepEqual(saved, await writeRecording(read, made))
    assert.ok(saved.withoutPayload !== undefined && saved.withoutPayload > 0)
    assert.ok(readFileSync(copied).equals(readFileSync(made)))

    let lines = 0
    for await (const batch of recording.written?.() ?? [])
      for (const part of batch) if ('lines' in part) lines += part.count
    assert.ok(lines > saved.events / 10, `${lines} of ${saved.events} lines`)
  })

  it('are read again for the next writer, and can be canceled', async () => {
    const har = path.join(tempDir(), 'in.har')
    const items = Array.from({ length: 3000 }, (_, n) => `{"type":"send","time":${START + n},"data":"${n}"}`)
    const request = '"request":{"url":"ws://example.com/","method":"GET"},"response":{"status":101}'
    writeFileSync(
      har,
      `{"log":{"entries":[{"startedDateTime":"${STARTED}",${request},"_webSocketMessages":[${items.join()}]}]}}`,
    )
    const recording = await openRecording(har)
    const control = new AbortController()
    const counts: number[] = []
    const canceled = async () => {
      const options = { signal: control.signal, onProgress: (count: number) => counts.push(count) }
      for await (const _ of recording.written?.(options) ?? []) if (counts.length > 0) control.abort()
    }
    await assert.rejects(canceled, { code: 'CANCELLED' })
    assert.deepEqual(counts, [1000, 2000])
    const { events } = await writeRecording(recording, path.join(tempDir(), 'out.rtsession'))
    assert.equal(events, 3002)
  })
})
