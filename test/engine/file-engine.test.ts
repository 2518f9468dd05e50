/** A recording in the engine: what it shows while it is read, and while it is played. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Capture } from '../../src/capture/capture.ts'
import { FileEngine } from '../../src/engine/file/file-engine.ts'
import { formatHeader, formatLine } from '../../src/session/line.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import type { EngineNotifications } from '../../src/shared/protocol/notifications.ts'
import type { Delta, ReplayCommand } from '../../src/shared/protocol.ts'
import { FakeTimers } from '../support/fake-timers.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

const SETTINGS = { memoryLimit: 1 << 20, spoolLimit: 1 << 26, maxEvents: 100_000, maxMessageSize: 1 << 20 }
const HEADER = formatHeader(new Date('2026-11-23T05:00:00.000Z'), 'test')

/** Applies deltas as the page does: appends events, or removes them on a rewind. */
class Reader {
  times: number[] = []
  matches: number[] = []
  readonly deltas: Delta[] = []
  rewinds: number[] = []
  engine: FileEngine | undefined
  #changed = () => {}

  notify = <K extends keyof EngineNotifications & string>(name: K, data: EngineNotifications[K]) => {
    if (name === 'delta') this.#take(data as Delta)
    if (name === 'rewind') {
      const { count } = data as EngineNotifications['rewind']
      this.times.length = count
      this.rewinds.push(count)
    }
    this.#changed()
  }

  #take(delta: Delta): void {
    const { columns, matches } = delta
    this.deltas.push(delta)
    if (columns.count > 0) assert.equal(columns.first, this.times.length)
    this.times.push(...columns.time)
    if (matches !== undefined) {
      this.matches.length = matches.first
      this.matches.push(...matches.indexes)
    }
    setImmediate(() => this.engine?.acknowledge())
  }

  /** Waits for the condition, which is checked on every notification of the engine. */
  async until(condition: () => boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#changed = () => condition() && resolve()
      this.#changed()
    })
  }
}

const message = (time: number, text: string): RealtimeEvent => ({
  ...{ type: 'message', connection: 1, time, direction: 'in', opcode: 'text' },
  payload: Buffer.from(text),
})

const beginning: readonly RealtimeEvent[] = [
  {
    type: 'connect',
    connection: 1,
    time: 0,
    transport: 'websocket',
    url: 'ws://h/feed?token=hush',
    attempt: 0,
  },
  {
    ...{ type: 'open', connection: 1, time: 10, transport: 'websocket', status: 101, headers: {} },
    httpVersion: '1.1',
  },
]

/** Opened at 10 ms, a message every 100 ms from 100 ms on, closed at 1100 ms. */
const short: readonly RealtimeEvent[] = [
  ...beginning,
  ...Array.from({ length: 10 }, (_, i) => message(100 * (i + 1), `m${i}`)),
  { type: 'close', connection: 1, time: 1100, code: 1000, by: 'server' },
]

function write(text: string, name = 'a.rtsession'): string {
  const path = join(tempDir(), name)
  writeFileSync(path, text)
  return path
}

const fileOf = (events: readonly RealtimeEvent[]) =>
  write(`${[HEADER, ...events.map((event) => formatLine(event))].join('\n')}\n`)

describe('a recording in the engine', () => {
  let engine: FileEngine | undefined
  let reader: Reader
  let timers: FakeTimers
  let directory: string

  async function open(file: string, subscribe = true): Promise<FileEngine> {
    reader = new Reader()
    timers = new FakeTimers()
    directory = join(tempDir(), 'spool')
    engine = await FileEngine.open({ file, directory, settings: SETTINGS, notify: reader.notify, timers })
    reader.engine = engine
    if (subscribe) await engine.handlers.subscribe({ from: 0, fromEventName: 0 })
    return engine
  }

  const status = () => {
    assert.ok(engine)
    return engine.status()
  }
  const whole = () => reader.until(() => status().file?.loading === undefined)
  const shown = (count: number) =>
    reader.until(() => status().events === count && reader.times.length === count)
  const replay = async (command: ReplayCommand) => {
    await engine?.handlers.replay(command)
  }

  afterEach(async () => {
    await engine?.handlers.shutdown(null)
    engine = undefined
  })
  after(removeTempDirs)

  describe('while it is read', () => {
    it('shows its first rows before the file has been read, and how much has been read', async () => {
      const long = Array.from({ length: 40_000 }, (_, i) => message(i, 'x'.repeat(100)))
      await open(fileOf(long))
      await reader.until(() => reader.deltas.length > 0)
      const [first] = reader.deltas
      assert.ok(first !== undefined && first.columns.count > 0)
      const { loading } = first.status.file ?? {}
      assert.ok(loading !== undefined, 'all of it had been read')
      assert.ok(loading.bytes > 0 && loading.bytes < loading.of, JSON.stringify(loading))
      await shown(40_000)
      await whole()
      assert.equal(reader.times[39_999], 39_999)
    })

    it('is read completely for a copy that is served or compared, and for commands, even if they are requested early', async () => {
      const long = Array.from({ length: 40_000 }, (_, i) => message(i + 10, 'x'.repeat(100)))
      const last: RealtimeEvent = {
        ...{ type: 'message', connection: 1, time: 50_000, direction: 'out', opcode: 'text' },
        payload: Buffer.from('good-bye'),
      }
      const { handlers } = await open(fileOf([...beginning, ...long, last]), false)
      assert.ok(status().file?.loading !== undefined, 'all of it had been read')
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
      await open(fileOf(short))
      await whole()
      const { connections, at, pace, unsaved } = status()
      assert.deepEqual({ at, pace, unsaved }, { at: 1100, pace: 0, unsaved: 0 })
      const [connection] = connections
      assert.equal(connection?.state, 'closed')
      assert.equal(connection?.messagesIn, 10)
      assert.equal(connection?.rate, 0)
      assert.doesNotMatch(connection?.url ?? '', /hush/)
    })

    it('skips an incomplete last line and a line that is not an event, and says so', async () => {
      const lines = [HEADER, ...short.map((event) => formatLine(event)), 'no event', '{"type":"mess']
      await open(write(lines.join('\n')))
      await whole()
      await shown(short.length)
      const { problems, problemCount, failure } = status().file ?? {}
      assert.equal(problemCount, 2)
      assert.match(problems?.[0] ?? '', /^Line 15 is not an event and was skipped\.$/)
      assert.match(problems?.[1] ?? '', /^The last line \(16\) is cut short/)
      assert.equal(failure, undefined)
      const { findings = [] } = (await engine?.handlers.status(null)) ?? {}
      assert.deepEqual(
        findings.map(({ rule, message }) => [rule, message]),
        [['file-problems', problems?.join(' ')]],
      )
    })

    it('keeps fields and types that it does not know', async () => {
      await open(write(`${HEADER}\n{"type":"novel","connection":1,"time":3,"depth":4}\n`))
      await whole()
      assert.equal(status().events, 1)
      const { fields } = await (engine as FileEngine).handlers.detail({ index: 0, maxBytes: 10 })
      assert.deepEqual(fields.extra, { type: 'novel', connection: 1, time: 3, depth: 4 })
    })

    const refused: readonly [string, string, RegExp][] = [
      ['a newer version', HEADER.replace('"version":1', '"version":99'), /format version 99.*Update/],
      ['another kind of file', 'hello\n', /^This file is not a Realtime Inspector session/],
      ['an empty file', '', /^This file is not a Realtime Inspector session/],
    ]
    for (const [name, text, sentence] of refused)
      it(`describes ${name} in one sentence`, async () => {
        await open(write(text))
        await whole()
        assert.match(status().file?.failure ?? '', sentence)
        assert.equal(status().events, 0)
        await assert.rejects(replay({ do: 'play' }), { code: 'NO_EVENTS' })
        await assert.rejects(async () => await engine?.handlers.sessionCommands({ reveal: false }), {
          message: sentence,
        })
        const path = join(tempDir(), 'copy.rtsession')
        await assert.rejects(async () => await engine?.handlers.save({ path, reveal: [], aside: true }), {
          message: sentence,
        })
      })

    it('says that a file does not exist', async () => {
      await open(join(tempDir(), 'none.rtsession'))
      await whole()
      assert.match(status().file?.failure ?? '', /^There is no file .*none\.rtsession; check the name\.$/)
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
      await open(write(JSON.stringify({ log }), 'a.har'))
      await whole()
      await reader.until(() => reader.times.length === status().events)
      assert.deepEqual(
        (await (engine as FileEngine).handlers.previews({ indexes: [2, 3] })).map(({ text }) => text),
        ['hello', 'world'],
      )
      assert.equal(status().connections[0]?.messagesOut, 1)
      await engine?.handlers.shutdown(null)
      assert.ok(!existsSync(directory))
    })

    it('removes captures that ended processes left next to it', async () => {
      const parent = tempDir()
      const left = join(parent, 'left')
      const capture = new Capture({ directory: left, clock: { startedAt: new Date() } })
      capture.close({ keep: true })
      const head = JSON.parse('{"version":1,"startedAt":"2026-11-23T05:00:00.000Z","pid":999999999}')
      writeFileSync(join(left, 'session.json'), JSON.stringify(head))
      mkdirSync(join(parent, 'other'))
      reader = new Reader()
      engine = await FileEngine.open({
        ...{
          file: fileOf(short),
          directory: join(parent, 'mine'),
          settings: SETTINGS,
          notify: reader.notify,
        },
      })
      assert.ok(!existsSync(left))
      assert.ok(existsSync(join(parent, 'other')))
    })

    it('rejects calls that need a live session', async () => {
      const { handlers } = await open(fileOf(short))
      for (const call of [
        () => handlers.connect({ spec: { url: 'ws://h/' } }),
        () => handlers.clear(null),
        () => handlers.mark({ text: 'x' }),
      ])
        await assert.rejects(async () => call(), { code: 'READ_ONLY', message: /recording/ })
    })

    it('searches, counts and saves like a live session', async () => {
      const { handlers } = await open(fileOf(short))
      await whole()
      await shown(short.length)
      assert.equal(await handlers.filter({ text: 'm3', generation: 1 }), null)
      await reader.until(() => reader.matches.length === 1)
      assert.deepEqual(reader.matches, [5])
      const part = { generation: null, range: null, connection: 1, hidden: [], end: short.length }
      assert.equal((await handlers.statistics(part))?.messages, 10)
      const path = join(tempDir(), 'copy.rtsession')
      const { events, masked } = await handlers.save({ path, reveal: [] })
      assert.equal(events, short.length)
      assert.deepEqual(masked, ['token'])
    })
  })

  describe('while it is played', () => {
    beforeEach(async () => {
      await open(fileOf(short))
      await whole()
      await shown(short.length)
    })

    it('shows the events up to the current position, and reports the pace', async () => {
      await replay({ do: 'play' })
      assert.deepEqual(reader.rewinds, [0])
      for (const [time, count] of [
        [0, 1],
        [10, 2],
        [99, 2],
        [100, 3],
        [550, 7],
        [1100, 13],
      ] as const) {
        timers.advance(time - timers.now())
        await shown(count)
        assert.ok(reader.times.every((at) => at <= time))
        assert.equal(status().at, time)
      }
      const { playing, position, start, end } = status().file?.replay ?? {}
      assert.deepEqual(
        { playing, position, start, end },
        { playing: false, position: 1100, start: 0, end: 1100 },
      )
    })

    it('reports the connections as they were at the current position', async () => {
      await replay({ do: 'play' })
      timers.advance(5)
      assert.equal(status().connections[0]?.state, 'connecting')
      timers.advance(500)
      const [connection] = status().connections
      assert.equal(connection?.state, 'open')
      assert.equal(connection?.messagesIn, 5)
      assert.equal(connection?.rate, 5)
      await replay({ do: 'seek', time: 250 })
      assert.equal(status().connections[0]?.messagesIn, 2)
    })

    it('pauses, continues, and steps from event to event', async () => {
      await replay({ do: 'play' })
      timers.advance(150)
      await replay({ do: 'pause' })
      assert.equal(status().pace, 0)
      timers.advance(500)
      await shown(3)
      assert.equal(status().at, 150)
      await replay({ do: 'step' })
      await shown(4)
      assert.equal(status().at, 200)
      await replay({ do: 'play' })
      assert.equal(status().pace, 1)
      timers.advance(100)
      await shown(5)
    })

    it('seeks forward and back, and continues from there', async () => {
      await replay({ do: 'seek', time: 450 })
      await shown(6)
      assert.equal(status().file?.replay?.playing, false)
      await replay({ do: 'seek', time: 950 })
      await shown(11)
      await replay({ do: 'seek', time: 50 })
      await shown(2)
      assert.deepEqual(reader.times, [0, 10])
      await replay({ do: 'play' })
      timers.advance(50)
      await shown(3)
      await replay({ do: 'seek', time: 9999 })
      await shown(short.length)
      assert.equal(status().at, 1100)
      await replay({ do: 'play' })
      await shown(1)
    })

    it('plays at other speeds, and as fast as possible', async () => {
      await replay({ do: 'speed', speed: 4 })
      await replay({ do: 'play' })
      assert.equal(status().pace, 4)
      timers.advance(100)
      await shown(6)
      await replay({ do: 'speed', speed: 0.25 })
      timers.advance(400)
      await shown(7)
      await replay({ do: 'speed', speed: 'max' })
      assert.equal(status().pace, 0)
      timers.advance(20)
      await shown(short.length)
    })

    it('starts over while it loops', async () => {
      await replay({ do: 'loop', loop: true })
      await replay({ do: 'play' })
      timers.advance(1150)
      await shown(2)
      assert.deepEqual(reader.rewinds, [0, 0])
      await replay({ do: 'loop', loop: false })
      timers.advance(2000)
      await shown(short.length)
      assert.equal(status().file?.replay?.playing, false)
    })

    it('filters what is shown, and knows the matches that follow', async () => {
      await engine?.handlers.filter({ text: 'type:message', generation: 1 })
      await reader.until(() => reader.matches.length === 10)
      await replay({ do: 'seek', time: 350 })
      await shown(5)
      await reader.until(() => reader.matches.length === 3)
      assert.deepEqual(reader.matches, [2, 3, 4])
      await replay({ do: 'seek', time: 650 })
      await reader.until(() => reader.matches.length === 6)
    })

    it('shows the whole recording again when it is stopped', async () => {
      await replay({ do: 'seek', time: 150 })
      await shown(3)
      await replay({ do: 'stop' })
      await shown(short.length)
      assert.equal(status().file?.replay, undefined)
    })
  })
})
