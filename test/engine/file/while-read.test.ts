import assert from 'node:assert/strict'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Capture } from '../../../src/capture/capture.ts'
import { FileEngine } from '../../../src/engine/file/file-engine.ts'
import { formatLine } from '../../../src/session/line.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { tempDir } from '../../support/temp-dir.ts'
import {
  beginning,
  fileOf,
  HEADER,
  message,
  OpenedFile,
  Reader,
  SETTINGS,
  short,
  write,
} from './opened-file.ts'

describe('a recording in the engine, while it is read', () => {
  const file = new OpenedFile()

  it('shows its first rows before the file has been read, and how much has been read', async () => {
    const long = Array.from({ length: 40_000 }, (_, i) => message(i, 'x'.repeat(100)))
    await file.open(fileOf(long))
    await file.reader.until(() => file.reader.deltas.length > 0)
    const [first] = file.reader.deltas
    assert.ok(first !== undefined && first.columns.count > 0)
    const { loading } = first.status.file ?? {}
    assert.ok(loading !== undefined, 'all of it had been read')
    assert.ok(loading.bytes > 0 && loading.bytes < loading.of, JSON.stringify(loading))
    await file.shown(40_000)
    await file.whole()
    assert.equal(file.reader.times[39_999], 39_999)
  })

  it('is read completely for a copy that is served or compared, and for commands, even if they are requested early', async () => {
    const long = Array.from({ length: 40_000 }, (_, i) => message(i + 10, 'x'.repeat(100)))
    const last: RealtimeEvent = {
      ...{ type: 'message', connection: 1, time: 50_000, direction: 'out', opcode: 'text' },
      payload: Buffer.from('good-bye'),
    }
    const { handlers } = await file.open(fileOf([...beginning, ...long, last]), false)
    assert.ok(file.status().file?.loading !== undefined, 'all of it had been read')
    const path = join(tempDir(), 'copy.rtsession')
    const [{ events }, { text, masked }] = await Promise.all([
      handlers.save({ path, reveal: [], aside: true }),
      handlers.sessionCommands({ reveal: false }),
    ])
    assert.equal(events, 40_003)
    assert.match(text, /^: \| websocat .*--preamble='good-bye'.*'ws:\/\/h\/feed\?token=\*\*\*'/ms)
    assert.deepEqual(masked, ['token'])
  })

  it('reports the connections as they were at the end, with secrets masked', async () => {
    await file.open(fileOf(short))
    await file.whole()
    const { connections, at, pace, unsaved } = file.status()
    assert.deepEqual({ at, pace, unsaved }, { at: 1100, pace: 0, unsaved: 0 })
    const [connection] = connections
    assert.equal(connection?.state, 'closed')
    assert.equal(connection?.messagesIn, 10)
    assert.equal(connection?.rate, 0)
    assert.doesNotMatch(connection?.url ?? '', /hush/)
  })

  it('skips an incomplete last line and a line that is not an event, and says so', async () => {
    const lines = [HEADER, ...short.map((event) => formatLine(event)), 'no event', '{"type":"mess']
    await file.open(write(lines.join('\n')))
    await file.whole()
    await file.shown(short.length)
    const { problems, problemCount, failure } = file.status().file ?? {}
    assert.equal(problemCount, 2)
    assert.match(problems?.[0] ?? '', /^Line 15 is not an event and was skipped\.$/)
    assert.match(problems?.[1] ?? '', /^The last line \(16\) is cut short/)
    assert.equal(failure, undefined)
    const { notices = [] } = (await file.engine?.handlers.status(null)) ?? {}
    assert.deepEqual(
      notices.map(({ rule, message }) => [rule, message]),
      [['file-problems', problems?.join(' ')]],
    )
  })

  it('gives the rules its events, and only those that have been played', async () => {
    const gap: RealtimeEvent = { type: 'gap', connection: 1, time: 1050, missed: 3 }
    await file.open(fileOf([...short, gap]))
    await file.whole()
    const isFound = async () => {
      const { findings = [] } = (await file.engine?.handlers.findings(null)) ?? {}
      return findings.some(({ rule }) => rule === 'resume-ignored')
    }
    while (!(await isFound())) await new Promise((resolve) => setTimeout(resolve, 10))
    await file.engine?.handlers.replay({ do: 'seek', time: 5 })
    assert.equal(await isFound(), false)
  })

  it('keeps fields and types that it does not know', async () => {
    await file.open(write(`${HEADER}\n{"type":"novel","connection":1,"time":3,"depth":4}\n`))
    await file.whole()
    assert.equal(file.status().events, 1)
    const { fields } = await (file.engine as FileEngine).handlers.detail({ index: 0, maxBytes: 10 })
    assert.deepEqual(fields.extra, { type: 'novel', connection: 1, time: 3, depth: 4 })
  })

  const refused: readonly [string, string, RegExp][] = [
    ['a newer version', HEADER.replace('"version":1', '"version":99'), /format version 99.*Update/],
    ['another kind of file', 'hello\n', /^This file is not a Realtime Inspector session/],
    ['an empty file', '', /^This file is not a Realtime Inspector session/],
  ]
  for (const [name, text, sentence] of refused)
    it(`describes ${name} in one sentence`, async () => {
      await file.open(write(text))
      await file.whole()
      assert.match(file.status().file?.failure ?? '', sentence)
      assert.equal(file.status().events, 0)
      await assert.rejects(file.replay({ do: 'play' }), { code: 'NO_EVENTS' })
      await assert.rejects(async () => await file.engine?.handlers.sessionCommands({ reveal: false }), {
        message: sentence,
      })
      const path = join(tempDir(), 'copy.rtsession')
      await assert.rejects(async () => await file.engine?.handlers.save({ path, reveal: [], aside: true }), {
        message: sentence,
      })
    })

  it('says that a file does not exist', async () => {
    await file.open(join(tempDir(), 'none.rtsession'))
    await file.whole()
    assert.match(file.status().file?.failure ?? '', /^There is no file .*none\.rtsession; check the name\.$/)
  })

  it('reads a HAR', async () => {
    const entry = {
      startedDateTime: '2026-11-23T05:00:00.000Z',
      time: 50,
      request: { method: 'GET', url: 'wss://h/feed', httpVersion: 'HTTP/1.1', headers: [] },
      response: {
        status: 101,
        statusText: '',
        httpVersion: 'HTTP/1.1',
        headers: [],
        content: { mimeType: '' },
      },
      timings: { send: 0, wait: 10, receive: 0 },
      _resourceType: 'websocket',
      _webSocketMessages: [
        { type: 'send', time: 1795410000.02, opcode: 1, data: 'hello' },
        { type: 'receive', time: 1795410000.03, opcode: 1, data: 'world' },
      ],
    }
    const log = { version: '1.2', creator: { name: 'WebInspector', version: '537' }, entries: [entry] }
    await file.open(write(JSON.stringify({ log }), 'a.har'))
    await file.whole()
    await file.reader.until(() => file.reader.times.length === file.status().events)
    assert.deepEqual(
      (await (file.engine as FileEngine).handlers.previews({ indexes: [2, 3] })).map(({ text }) => text),
      ['hello', 'world'],
    )
    assert.equal(file.status().connections[0]?.messagesOut, 1)
    await file.engine?.handlers.shutdown(null)
    assert.ok(!existsSync(file.directory))
  })

  it('removes captures that ended processes left next to it', async () => {
    const parent = tempDir()
    const left = join(parent, 'left')
    const capture = new Capture({ directory: left, clock: { startedAt: new Date() } })
    capture.close({ keep: true })
    const head = JSON.parse('{"version":1,"startedAt":"2026-11-23T05:00:00.000Z","pid":999999999}')
    writeFileSync(join(left, 'session.json'), JSON.stringify(head))
    mkdirSync(join(parent, 'other'))
    file.reader = new Reader()
    file.engine = await FileEngine.open({
      ...{
        file: fileOf(short),
        directory: join(parent, 'mine'),
        settings: SETTINGS,
        notify: file.reader.notify,
      },
    })
    assert.ok(!existsSync(left))
    assert.ok(existsSync(join(parent, 'other')))
  })

  it('rejects calls that need a live session', async () => {
    const { handlers } = await file.open(fileOf(short))
    for (const call of [
      () => handlers.connect({ spec: { url: 'ws://h/' } }),
      () => handlers.clear(null),
      () => handlers.mark({ text: 'x' }),
    ])
      await assert.rejects(async () => call(), { code: 'READ_ONLY', message: /recording/ })
  })

  it('searches, counts and saves like a live session', async () => {
    const { handlers } = await file.open(fileOf(short))
    await file.whole()
    await file.shown(short.length)
    assert.equal(await handlers.filter({ text: 'm3', generation: 1 }), null)
    await file.reader.until(() => file.reader.matches.length === 1)
    assert.deepEqual(file.reader.matches, [5])
    const part = { generation: null, range: null, connection: 1, hidden: [], end: short.length }
    assert.equal((await handlers.statistics(part))?.messages, 10)
    const path = join(tempDir(), 'copy.rtsession')
    const { events, masked } = await handlers.save({ path, reveal: [] })
    assert.equal(events, short.length)
    assert.deepEqual(masked, ['token'])
  })
})
