/** The captures of processes that were killed or still run, and what can be done with them. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type WebSocket, WebSocketServer } from 'ws'
import { Capture } from '../../../src/capture/capture.ts'
import { removeCapture } from '../../../src/capture/disk/files.ts'
import { Engine } from '../../../src/engine/engine.ts'
import { listUnsaved, recoverTo } from '../../../src/engine/jobs/unsaved.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'

const BOUNDS = { most: 5, mostBytes: 1 << 30 }

/** Sends numbered messages as fast as they are received. */
function flood(socket: WebSocket): void {
  let number = 0
  const pump = () => {
    if (socket.readyState !== socket.OPEN) return
    for (let i = 0; i < 50; i++) socket.send(`{"n":${number++},"pad":"${'x'.repeat(100)}"}`)
    if (socket.bufferedAmount < 1 << 16) setImmediate(pump)
    else setTimeout(pump, 5)
  }
  pump()
}

describe('an unsaved capture', () => {
  let parent: string

  beforeEach(() => {
    parent = tempDir()
  })
  afterEach(removeTempDirs)

  function leave(name: string, marks: number, at = 0, saved = 0): string {
    const directory = join(parent, name)
    const capture = new Capture({ directory, clock: { startedAt: new Date(at) } })
    for (let n = 0; n < marks; n++) capture.append({ type: 'mark', time: n, text: `mark ${n}` })
    capture.markSaved(saved)
    capture.close({ keep: true })
    return directory
  }

  it('of an engine that was killed under load is complete except for the last moment', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    server.on('connection', flood)
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const directory = join(parent, 'spool', 'killed')
    const script = new URL('../../support/engine-child.ts', import.meta.url).pathname
    const child = spawn(
      process.execPath,
      [script, directory, `ws://127.0.0.1:${port}/flood?token=hunter2secret`],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const exited = once(child, 'exit')
    const told: { events: number; at: number }[] = []
    for await (const line of createInterface({ input: child.stdout })) {
      told.push({ events: Number(line), at: performance.now() })
      const [first] = told.filter(({ events }) => events > 0)
      if (Number(line) > 30_000 && first !== undefined && performance.now() > first.at + 600) break
    }
    const killed = performance.now()
    child.kill('SIGKILL')
    await exited
    for (const client of server.clients) client.terminate()
    server.close()

    const { sessions } = listUnsaved({ parents: [join(parent, 'spool')], own: [], ...BOUNDS })
    assert.equal(sessions.length, 1)
    const path = join(parent, 'recovered.rtsession')
    const { events, masked } = await recoverTo({ directory, path, reveal: [] })
    // Twice the time in which events reach the disk, for a busy machine.
    const due = told.findLast(({ at }) => at < killed - 200)?.events ?? 0
    assert.ok(due > 0 && events >= due, `${events} of at least ${due}`)
    assert.equal(sessions[0]?.events, events)
    assert.deepEqual(masked, ['token'])
    const text = readFileSync(path, 'utf8')
    assert.ok(!text.includes('hunter2secret'))
    const messages = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ type }) => type === 'message')
      .map((message) => JSON.parse(message.text).n)
    assert.equal(messages.length, events - 2)
    assert.ok(
      messages.every((n, at) => n === at),
      'every message, in order, none missing',
    )
    removeCapture(directory)
    assert.equal(existsSync(directory), false)
  })

  it('is listed oldest first, with the number of events that are not in a file', () => {
    leave('b', 7, 2000, 3)
    leave('c', 5, 1000)
    leave('a', 6, 2500)
    const own = leave('mine', 5, 3000)
    const { sessions, running, removed } = listUnsaved({ parents: [parent], own: [own], ...BOUNDS })
    assert.deepEqual(running, [])
    assert.deepEqual(
      sessions.map(({ startedAt, events }) => [Date.parse(startedAt), events]),
      [
        [1000, 5],
        [2000, 4],
        [2500, 6],
      ],
    )
    assert.ok(sessions.every(({ bytes }) => bytes > 100))
    assert.deepEqual(removed, [])
  })

  it('is removed silently if it was saved or is empty, and with a sentence if it exceeds the limits', () => {
    leave('saved', 5, 1000, 5)
    leave('empty', 0, 2000)
    for (let n = 0; n < 4; n++) leave(`left-${n}`, 10, 3000 + n)
    const few = listUnsaved({ parents: [parent], own: [], most: 3, mostBytes: 1 << 30 })
    assert.deepEqual(readdirSync(parent).sort(), ['left-1', 'left-2', 'left-3'])
    assert.equal(few.removed.length, 1)
    assert.match(
      few.removed[0] ?? '',
      /^The unsaved session of 1970-01-01T00:00:03.000Z \(10 events, \d+ bytes\)/,
    )
    const small = listUnsaved({ parents: [parent], own: [], most: 3, mostBytes: 1 })
    assert.deepEqual(
      small.sessions.map(({ startedAt }) => Date.parse(startedAt)),
      [3003],
      'the newest stays, however large',
    )
  })

  it('can be saved repeatedly until it is discarded', async () => {
    const directory = leave('left', 5)
    for (const name of ['one', 'two']) {
      const { events } = await recoverTo({ directory, path: join(parent, name), reveal: [] })
      assert.equal(events, 5)
    }
    const { sessions } = listUnsaved({ parents: [parent], own: [], ...BOUNDS })
    assert.equal(sessions[0]?.events, 5)
  })

  it('is kept when the window is reloaded, unless it was saved', async () => {
    const settings = { memoryLimit: 1 << 20, spoolLimit: 1 << 26, maxEvents: 1000, maxMessageSize: 1 << 20 }
    const events = async (isSaved: boolean, keepUnsaved: boolean) => {
      const directory = join(parent, 'reloaded')
      const { handlers } = new Engine({ directory, network: {}, settings, notify: () => {} })
      await handlers.mark({ text: 'one' })
      await handlers.mark({ text: 'two' })
      if (isSaved) await handlers.save({ path: join(parent, 'saved.rtsession'), reveal: [] })
      else await handlers.save({ path: join(parent, 'aside.rtsession'), reveal: [], aside: true })
      await handlers.shutdown({ keepUnsaved })
      return listUnsaved({ parents: [parent], own: [], ...BOUNDS }).sessions.map((each) => each.events)
    }
    assert.deepEqual(await events(true, true), [])
    assert.deepEqual(await events(false, false), [])
    assert.deepEqual(await events(false, true), [2])
  })

  it('is found in several folders, as are those that other processes still write, which can be copied', async () => {
    leave('a', 3, 1000)
    const other = tempDir()
    const left = join(other, 'b')
    const capture = new Capture({ directory: left, clock: { startedAt: new Date(500) } })
    capture.append({ type: 'mark', time: 1, text: 'left in another folder' })
    capture.close({ keep: true })
    const directory = join(other, 'running')
    const script = new URL('../../support/capture-child.ts', import.meta.url).pathname
    const child = spawn(process.execPath, [script, directory, '14'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const lines = createInterface({ input: child.stdout })
    const flushed = Number((await once(lines, 'line'))[0])
    const list = () => listUnsaved({ parents: [parent, other], own: [], ...BOUNDS })
    const { sessions, running } = list()
    assert.deepEqual(
      sessions.map(({ startedAt, events }) => [Date.parse(startedAt), events]),
      [
        [500, 1],
        [1000, 3],
      ],
    )
    assert.deepEqual(
      running.map((each) => each.directory),
      [directory],
    )
    const path = join(parent, 'copy.rtsession')
    const { events } = await recoverTo({ directory, path, reveal: [], isRunning: true })
    assert.ok(flushed > 0 && events >= flushed, `${events} of at least ${flushed}`)
    // The process continues, and its capture is complete at its end.
    await once(lines, 'line')
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
    assert.deepEqual(list().running, [])
    const ended = await recoverTo({ directory, path: join(parent, 'ended.rtsession'), reveal: [] })
    assert.ok(ended.events >= events)
  })

  it('does not exist if there is no folder', () => {
    assert.deepEqual(listUnsaved({ parents: [join(parent, 'nowhere')], own: [], ...BOUNDS }), {
      sessions: [],
      running: [],
      removed: [],
    })
  })
})
