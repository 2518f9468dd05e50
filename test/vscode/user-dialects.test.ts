/** The user's own protocols, from the setting and from a file of the workspace. */
import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import type { Dialect } from '../../src/shared/dialect.ts'
import { LiveSession } from '../../src/vscode/session/live-session.ts'
import { RememberedConnections } from '../../src/vscode/session/remembered-connections.ts'
import { closeServers, serveWebSocket } from '../support/loopback.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { activated, until } from './inspector.ts'
import { memento, surroundings } from './parts.ts'

const SETTING = 'realtimeInspector.protocols'

/** Names messages such as `{"op":"tick"}`. */
const named = (name: string): Dialect => ({
  name,
  recognize: [{ message: { '$.op': { type: 'string' } } }],
  messages: [{ when: { '$.op': { type: 'string' } }, kind: 'heartbeat', name: '$.op' }],
})

describe('protocols of the user', () => {
  const [folder] = vscode.workspace.workspaceFolders ?? []
  const file = vscode.Uri.joinPath(
    folder?.uri ?? assert.fail('A folder is open.'),
    '.realtime',
    'protocols.json',
  )
  const sessions: LiveSession[] = []
  let url: string

  before(activated)
  beforeEach(async () => {
    url = await serveWebSocket((socket) => socket.send('{"op":"tick"}'))
  })
  afterEach(async () => {
    for (const session of sessions.splice(0)) await session.dispose()
    await vscode.workspace.getConfiguration().update(SETTING, undefined, true)
    await vscode.workspace.fs
      .delete(vscode.Uri.joinPath(file, '..'), { recursive: true })
      .then(undefined, () => {})
    closeServers()
    removeTempDirs()
  })

  const write = (text: string) => vscode.workspace.fs.writeFile(file, Buffer.from(text))

  async function connect(): Promise<LiveSession> {
    const { engine: script, ...rest } = surroundings(tempDir())
    const remembered = new RememberedConnections(memento(), memento())
    const session = new LiveSession({ script, remembered, ...rest })
    sessions.push(session)
    await session.connect({ url })
    return session
  }

  /** Waits until a protocol decodes a message of the connection. */
  async function decodes(session: LiveSession, protocol: string): Promise<void> {
    const found = await until(async () => {
      const { events } = await session.call('status', null)
      for (let index = 0; index < events; index++) {
        const [packet] = (await session.call('decoded', { index })).events ?? []
        if (packet?.protocol === protocol) return packet
      }
      return undefined
    })
    assert.deepEqual(
      [found.kind, found.name],
      protocol === 'json' ? ['event', 'tick'] : ['heartbeat', 'tick'],
    )
  }

  it('decode live connections if they are in the setting, as soon as it changes', async () => {
    const session = await connect()
    await decodes(session, 'json')
    await vscode.workspace.getConfiguration().update(SETTING, [named('acme')], true)
    await decodes(session, 'acme')
    await decodes(await connect(), 'acme')
    await vscode.workspace.getConfiguration().update(SETTING, undefined, true)
    await decodes(session, 'json')
  })

  it('decode live connections if they are in a file of the workspace, and follow its changes', async () => {
    await write(JSON.stringify([named('acme-file')]))
    const session = await connect()
    await decodes(session, 'acme-file')
    await write(JSON.stringify([named('acme-changed')]))
    await decodes(session, 'acme-changed')
    await decodes(await connect(), 'acme-changed')
    await vscode.workspace.fs.delete(file)
    await decodes(session, 'json')
  })

  it('are used as far as they are right', async () => {
    const wrong = { ...named('acme-wrong'), messages: [{ kind: 'tick' }] }
    await write(JSON.stringify([wrong, named('acme-right')]))
    await decodes(await connect(), 'acme-right')
    await write('[{')
    const session = await connect()
    await decodes(session, 'json')
  })

  it('have their mistakes marked in the file', async () => {
    await write(JSON.stringify([{ ...named('acme'), messages: [{ kind: 'tick' }] }], undefined, 2))
    const document = await vscode.workspace.openTextDocument(file)
    const editor = await vscode.window.showTextDocument(document)
    const [problem] = await until(() => {
      const found = vscode.languages.getDiagnostics(editor.document.uri)
      return found.length > 0 && found
    })
    assert.ok(problem)
    assert.match(problem.message, /"handshake", "heartbeat"/)
    assert.equal(document.getText(problem.range), '"tick"')
    await vscode.commands.executeCommand('workbench.action.closeAllEditors')
  })
})
