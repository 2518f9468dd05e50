/** Requests of `.http` files in a real extension host, against real servers. */
import assert from 'node:assert/strict'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { dirname, join } from 'node:path'
import * as vscode from 'vscode'
import type { RealtimeInspectorApi } from '../../src/vscode/api.ts'
import { closeServers, serveWebSocket } from '../support/loopback.ts'
import { activated, run, until } from './inspector.ts'

describe('requests of files', () => {
  let api: RealtimeInspectorApi
  let root: string
  let host: string
  /** The URLs that were asked for, and the messages that came. */
  const asked: string[] = []
  const heard: string[] = []
  let written: string[] = []

  before(async () => {
    api = await activated()
    const [folder] = vscode.workspace.workspaceFolders ?? []
    root = join(folder?.uri.fsPath ?? assert.fail('no folder is open'), 'requests')
    const url = await serveWebSocket(
      (socket) => {
        socket.on('message', (data) => {
          heard.push(String(data))
          const { type = '', n = 0 } = JSON.parse(String(data))
          socket.send(JSON.stringify({ type: `${type} ok`, token: `brought-${n}` }))
        })
      },
      {
        verifyClient: ({ req }: { req: IncomingMessage }) => {
          asked.push(`${req.url} ${req.headers['x-room'] ?? ''}`.trim())
          return true
        },
      },
    )
    host = new URL(url).host
  })
  afterEach(async () => {
    for (const { id } of api.connections()) await run('disconnect', id)
    await run('clear')
    await run('selectEnvironment', null)
    asked.length = 0
    heard.length = 0
    for (const path of written) await rm(path, { force: true })
    written = []
  })
  after(async () => {
    closeServers()
    await rm(root, { recursive: true, force: true })
  })

  async function file(name: string, text: string): Promise<vscode.Uri> {
    const path = join(root, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
    written.push(path)
    return vscode.Uri.file(path)
  }

  const connection = (id: number) => api.connections().find((each) => each.id === id)
  const opened = (id: number) => until(() => connection(id)?.state === 'open')

  it('are imported from files of other programs into a document that is not saved', async () => {
    const uri = await file('import.sh', 'curl ws://localhost:1/chat -H "Origin: http://a" --frobnicate')
    const opened = await run('importRequests', uri)
    assert.ok(opened instanceof vscode.Uri)
    const document = await vscode.workspace.openTextDocument(opened)
    assert.ok(document.isUntitled)
    assert.match(document.fileName, /\.http$/)
    assert.equal(
      document.getText(),
      '### localhost:1/chat\n# Not imported:\n# - The unknown option --frobnicate was not imported.\n' +
        'WEBSOCKET ws://localhost:1/chat\nOrigin: http://a\n',
    )
    await run('importRequests', await file('none.txt', 'Nothing.')).then(
      () => assert.fail('it was imported'),
      ({ message }) => assert.match(message, /not of a kind that can be imported/),
    )
  })

  it('run by name, and send their messages in order with waits', async () => {
    const uri = await file(
      'chat.http',
      `@room = dev
### First
WEBSOCKET ws://${host}/other

### Chat
# @name chat
WEBSOCKET ws://${host}/chat?room={{room}}
X-Room: {{room}}

{"type":"join","n":1}
=== wait-for-server
{"type":"say","n":2}
`,
    )
    const id = (await run('runRequest', uri, 'chat')) as number
    await opened(id)
    await until(() => heard.length === 2)
    assert.deepEqual(asked, ['/chat?room=dev dev'])
    assert.deepEqual(
      heard.map((text) => JSON.parse(text).type),
      ['join', 'say'],
    )
    await until(() => connection(id)?.script?.done === 3)
    await run('sendRequestMessage', uri, 'chat', 2)
    await until(() => heard.length === 3)
    await run('sendAllMessages', uri, 'chat')
    await until(() => heard.length === 5)
  })

  it('send messages as the file has them now, and end at their limits', async () => {
    const text = `### Chat\n# @option max-messages 2\nWEBSOCKET ws://${host}/\n\n{"type":"join"}\n`
    const uri = await file('edited.http', text)
    const id = (await run('runRequest', uri, 'Chat')) as number
    await until(() => connection(id)?.messagesIn === 1)
    await writeFile(uri.fsPath, text.replace('{"type":"join"}', '{"type":"first"}\n===\n{"type":"join"}'))
    await assert.rejects(async () => await run('sendAllMessages', uri, 'Chat'), { message: /Connect again/ })
    await run('sendRequestMessage', uri, 'Chat', 0)
    await until(() => heard.length === 2)
    assert.equal(heard[1], '{"type":"first"}')
    await until(() => connection(id)?.state === 'closed')
  })

  it('run by a line of theirs, and as an editor shows them, saved or not', async () => {
    const uri = await file(
      'two.http',
      `### One\nWEBSOCKET ws://${host}/one\n\n### Two\nWEBSOCKET ws://${host}/two\n`,
    )
    const document = await vscode.workspace.openTextDocument(uri)
    const edit = new vscode.WorkspaceEdit()
    edit.insert(uri, document.lineAt(4).range.end, '?edited')
    await vscode.workspace.applyEdit(edit)
    await opened((await run('runRequest', uri, 4)) as number)
    await opened((await run('runRequest', uri, 'One')) as number)
    assert.deepEqual(asked, ['/two?edited', '/one'])
    await vscode.window.showTextDocument(document)
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor')
  })

  it('say what is wrong with them', async () => {
    const uri = await file('wrong.http', `### Wrong\n# @name wrong\nWEBSOCKET ws://{{hots}}/\n`)
    await assert.rejects(async () => await run('runRequest', uri, 'wrong'), { message: /hots/ })
    await assert.rejects(async () => await run('runRequest', uri, 'other'), { message: /other/ })
    await assert.rejects(async () => await run('runRequest', vscode.Uri.file('/nowhere.http'), 'x'), {
      message: /nowhere/,
    })
  })

  it('run in the chosen environment', async () => {
    const uri = await file('env.http', `### Env\n# @name env\nWEBSOCKET ws://{{host}}/{{stage}}\n`)
    await file(
      'http-client.env.json',
      JSON.stringify({ $shared: { host }, dev: { stage: 'a' }, staging: { stage: 'b' } }),
    )
    await assert.rejects(async () => await run('runRequest', uri, 'env'), { message: /stage/ })
    for (const name of ['dev', 'staging']) {
      await run('selectEnvironment', name)
      await opened((await run('runRequest', uri, 'env')) as number)
    }
    assert.deepEqual(asked, ['/a', '/b'])
    await run('selectEnvironment', 'nowhere')
    await assert.rejects(async () => await run('runRequest', uri, 'env'), { message: /dev, staging/ })
  })

  it('use what messages of earlier requests of the file have set', async () => {
    const uri = await file(
      'set.http',
      `### Log in
# @name login
# @set token = $.token when $.type == "login ok"
WEBSOCKET ws://${host}/login

{"type":"login","n":7}

### Use
# @name use
WEBSOCKET ws://${host}/use?t={{token}}
`,
    )
    const id = (await run('runRequest', uri, 'login')) as number
    await until(() => connection(id)?.script?.variables.token !== undefined)
    await until(async () => {
      try {
        return await run('runRequest', uri, 'use')
      } catch {
        // The value is fetched a moment after the status says that there is one.
        return undefined
      }
    })
    await until(() => asked.length === 2)
    assert.equal(asked[1], '/use?t=brought-7')
  })

  it('are named in the panel, and lead back to their place', async () => {
    const uri = await file('back.http', `# Comment\n### Back\n# @name back\nWEBSOCKET ws://${host}/\n`)
    const id = (await run('runRequest', uri, 'back')) as number
    await opened(id)
    await run('editRequest', id)
    const editor = await until(() => vscode.window.activeTextEditor)
    assert.equal(editor.document.uri.toString(), uri.toString())
    assert.equal(editor.selection.active.line, 3)
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor')
  })
})
