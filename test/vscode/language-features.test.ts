/** The code lenses and links that editors show. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import * as vscode from 'vscode'
import { WebSocketServer } from 'ws'
import type { RealtimeInspectorApi } from '../../src/vscode/api.ts'
import { activated, run, until } from './inspector.ts'

const SETTING = 'realtimeInspector.codeLens'
/** Milliseconds after which a link that opened nothing is pressed again. */
const PATIENCE = 5000

describe('the language features', () => {
  let api: RealtimeInspectorApi
  let server: WebSocketServer
  let url: string

  before(async () => {
    api = await activated()
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    await once(server, 'listening')
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/feed?a=%26&b=“c”`
  })

  after(() => {
    for (const client of server.clients) client.terminate()
    server.close()
  })

  afterEach(async () => {
    await vscode.workspace.getConfiguration().update(SETTING, undefined, true)
    await vscode.commands.executeCommand('workbench.action.closeAllEditors')
  })

  async function lenses(language: string, content: string): Promise<vscode.CodeLens[]> {
    const { uri } = await vscode.workspace.openTextDocument({ language, content })
    return await vscode.commands.executeCommand('vscode.executeCodeLensProvider', uri, 100)
  }

  async function links(document: vscode.TextDocument): Promise<vscode.DocumentLink[]> {
    const found: vscode.DocumentLink[] = await vscode.commands.executeCommand(
      'vscode.executeLinkProvider',
      document.uri,
      100,
    )
    return found.filter(({ target }) => target?.scheme === 'command')
  }

  async function opensAConnection(): Promise<void> {
    const open = await until(() => api.connections().find((each) => each.state === 'open'))
    assert.equal(open.transport, 'websocket')
    assert.match(open.url, /\/feed\?a=%26&b=/)
    // If a link was opened twice, the second connection may come late.
    await until(async () => {
      const left = api.connections().filter(({ state }) => !['closed', 'failed'].includes(state))
      for (const { id } of left) await run('disconnect', id)
      return left.length === 0
    })
  }

  it('show Inspect above a constructor, which connects', async () => {
    for (const language of ['javascript', 'typescript', 'javascriptreact', 'typescriptreact', 'html']) {
      const [lens, ...more] = await lenses(language, `\nnew WebSocket('${url}')\nnew EventSource(path)\n`)
      assert.ok(lens?.command, language)
      assert.deepEqual([more.length, lens.range.start.line, lens.command.title], [0, 1, 'Inspect'])
      if (language !== 'typescript') continue
      await vscode.commands.executeCommand(lens.command.command, ...(lens.command.arguments ?? []))
      await opensAConnection()
    }
  })

  it('do not show Inspect in other languages, or if the setting is off', async () => {
    const text = `new EventSource('http://127.0.0.1/')`
    assert.equal((await lenses('javascript', text)).length, 1)
    assert.equal((await lenses('plaintext', text)).length, 0)
    await vscode.workspace.getConfiguration().update(SETTING, false, true)
    assert.equal((await lenses('javascript', text)).length, 0)
  })

  it('link the URL of a WebSocket in any document, which connects', async () => {
    // A file has its language at once. For an untitled document, the editor guesses one some time later.
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? assert.fail('no folder is open')
    const file = vscode.Uri.joinPath(folder, 'feed.txt')
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(`The feed is at ${url}.`))
    const document = await vscode.workspace.openTextDocument(file)
    const [link, ...more] = await links(document)
    assert.ok(link)
    assert.deepEqual([more.length, link.range.start.character], [0, 15])
    const before = api.connections().length
    // The editor finds its links some time after it is shown, and the command does not wait for what it opens.
    let pressed = 0
    await until(async () => {
      if (api.connections().length > before) return true
      if (performance.now() - pressed < PATIENCE) return false
      await vscode.window.showTextDocument(document, { selection: link.range })
      await vscode.commands.executeCommand('editor.action.openLink')
      pressed = performance.now()
      return false
    })
    await opensAConnection()
  })

  it('skip large documents', async () => {
    const content = `${url}\n${'x'.repeat(1_000_000)}`
    assert.deepEqual(await links(await vscode.workspace.openTextDocument({ content })), [])
  })
})
