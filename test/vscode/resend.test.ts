/** A recording sent to a live peer, in a real extension host. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import * as vscode from 'vscode'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Resent } from '../../src/shared/protocol/resending.ts'
import type { RealtimeInspectorApi } from '../../src/vscode/api.ts'
import { message, opened } from '../support/recording.ts'
import { writeSession } from '../support/recording-file.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { activated, until } from './inspector.ts'

const run = (name: string, ...args: unknown[]) => vscode.commands.executeCommand<unknown>(name, ...args)
const resend = (...args: unknown[]) => run('realtimeInspector.resendSession', ...args) as Promise<Resent>

describe('a recording sent to a live peer', () => {
  let api: RealtimeInspectorApi
  let server: WebSocketServer
  let url: string
  let folder: string
  let heard: string[]

  before(async () => {
    api = await activated()
    folder = tempDir()
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    server.on('connection', (socket: WebSocket) => {
      socket.on('message', (data) => {
        heard.push(String(data))
        socket.send(String(data).toUpperCase())
      })
    })
    await once(server, 'listening')
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/feed`
  })

  beforeEach(async () => {
    heard = []
    await run('notifications.clearAll')
  })

  after(async () => {
    await run('workbench.action.closeAllEditors')
    await run('realtimeInspector.clear')
    for (const client of server.clients) client.terminate()
    server.close()
    removeTempDirs()
  })

  /** A session in which the second connection sends two messages, the other at `second` ms, and receives answers. */
  function recorded(name: string, second = 150): vscode.Uri {
    const events = [
      ...opened(1, 0, 'ws://localhost/other'),
      message(5, 'not to be sent'),
      ...opened(2, 10, url),
      message(20, 'a', { connection: 2, direction: 'out' }),
      message(30, 'A', { connection: 2 }),
      message(second, 'b', { connection: 2, direction: 'out' }),
      message(second + 10, 'B', { connection: 2 }),
    ]
    return vscode.Uri.file(writeSession(folder, name, events))
  }

  it('uses an ordinary connection of the live session, and is compared with the original', async () => {
    const file = recorded('recorded.rtsession')
    for (const [args, pace] of [
      [[{ file: file.fsPath, url, pace: 'answers' }], 'answers'],
      [[file, { url, speed: 4 }], 'time'],
    ] as const) {
      heard = []
      const { id, sent, of, answers, expected, failure } = await resend(...args)
      assert.deepEqual([sent, of, answers, expected, failure], [2, 2, 2, 2, undefined], pace)
      assert.deepEqual(heard, ['a', 'b'])
      const live = api.connections().find((each) => each.id === id)
      assert.deepEqual([live?.state, live?.messagesIn, live?.messagesOut], ['closed', 2, 2])
      await run('notification.acceptPrimaryAction')
      const labels = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label))
      await until(() => labels().includes(`recorded.rtsession ↔ connection ${id}`))
    }
  })

  it('asks for the URL, with the recorded one as default, and for the timing', async () => {
    const file = recorded('asked.rtsession')
    let isOver = false
    const resent = resend(file).finally(() => {
      isOver = true
    })
    // Accepts the first item of each quick pick.
    while (!isOver) {
      await run('workbench.action.acceptSelectedQuickOpenItem')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    assert.equal((await resent).sent, 2)
    assert.deepEqual(heard, ['a', 'b'])
  })

  it('is the one in the active editor if no file is given', async () => {
    const file = recorded('open.rtsession')
    await run('vscode.open', file)
    await until(() => api.recordings().some(({ uri }) => uri.toString() === file.toString()))
    assert.equal((await resend(undefined, { url, speed: null })).sent, 2)
    await run('workbench.action.closeAllEditors')
  })

  it('is rejected with a sentence if it cannot be sent', async () => {
    const file = recorded('refused.rtsession')
    for (const [given, told] of [
      [{ url, speed: -1 }, /The options of resendSession are/],
      [{ url, pace: 'answers', speed: 2 }, /give either/],
      [{ url: 'http://127.0.0.1/' }, /A WebSocket needs a ws: or wss: URL/],
      [{ url, connection: 1 }, /Connection 1 of the session sent no messages; name one of 2\./],
    ] as const)
      await assert.rejects(async () => await resend(file, given), { message: told })
    await assert.rejects(async () => await resend(vscode.Uri.file(join(folder, 'none.rtsession')), { url }), {
      message: /There is no file/,
    })
    assert.deepEqual(heard, [])
  })

  it('reports how much was sent if the peer disconnects', async () => {
    // The second message is due long after the peer has left, however busy the machine is.
    const file = recorded('left.rtsession', 600_000)
    server.once('connection', (socket: WebSocket) => socket.on('message', () => socket.close(1000)))
    const { sent, failure } = await resend(file, { url })
    assert.deepEqual([sent, failure?.code], [1, 'NOT_SENT'])
  })
})
