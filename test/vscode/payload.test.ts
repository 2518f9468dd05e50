/** Payloads in a real VS Code: as documents, in its diff editor, on the clipboard and in files. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as vscode from 'vscode'
import type { SessionEvent } from '../../src/vscode/api.ts'
import { closeServers, serveWebSocket } from '../support/loopback.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { activated, run } from './inspector.ts'

const MESSAGES = [
  '{"type":"trade","price":1.00}',
  '{"type":"trade","price":2.50}',
  '<feed><a/></feed>',
] as const
/** Number of events of a connection before its first message: `connect` and `open`. */
const FIRST = 2
const BINARY = FIRST + MESSAGES.length

describe('payloads', () => {
  let folder: string

  before(async () => {
    const api = await activated()
    folder = tempDir()
    const url = await serveWebSocket((socket) => {
      for (const message of MESSAGES) socket.send(message)
      socket.send(Buffer.of(0, 1, 255))
    })
    for (const { id } of api.connections()) await run('disconnect', id)
    await run('clear')
    const came = new Promise<void>((resolve) => {
      const listening = api.onEvent((event: SessionEvent) => {
        if (event.base64 !== 'AAH/') return
        listening.dispose()
        resolve()
      })
    })
    await api.connect({ url: `${url}?token=hunter2` })
    await came
  })

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors')
    closeServers()
    removeTempDirs()
  })

  function shown(ending: string): vscode.TextDocument {
    const found = vscode.workspace.textDocuments.find(
      ({ uri }) => uri.scheme === 'realtime-inspector' && uri.path.endsWith(ending),
    )
    assert.ok(found, `no document ${ending} among ${vscode.workspace.textDocuments.map(({ uri }) => uri)}`)
    return found
  }

  it('open as documents in the language of their content, with JSON formatted and all digits kept', async () => {
    await run('openPayload', FIRST)
    const json = shown(`trade-${FIRST + 1}.json`)
    assert.equal(json.languageId, 'json')
    assert.equal(json.getText(), '{\n  "type": "trade",\n  "price": 1.00\n}\n')
    assert.equal(vscode.window.activeTextEditor?.document, json)
    await run('openPayload', FIRST + 2)
    const xml = shown(`${FIRST + 3}.xml`)
    assert.equal(xml.languageId, 'xml')
    assert.equal(xml.getText(), MESSAGES[2])
  })

  it("are compared in VS Code's diff editor", async () => {
    await run('comparePayloads', FIRST + 1, FIRST)
    const tab = vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .find(({ input }) => input instanceof vscode.TabInputTextDiff)
    assert.ok(tab?.input instanceof vscode.TabInputTextDiff)
    assert.equal(tab.label, `trade-${FIRST + 1}.json ↔ trade-${FIRST + 2}.json`)
    assert.match(tab.input.original.path, new RegExp(`trade-${FIRST + 1}\\.json$`))
    assert.match(tab.input.modified.path, new RegExp(`trade-${FIRST + 2}\\.json$`))
  })

  it('that are binary are compared as hex dumps', async () => {
    await run('comparePayloads', BINARY, FIRST)
    assert.match(shown(`${BINARY + 1}.bin.hex.txt`).getText(), /^00000000 {2}00 01 ff /)
    assert.match(shown(`trade-${FIRST + 1}.json.hex.txt`).getText(), /\{"type":"trade/)
  })

  it('are saved byte for byte', async () => {
    const uri = vscode.Uri.file(join(folder, 'payload.bin'))
    await run('savePayload', BINARY, uri)
    assert.deepEqual([...(await readFile(uri.fsPath))], [0, 1, 255])
  })

  it('are rejected with a sentence if they do not exist', async () => {
    await assert.rejects(async () => await run('openPayload', 0), { message: /^Event 1 has no payload\.$/ })
    await assert.rejects(async () => await run('openPayload', 9999), {
      message: /^Event 10000 does not exist/,
    })
    await assert.rejects(async () => await run('openPayload', 'x'), { message: /by its number/ })
  })

  it('that are gone say so in documents that are read again', async () => {
    await run('openPayload', FIRST)
    const { uri } = shown(`trade-${FIRST + 1}.json`)
    await run('clear')
    const again = uri.with({ path: uri.path.replace('trade', 'another') })
    const document = await vscode.workspace.openTextDocument(again)
    assert.match(document.getText(), /^This payload is gone/)
  })
})
