/** Opens recordings in an engine, and reads from it as the page does. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FileEngine } from '../../../src/engine/file/file-engine.ts'
import { formatHeader, formatLine } from '../../../src/session/line.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import type { EngineNotifications } from '../../../src/shared/protocol/notifications.ts'
import type { Delta, ReplayCommand } from '../../../src/shared/protocol.ts'
import { FakeTimers } from '../../support/fake-timers.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'

export const SETTINGS = {
  memoryLimit: 1 << 20,
  spoolLimit: 1 << 26,
  maxEvents: 100_000,
  maxMessageSize: 1 << 20,
}
export const HEADER = formatHeader(new Date('2026-11-23T05:00:00.000Z'), 'test')

/** Applies deltas as the page does: appends events, or removes them on a rewind. */
export class Reader {
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

export const message = (time: number, text: string): RealtimeEvent => ({
  ...{ type: 'message', connection: 1, time, direction: 'in', opcode: 'text' },
  payload: Buffer.from(text),
})

export const beginning: readonly RealtimeEvent[] = [
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
export const short: readonly RealtimeEvent[] = [
  ...beginning,
  ...Array.from({ length: 10 }, (_, i) => message(100 * (i + 1), `m${i}`)),
  { type: 'close', connection: 1, time: 1100, code: 1000, by: 'server' },
]

export function write(text: string, name = 'a.rtsession'): string {
  const path = join(tempDir(), name)
  writeFileSync(path, text)
  return path
}

export const fileOf = (events: readonly RealtimeEvent[]) =>
  write(`${[HEADER, ...events.map((event) => formatLine(event))].join('\n')}\n`)

/** A recording that is open in an engine, for the tests of a suite. It is closed after each test. */
export class OpenedFile {
  engine: FileEngine | undefined
  reader = new Reader()
  timers = new FakeTimers()
  directory = ''

  constructor() {
    afterEach(async () => {
      await this.engine?.handlers.shutdown(null)
      this.engine = undefined
    })
    after(removeTempDirs)
  }

  async open(file: string, subscribe = true): Promise<FileEngine> {
    this.reader = new Reader()
    this.timers = new FakeTimers()
    this.directory = join(tempDir(), 'spool')
    const { directory, timers } = this
    const { notify } = this.reader
    this.engine = await FileEngine.open({ file, directory, settings: SETTINGS, notify, timers })
    this.reader.engine = this.engine
    if (subscribe) await this.engine.handlers.subscribe({ from: 0, fromEventName: 0 })
    return this.engine
  }

  status() {
    assert.ok(this.engine)
    return this.engine.status()
  }

  /** Resolves when the whole file has been read. */
  whole(): Promise<void> {
    return this.reader.until(() => this.status().file?.loading === undefined)
  }

  /** Resolves when the reader has that many events. */
  shown(count: number): Promise<void> {
    return this.reader.until(() => this.status().events === count && this.reader.times.length === count)
  }

  async replay(command: ReplayCommand): Promise<void> {
    await this.engine?.handlers.replay(command)
  }
}
