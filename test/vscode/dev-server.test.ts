/**
 * An app on a real dev server, opened in a real browser through a recording proxy, while the window is attached to the browser as
 * well: both see the same traffic.
 */
import assert from 'node:assert/strict'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as vscode from 'vscode'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import type { RealtimeInspectorApi } from '../../src/vscode/api.ts'
import { CONNECTIONS, DevApp, POLL, SOCKET_LINE } from '../support/dev-app.ts'
import { activated, canSearchFiles, run, until } from './inspector.ts'

const WAYS = ['proxy', 'debugger'] as const

describe('an app on a dev server', () => {
  let api: RealtimeInspectorApi
  let folder: string
  let app: DevApp
  let proxy: { readonly id: number; readonly listening: string }
  let program: { readonly id: number }

  before(async () => {
    api = await activated()
    folder = join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? assert.fail('no folder'), 'dev-app')
    await mkdir(folder)
    app = await DevApp.start(folder, join(__dirname, '..', '..', '..', 'node_modules'))
    proxy = (await run('startProxy', { target: app.url })) as typeof proxy
    const endpoint = await app.open(proxy.listening)
    program = (await run('attach', { endpoint, match: '/api/' })) as typeof program
    app.go()
  })

  after(async () => {
    await app?.stop()
    await run('stopProxy', proxy.id)
    await until(() => api.connections().every(({ state }) => state === 'closed'))
    await vscode.commands.executeCommand('workbench.action.closeAllEditors')
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    await run('clear')
  })

  const seen = (source: string, path: string): ConnectionStatus | undefined =>
    api.connections().find((each) => each.source === source && new URL(each.url).pathname === path)

  /** The events that a filter finds on a connection, once there are as many as `least`. */
  const eventsOf = (source: string, path: string, filter: string, least: number) =>
    until(async () => {
      const connection = seen(source, path)
      const events = connection && (await api.events(connection.id, filter))
      return events !== undefined && events.length >= least && events
    })

  const messages = async (source: string, path: string, least: number) =>
    (await eventsOf(source, path, 'type:message', least)).map(({ direction, text }) => [direction, text])

  for (const { path, messages: expected } of CONNECTIONS)
    it(`has the messages of ${path} recorded by the proxy and by the debugger, in the same order`, async () => {
      for (const source of WAYS)
        assert.deepEqual(await messages(source, path, expected.length), expected, source)
    })

  it('has its polls recorded by both', async () => {
    await until(async () => {
      const [byProxy = [], byDebugger = []] = await Promise.all(
        WAYS.map(async (source) => (await messages(source, POLL, 1)).map(([, text]) => text)),
      )
      // They are found by repetition, and so one of the two may have found them earlier.
      const both = byProxy.filter((text) => byDebugger.includes(text))
      const from = byDebugger.indexOf(both[0])
      assert.deepEqual(byDebugger.slice(Math.max(from, 0)).slice(0, both.length), both)
      return both.length >= 3
    })
  })

  it('has its code opened at the line that opened the WebSocket', async function () {
    if (!(await canSearchFiles())) this.skip()
    await run('goToCode', seen('debugger', '/api/socket')?.id)
    const editor = vscode.window.activeTextEditor
    assert.equal(editor?.document.uri.fsPath, join(folder, SOCKET_LINE.file))
    assert.equal((editor?.selection.start.line ?? -1) + 1, SOCKET_LINE.line)
  })

  it('opens its WebSocket again after it was cut on purpose, which both see, and which is diagnosed', async () => {
    const { id } = seen('proxy', '/api/socket') ?? assert.fail('no WebSocket')
    await run('cutConnection', id)
    const [{ messages: said }] = CONNECTIONS
    for (const source of WAYS) {
      const [reconnect] = await eventsOf(source, '/api/socket', 'type:reconnect', 1)
      assert.equal(reconnect?.attempt, 1, source)
      assert.deepEqual(await messages(source, '/api/socket', 2 * said.length), [...said, ...said], source)
    }
    const found = await until(async () =>
      (await api.diagnose()).find(({ rule }) => rule === 'no-close-frame'),
    )
    assert.equal(found.connection, id)
  })

  it('goes on after the window has left it', async () => {
    await run('detach', program.id)
    await until(() => seen('debugger', '/api/events')?.state === 'closed')
    assert.equal(seen('proxy', '/api/events')?.state, 'open')
  })
})
