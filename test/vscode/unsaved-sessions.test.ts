/** Sessions that an earlier window left unsaved, shown before they are saved. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as vscode from 'vscode'
import { Capture } from '../../src/capture/capture.ts'
import { LiveSession } from '../../src/vscode/session/live-session.ts'
import { RememberedConnections } from '../../src/vscode/session/remembered-connections.ts'
import { UnsavedSessions } from '../../src/vscode/session/unsaved-sessions.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { until } from './inspector.ts'
import { memento, surroundings } from './parts.ts'

describe('sessions that an earlier window left unsaved', () => {
  let storage: string
  let session: LiveSession
  let unsaved: UnsavedSessions

  beforeEach(() => {
    storage = tempDir()
    const { engine, jobs, ...rest } = surroundings(storage)
    session = new LiveSession({
      script: engine,
      remembered: new RememberedConnections(memento(), memento()),
      ...rest,
    })
    unsaved = new UnsavedSessions({ script: jobs, session, ...rest })
    const directory = join(session.spool, 'left')
    const capture = new Capture({ directory, clock: { startedAt: new Date(1000) } })
    for (let n = 0; n < 5; n++) capture.append({ type: 'mark', time: n, text: `mark ${n}` })
    capture.close({ keep: true })
  })

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors')
    unsaved.dispose()
    await session.dispose()
    removeTempDirs()
  })

  it('are written only once to be shown, so that the editor does not report a change', async () => {
    const [left = assert.fail('it is listed'), ...more] = await unsaved.list()
    assert.deepEqual([left.events, more.length], [5, 0])
    const { fsPath } = await unsaved.open(left)
    const identity = () => {
      const { ino, mtimeNs } = statSync(fsPath, { bigint: true })
      return `${ino} ${mtimeNs}`
    }
    const first = identity()
    assert.equal(readFileSync(fsPath, 'utf8').trimEnd().split('\n').length, 6)
    assert.equal((await unsaved.open(left)).fsPath, fsPath)
    assert.equal(identity(), first)
    await until(() => vscode.window.tabGroups.activeTabGroup.activeTab?.label === 'unsaved-left.rtsession')
  })

  it('are removed after they were saved, together with the file that showed them', async () => {
    const [left = assert.fail('it is listed')] = await unsaved.list()
    const { fsPath } = await unsaved.open(left)
    await vscode.commands.executeCommand('workbench.action.closeAllEditors')
    const saved = vscode.Uri.file(join(storage, 'saved.rtsession'))
    assert.equal((await unsaved.saveTo(left, saved)).events, 5)
    assert.deepEqual(await unsaved.list(), [])
    assert.equal(existsSync(fsPath), false)
    assert.deepEqual(readdirSync(session.spool), [])
    assert.equal(readFileSync(saved.fsPath, 'utf8').trimEnd().split('\n').length, 6)
  })
})
