/** What the rules have found, in a real extension host: the API, the Problems view, the settings, and the command. */
import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import type { RealtimeInspectorApi } from '../../src/vscode/api.ts'
import { closeServers, serveWebSocket } from '../support/loopback.ts'
import { opened } from '../support/recording.ts'
import { writeHar, writeSession } from '../support/recording-file.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { activated, run, until } from './inspector.ts'

const RULE = 'resume-ignored'
const PLACE = 'ws://localhost:8080/feed'
const MUTED = 'realtimeInspector.findings.muted'

/** Five events were missed: event 4 says so. */
const LOST: readonly RealtimeEvent[] = [
  ...opened(1, 0, `${PLACE}?room=dev`),
  { type: 'reconnect', connection: 1, time: 5, attempt: 1, delay: 1, reason: 'lost' },
  { type: 'gap', connection: 1, time: 10, missed: 5, repeated: 0 },
]

describe('findings', () => {
  let api: RealtimeInspectorApi

  before(async () => {
    api = await activated()
  })

  afterEach(async () => {
    await vscode.workspace.getConfiguration().update(MUTED, undefined, vscode.ConfigurationTarget.Global)
    await run('clear')
    await vscode.commands.executeCommand('workbench.action.closeAllEditors')
    closeServers()
    removeTempDirs()
  })

  const problems = (uri: vscode.Uri) =>
    vscode.languages.getDiagnostics(uri).filter(({ code }) => codeOf(code) === RULE)
  const write = (name = 'a.rtsession') => vscode.Uri.file(writeSession(tempDir(), name, LOST))

  it('of a file are given to other extensions', async () => {
    const findings = await api.diagnose(write())
    const found = findings.find(({ rule }) => rule === RULE)
    assert.deepEqual([found?.severity, found?.connection, found?.events], ['warning', 1, [3, 4]])
    assert.ok(found?.source?.url.startsWith('https://'))
    const har = await api.diagnose(vscode.Uri.file(writeHar(tempDir())))
    assert.ok(!har.some(({ rule }) => rule === RULE))
    await assert.rejects(async () => await api.diagnose(vscode.Uri.file('/nowhere/a.rtsession')))
  })

  it('of a recording are problems at the lines of their first events, as long as it is open', async () => {
    const uri = write()
    await run('diagnose', uri)
    const problem = await until(() => problems(uri)[0])
    assert.equal(problem.range.start.line, 3)
    assert.equal(problem.severity, vscode.DiagnosticSeverity.Warning)
    assert.match(problem.message, /5 events were missed/)
    assert.ok(typeof problem.code === 'object' && problem.code.target.scheme === 'https')
    await vscode.commands.executeCommand('workbench.action.closeAllEditors')
    await until(() => problems(uri).length === 0)
  })

  it('are muted by the settings at once, for a place or everywhere', async () => {
    const uri = write()
    await run('diagnose', uri)
    await until(() => problems(uri).length === 1)
    const set = (value: unknown) =>
      vscode.workspace.getConfiguration().update(MUTED, value, vscode.ConfigurationTarget.Global)
    await set([{ rule: RULE, url: PLACE }])
    await until(() => problems(uri).length === 0)
    await set([{ rule: RULE, url: 'ws://localhost:8080/other' }])
    await until(() => problems(uri).length === 1)
    await set([RULE])
    await until(() => problems(uri).length === 0)
  })

  it('of the live session are counted for its connections', async () => {
    assert.deepEqual(await api.diagnose(), [])
    const url = await serveWebSocket((peer) => peer.send('hi'))
    const id = await api.connect({ url: `${url}?token=hunter2-token` })
    await until(() => api.connections().find((each) => each.id === id)?.messagesIn === 1)
    const findings = await api.diagnose()
    const { findings: counts } = api.connections().find((each) => each.id === id) ?? {}
    const total = counts === undefined ? 0 : counts.error + counts.warning + counts.info
    assert.equal(findings.filter(({ connection }) => connection === id).length, total)
    assert.ok(!JSON.stringify(findings).includes('hunter2'))
    await run('disconnect', id)
  })
})

function codeOf(code: vscode.Diagnostic['code']): unknown {
  return typeof code === 'object' ? code.value : code
}
