/** Sessions copied as shell commands, and HAR files that are served, in a real extension host. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as vscode from 'vscode'
import { WebSocket } from 'ws'
import type { ServedEndpoint } from '../../src/shared/protocol/jobs.ts'
import type { RealtimeInspectorApi } from '../../src/vscode/api.ts'
import { closeServers, serveWebSocket } from '../support/loopback.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { activated, run, until } from './inspector.ts'

const copied = () => vscode.env.clipboard.readText()

const SOCKET = {
  ...{ startedDateTime: '2026-11-23T05:00:00.000Z', time: 5, _resourceType: 'websocket' },
  request: { method: 'GET', url: 'ws://h/feed?token=h4r', httpVersion: 'HTTP/1.1', headers: [] },
  response: { status: 101, httpVersion: 'HTTP/1.1', headers: [], content: { mimeType: '' } },
  timings: { send: 0, wait: 1, receive: 0 },
  _webSocketMessages: [
    { type: 'receive', time: 1795410000.02, opcode: 1, data: 'hello' },
    { type: 'send', time: 1795410000.03, opcode: 1, data: 'sent by a page' },
  ],
}
const HAR = { log: { version: '1.2', creator: { name: 'test', version: '1' }, entries: [SOCKET] } }

describe('a session copied as shell commands', () => {
  let api: RealtimeInspectorApi
  let folder: string
  let har: vscode.Uri
  let id: number

  before(async () => {
    api = await activated()
    folder = tempDir()
    har = vscode.Uri.file(join(folder, 'page.har'))
    await writeFile(har.fsPath, JSON.stringify(HAR))
    for (const connection of api.connections()) await run('disconnect', connection.id)
    await run('clear')
    id = await api.connect({ url: `${await serveWebSocket(() => {})}live?token=hunter2` })
    await until(() => api.connections().some((each) => each.id === id && each.state === 'open'))
    await run('send', id, "it's live")
    await until(() => api.connections().some((each) => each.id === id && each.messagesOut === 1))
  })

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors')
    await run('disconnect', id)
    await run('clear')
    closeServers()
    removeTempDirs()
  })

  it('is the live session if no file is given, with secrets only on request', async () => {
    assert.equal(await run('copySessionAs', undefined, { reveal: false }), true)
    const hidden = await copied()
    assert.match(hidden, /^: \| websocat .*--preamble='it'\\''s live'.*\/live\?token=\*\*\*'/ms)
    assert.match(hidden, /^# Secrets masked: token\.$/m)
    assert.equal(await run('copySessionAs', undefined, { reveal: true }), true)
    assert.match(await copied(), /token=hunter2/)
  })

  it('asks about secrets, and masks them by default', async () => {
    await vscode.env.clipboard.writeText('before')
    const copying = run('copySessionAs')
    let done = false
    const ended = Promise.resolve(copying).then((is) => {
      done = true
      return is
    })
    await until(async () => {
      if (!done) await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem')
      return done
    })
    assert.equal(await ended, true)
    assert.match(await copied(), /token=\*\*\*/)
  })

  it('is a given session file or HAR file, open or not', async () => {
    const saved = vscode.Uri.file(join(folder, 'saved.rtsession'))
    await api.save(saved)
    assert.equal(await run('copySessionAs', saved, { reveal: false }), true)
    assert.match(await copied(), /--preamble='it'\\''s live'/)
    assert.equal(await run('copySessionAs', har, { reveal: false }), true)
    assert.match(await copied(), /--preamble='sent by a page'.*'ws:\/\/h\/feed\?token=\*\*\*'/s)
    assert.equal(api.recordings().length, 0, 'nothing was left open')
  })

  it('rejects with a sentence for invalid files and invalid options', async () => {
    const none = vscode.Uri.file(join(folder, 'none.rtsession'))
    await assert.rejects(async () => await run('copySessionAs', none, { reveal: false }), {
      message: /no file/,
    })
    await assert.rejects(async () => await run('copySessionAs', har, { revael: true }), {
      message: /The options of copySessionAs/,
    })
  })

  it('from a HAR file is served, by its file and from its editor', async () => {
    await run('openSession', har)
    await until(() => api.recordings().length === 1)
    for (const file of [har, undefined]) {
      const endpoints = (await run('serveSession', file, { speed: null })) as ServedEndpoint[]
      assert.equal(endpoints.length, 1)
      const [endpoint] = endpoints
      assert.match(endpoint?.url ?? '', /\/feed\?token=\*\*\*$/)
      const socket = new WebSocket(endpoint?.url ?? '')
      const [greeting] = await once(socket, 'message')
      assert.equal(String(greeting), 'hello')
      socket.terminate()
    }
  })

  it('is the recording in the active editor if no file is given', async () => {
    assert.equal(await run('copySessionAs', undefined, { reveal: false }), true)
    assert.match(await copied(), /sent by a page/)
  })
})
