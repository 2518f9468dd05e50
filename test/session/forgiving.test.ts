/** Session files of other programs and people. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { formatLine } from '../../src/session/line.ts'
import { openIndexed, openRecording } from '../../src/session/open-recording.ts'
import { parseLine } from '../../src/session/parse-line.ts'
import { reportRecording } from '../../src/session/report-recording.ts'
import { EVENT_TYPES, type RealtimeEvent } from '../../src/shared/event.ts'
import { plain } from '../support/random-events.ts'
import { serve, stopServing } from '../support/served.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

const HEADER = '{"type":"session","version":1,"startedAt":"2026-11-23T05:00:00.000Z"}'

type Fields = Readonly<Record<string, unknown>>

/** The events of the file. Asserts that they are the same streamed and indexed. */
async function readEverywhere(lines: readonly Fields[]) {
  const path = join(tempDir(), 'a.rtsession')
  writeFileSync(path, [HEADER, ...lines.map((line) => JSON.stringify(line)), ''].join('\n'))
  const recording = await openRecording(path)
  const streamed: RealtimeEvent[] = []
  for await (const events of recording.events()) streamed.push(...events)
  const indexed = await openIndexed(path)
  for (const [index, event] of streamed.entries())
    assert.deepEqual(plain(indexed.log.event(index)), plain(event))
  assert.equal(indexed.log.count, streamed.length)
  assert.deepEqual(indexed.problems, recording.problems)
  indexed.close()
  return { path, events: streamed, problems: recording.problems }
}

describe('a session file of another program', () => {
  afterEach(async () => {
    await stopServing()
    removeTempDirs()
  })

  for (const type of EVENT_TYPES)
    it(`is read with a "${type}" that only has a type, time and connection`, async () => {
      const least = type === 'mark' ? { type, time: 3 } : { type, connection: 2, time: 3 }
      const { events, problems } = await readEverywhere([least])
      assert.equal(events[0]?.type, type)
      assert.equal(events[0].time, 3)
      assert.deepEqual(problems, [])
      // When written, it has all required fields, and is read back as the same event.
      const again = parseLine(formatLine(events[0]))
      assert.deepEqual(again && plain(again), plain(events[0]))
    })

  it('keeps fields with invalid values, and writes them back unchanged', async () => {
    const lines = [
      {
        type: 'connect',
        connection: 1,
        time: 0,
        transport: 'ws',
        url: 'ws://h/',
        attempt: 'first',
        headers: null,
      },
      {
        type: 'open',
        connection: 1,
        time: 1,
        status: '101',
        headers: { a: 5 },
        httpVersion: 1.1,
        timing: { dns: -1 },
      },
      { type: 'message', connection: 1, time: 2, direction: 'in', frames: -1, opcode: 1, text: 'x' },
      { type: 'response', connection: 1, time: 3, status: null, held: 1e300, empty: 0 },
      { type: 'close', connection: 1, time: 4, by: 'peer', code: -1 },
      { type: 'reconnect', connection: 1, time: 5, delay: -1, attempt: 1.5 },
      { type: 'error', connection: 1, time: 6, message: { text: 'x' } },
    ]
    const { events, problems } = await readEverywhere(lines)
    assert.deepEqual(
      events.map(({ type }) => type),
      lines.map(({ type }) => type),
    )
    assert.deepEqual(problems, [])
    for (const [index, event] of events.entries()) {
      const written = formatLine(event)
      assert.deepEqual({ ...JSON.parse(written), ...lines[index] }, JSON.parse(written), written)
      assert.equal(JSON.stringify(JSON.parse(written)), written)
    }
  })

  it('reports in one sentence how many lines are used as notes only, and what the first of them lacks', async () => {
    const message = { type: 'message', connection: 1, time: 1, text: 'x' }
    const { events, problems } = await readEverywhere([
      message,
      { ...message, connection: 0 },
      { ...message, time: 1e300 },
      { ...message, direction: 'sent' },
      { ...message, text: { a: 1 } },
      { type: 'novel', connection: 1, time: 2 },
    ])
    assert.deepEqual(
      events.map(({ type }) => type),
      ['message', 'mark', 'mark', 'mark', 'mark', 'mark'],
    )
    assert.deepEqual(problems, [
      '4 lines are used as notes only, because a field that they need cannot be read: the first is line 3, "message", with its "connection".',
      'Line 7 is used as a note only: this version does not know events of the type "novel".',
    ])
  })

  it('is reported with all its messages if its open is empty', async () => {
    const { path } = await readEverywhere([
      { type: 'connect', connection: 1, time: 0, url: 'ws://h/' },
      { type: 'open', connection: 1, time: 1 },
      { type: 'message', connection: 1, time: 2, text: 'hello' },
    ])
    const { connections } = await reportRecording(await openRecording(path))
    assert.deepEqual(
      connections.map((each) => [each.transport, each.in.messages, each.events.open]),
      [['websocket', 1, 1]],
    )
  })

  it('is served with all its messages if its open is empty or missing', async () => {
    const connect = { type: 'connect', connection: 1, time: 0, url: 'ws://h/' }
    const hello = { type: 'message', connection: 1, time: 2, text: 'hello' }
    for (const lines of [
      [connect, { type: 'open', connection: 1, time: 1 }, hello],
      [connect, hello],
    ]) {
      const { events } = await readEverywhere(lines)
      const served = await serve(events)
      const client = new WebSocket(served.url)
      const [data] = await once(client, 'message')
      assert.equal(String(data), 'hello')
      client.terminate()
    }
  })

  it('has a placeholder for values that are nested too deeply', async () => {
    const depth = 50_000
    const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`
    const line = `{"type":"message","connection":1,"time":1,"direction":"in","x":${deep},"text":"a"}`
    const event = parseLine(line)
    assert.ok(event?.type === 'message')
    assert.equal(Buffer.from(event.payload).toString(), 'a')
    assert.match(formatLine(event), /"x":"\(nested too deeply to be kept\)"/)
    const strange = parseLine(`{"type":"strange","x":${deep}}`)
    assert.ok(strange !== undefined)
    assert.equal(formatLine(strange), '{"type":"strange","x":"(nested too deeply to be kept)"}')
  })
})
