/** Session files in a real extension host: opened in their editor, read, and replayed. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as vscode from 'vscode'
import type { OpenRecording, RealtimeInspectorApi } from '../../src/vscode/api.ts'
import { EDITORS } from '../../src/vscode/contributions.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { activated, until } from './inspector.ts'

const HEADER = '{"type":"session","version":1,"startedAt":"2026-11-23T05:00:00.000Z","generator":"test"}'
const CONNECT =
  '{"type":"connect","connection":1,"time":0,"transport":"websocket","url":"ws://h/","attempt":0}'
const message = (time: number) =>
  `{"type":"message","connection":1,"time":${time},"direction":"in","size":2,"text":"${time % 10}!"}`

describe('the editor of session files', () => {
  let api: RealtimeInspectorApi
  let folder: string

  before(async () => {
    api = await activated()
    folder = tempDir()
  })

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors')
    await until(() => api.recordings().length === 0)
  })

  after(async () => {
    removeTempDirs()
  })

  async function write(name: string, ...lines: string[]): Promise<vscode.Uri> {
    const path = join(folder, name)
    await writeFile(path, lines.join('\n'))
    return vscode.Uri.file(path)
  }

  const opened = (uri: vscode.Uri): OpenRecording | undefined =>
    api.recordings().find((each) => each.uri.toString() === uri.toString())

  /** The status after the whole file has been read. */
  const read = (uri: vscode.Uri) =>
    until(() => {
      const status = opened(uri)?.status
      return status?.file !== undefined && status.file.loading === undefined ? status : undefined
    })

  const activeInput = () => vscode.window.tabGroups.activeTabGroup.activeTab?.input

  it('opens a file whose techniques are asked for, but not the webview that a menu in its title names', async () => {
    await vscode.commands.executeCommand(
      'realtimeInspector.compareTechniques',
      vscode.Uri.from({ scheme: 'webview-panel', path: 'webview-panel/webview-1' }),
    )
    assert.deepEqual(api.recordings(), [])
    const uri = await write('techniques.rtsession', HEADER, CONNECT, message(10))
    await vscode.commands.executeCommand('realtimeInspector.compareTechniques', uri)
    assert.equal((await read(uri)).events, 2)
    assert.ok(activeInput() instanceof vscode.TabInputCustom)
  })

  it('opens session files by default, reads them, and releases them when it is closed', async () => {
    const uri = await write('a.rtsession', HEADER, CONNECT, message(10), message(20), '{"type":"mess')
    await vscode.commands.executeCommand('vscode.open', uri)
    const input = await until(activeInput)
    assert.ok(input instanceof vscode.TabInputCustom)
    assert.equal(input.viewType, EDITORS.session)
    const { events, connections, file } = await read(uri)
    assert.equal(events, 3)
    assert.equal(connections[0]?.messagesIn, 2)
    assert.deepEqual(file?.problems, [
      'The last line (5) is cut short and was skipped; all before it was read.',
    ])
  })

  it('opens HAR files on request', async () => {
    const entry = {
      ...{ startedDateTime: '2026-11-23T05:00:00.000Z', time: 5, _resourceType: 'websocket' },
      request: { method: 'GET', url: 'ws://h/', httpVersion: 'HTTP/1.1', headers: [] },
      response: { status: 101, httpVersion: 'HTTP/1.1', headers: [], content: { mimeType: '' } },
      timings: { send: 0, wait: 1, receive: 0 },
      _webSocketMessages: [{ type: 'receive', time: 1795410000.02, opcode: 1, data: 'hello' }],
    }
    const log = { version: '1.2', creator: { name: 'test', version: '1' }, entries: [entry] }
    const uri = await write('a.har', JSON.stringify({ log }))
    await vscode.commands.executeCommand('realtimeInspector.openSession', uri)
    const input = await until(activeInput)
    assert.ok(input instanceof vscode.TabInputCustom)
    assert.equal(input.viewType, EDITORS.har)
    assert.equal((await read(uri)).connections[0]?.messagesIn, 1)
  })

  it('opens files of a virtual file system', async () => {
    const content = new TextEncoder().encode([HEADER, CONNECT, message(10), ''].join('\n'))
    const provider = vscode.workspace.registerFileSystemProvider('realtime-recording', only(content), {
      isReadonly: true,
    })
    try {
      const uri = vscode.Uri.parse('realtime-recording:/there.rtsession')
      await vscode.commands.executeCommand('realtimeInspector.openSession', uri)
      assert.equal((await read(uri)).events, 2)
    } finally {
      provider.dispose()
    }
  })

  it('says what is wrong with an invalid file', async () => {
    const uri = await write('b.rtsession', 'hello')
    await vscode.commands.executeCommand('vscode.open', uri)
    const { file } = await read(uri)
    assert.match(file?.failure ?? '', /^This file is not a Realtime Inspector session/)
  })

  it('replays a given file, and the one in the active editor', async () => {
    const uri = await write('c.rtsession', HEADER, CONNECT, message(10), message(600_000), '')
    await vscode.commands.executeCommand('realtimeInspector.replaySession', uri)
    const replaying = () => {
      const status = opened(uri)?.status
      return status?.file?.replay?.playing === true && status.events === 2 ? status : undefined
    }
    const { pace, at } = await until(replaying)
    assert.equal(pace, 1)
    assert.ok((at ?? 0) < 600_000)
    await vscode.commands.executeCommand('realtimeInspector.replaySession')
    await until(replaying)
    assert.equal(api.recordings().length, 1)
  })

  it('rejects arguments that are not files', async () => {
    await assert.rejects(
      async () => await vscode.commands.executeCommand('realtimeInspector.openSession', 5),
      { message: /by its URI/ },
    )
  })
})

/** A file system in which every file has this content. */
function only(content: Uint8Array): vscode.FileSystemProvider {
  const refuse = () => {
    throw vscode.FileSystemError.NoPermissions()
  }
  return {
    onDidChangeFile: new vscode.EventEmitter<vscode.FileChangeEvent[]>().event,
    watch: () => new vscode.Disposable(() => {}),
    stat: () => ({ type: vscode.FileType.File, ctime: 0, mtime: 0, size: content.length }),
    readFile: () => content,
    readDirectory: () => [],
    createDirectory: refuse,
    writeFile: refuse,
    delete: refuse,
    rename: refuse,
  }
}
