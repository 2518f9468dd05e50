/** An engine whose thread ends by itself: a new one replaces it, and what was lost is offered again. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Failure } from '../../src/shared/failure.ts'
import { LiveSession } from '../../src/vscode/session/live-session.ts'
import { RememberedConnections } from '../../src/vscode/session/remembered-connections.ts'
import { UnsavedSessions } from '../../src/vscode/session/unsaved-sessions.ts'
import { closeServers, serveWebSocket } from '../support/loopback.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { until } from './inspector.ts'
import { memento, surroundings } from './parts.ts'

describe('an engine that stops by itself', () => {
  let storage: string
  let session: LiveSession
  let remembered: RememberedConnections
  let unsaved: UnsavedSessions
  let crash: () => void
  let failures: Failure[]
  let starts: number

  beforeEach(() => {
    storage = tempDir()
    const { engine, jobs, ...rest } = surroundings(storage)
    const wish = join(storage, 'crash')
    crash = () => writeFileSync(wish, '')
    const script = join(storage, 'engine.mjs')
    // The real engine, which ends as soon as that file exists, and removes the file first.
    writeFileSync(
      script,
      `import { existsSync, rmSync } from 'node:fs'
      setInterval(() => {
        if (!existsSync(${JSON.stringify(wish)})) return
        rmSync(${JSON.stringify(wish)})
        process.exit(1)
      }, 20).unref()
      await import(${JSON.stringify(pathToFileURL(engine).href)})`,
    )
    remembered = new RememberedConnections(memento(), memento())
    session = new LiveSession({ script, remembered, ...rest })
    unsaved = new UnsavedSessions({ script: jobs, session, ...rest })
    failures = []
    starts = 0
    session.onFailure((failure) => failures.push(failure))
    session.onStart(() => starts++)
  })
  afterEach(async () => {
    unsaved.dispose()
    await session.dispose()
    closeServers()
    removeTempDirs()
  })

  async function connected(): Promise<string> {
    const url = await serveWebSocket((socket) => socket.send('hello'))
    const id = await session.connect({ url })
    await until(() => (session.connections.find((each) => each.id === id)?.messagesIn ?? 0) > 0)
    return url
  }

  it('is followed by a new one, and its connections and its events are offered again', async () => {
    const url = await connected()
    // Before, it has not run long enough to be replaced.
    await new Promise((resolve) => setTimeout(resolve, 5100))
    const failed = new Promise<Failure>((resolve) => session.onFailure(resolve))
    crash()
    const { message } = await failed
    assert.equal(message, 'The engine stopped unexpectedly. A new one has started.')
    assert.deepEqual(remembered.offered, { urls: [url], why: 'The engine stopped unexpectedly.' })
    await until(() => starts === 2 && session.running)
    assert.equal((await session.call('status', null)).events, 0)
    const left = await unsaved.list()
    assert.equal(left.length, 1)
    assert.ok((left[0]?.events ?? 0) >= 3)
    await connected()
    assert.equal(failures.length, 1)
  })

  it('is not followed by a new one if it had just started', async () => {
    await connected()
    const failed = new Promise<Failure>((resolve) => session.onFailure(resolve))
    crash()
    assert.match((await failed).message, /It stopped right after it started, so it was not started again/)
    assert.equal(session.running, false)
    assert.equal(starts, 1)
    await connected()
    assert.equal(starts, 2)
  })
})
