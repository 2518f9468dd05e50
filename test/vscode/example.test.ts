/** The example for other extensions, installed beside ours. */
import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { closeServers, refusedPort, serveWebSocket } from '../support/loopback.ts'
import { run } from './inspector.ts'

const waitForMessage = (url: string) =>
  vscode.commands.executeCommand('realtimeInspectorExample.waitForMessage', url)

describe('the example extension', () => {
  after(async () => {
    closeServers()
    await run('clear')
  })

  it('gets the first message of a connection that it opens', async () => {
    const url = await serveWebSocket((socket) => socket.send('hello'))
    const result = (await waitForMessage(url)) as { id: number; text: string; findings: readonly string[] }
    assert.equal(result.text, 'hello')
    assert.ok(Array.isArray(result.findings))
    await run('disconnect', result.id)
  })

  it('says in a sentence why a connection does not open', async () => {
    const url = `ws://127.0.0.1:${await refusedPort()}/`
    await assert.rejects(async () => await waitForMessage(url), /refused/)
  })
})
