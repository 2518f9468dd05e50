/** A comparison that fails. */
import assert from 'node:assert/strict'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as vscode from 'vscode'
import { Comparisons } from '../../src/vscode/compare/comparisons.ts'
import { LiveSession } from '../../src/vscode/session/live-session.ts'
import { OpenRecordings } from '../../src/vscode/session/open-recordings.ts'
import { RememberedConnections } from '../../src/vscode/session/remembered-connections.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { until } from './inspector.ts'
import { memento, surroundings } from './parts.ts'

describe('a comparison of the live session that fails', () => {
  let storage: string
  let session: LiveSession
  let comparisons: Comparisons

  beforeEach(async () => {
    storage = tempDir()
    const { engine, jobs, ...rest } = surroundings(storage)
    session = new LiveSession({
      script: engine,
      remembered: new RememberedConnections(memento(), memento()),
      ...rest,
    })
    const recordings = new OpenRecordings({ script: engine, ...rest })
    comparisons = new Comparisons({ ...rest, session, recordings, script: jobs })
    await session.call('mark', { text: 'one' })
    await session.refresh()
  })

  afterEach(async () => {
    await session.dispose()
    removeTempDirs()
  })

  const copies = () => readdirSync(join(storage, 'transfer'))

  /** Picks the live session as the first of the two. */
  async function pickLive(comparing: Promise<unknown>): Promise<void> {
    let settled = false
    const done = () => {
      settled = true
    }
    comparing.then(done, done)
    await until(async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem')
      return settled
    })
  }

  it('removes the copy of the session if the other file is not a session', async () => {
    const path = join(storage, 'none.rtsession')
    writeFileSync(path, 'no session\n')
    const comparing = comparisons.compare(undefined, vscode.Uri.file(path))
    await pickLive(comparing)
    await assert.rejects(comparing, { name: 'Failure' })
    assert.deepEqual(copies(), [])
  })
})
