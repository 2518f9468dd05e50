/** The extension in a real extension host, against real servers on loopback. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as vscode from 'vscode'
import { type WebSocket, WebSocketServer } from 'ws'
import type { RealtimeInspectorApi, SessionEvent } from '../../src/vscode/api.ts'
import { COMMANDS } from '../../src/vscode/contributions.ts'
import { activated, run } from './inspector.ts'

/** Calls `find` after each event of the session, and resolves to its first result that is defined. */
function eventually<T>(api: RealtimeInspectorApi, find: () => T | undefined): Promise<T> {
  return new Promise((resolve) => {
    let subscription: vscode.Disposable | undefined
    const look = () => {
      const found = find()
      if (found === undefined) return
      subscription?.dispose()
      clearInterval(timer)
      resolve(found)
    }
    subscription = api.onEvent(look)
    // A state can change without an event, and an event may arrive before the state that follows it.
    const timer = setInterval(look, 50)
    look()
  })
}

function connection(api: RealtimeInspectorApi, id: number) {
  return api.connections().find((each) => each.id === id)
}

function inState(api: RealtimeInspectorApi, id: number, state: string) {
  return eventually(api, () => {
    const found = connection(api, id)
    return found?.state === state ? found : undefined
  })
}

describe('the extension', () => {
  let api: RealtimeInspectorApi
  let http: Server
  let sockets: WebSocketServer
  let port: number
  let folder: string
  const heard: SessionEvent[] = []
  let listening: vscode.Disposable

  before(async () => {
    api = await activated()
    listening = api.onEvent((event) => heard.push(event))
    http = createServer((request, response) => {
      if (request.url?.startsWith('/events') === true) {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write('id: 1\nevent: greeting\ndata: hello from SSE\n\n')
        return
      }
      response.writeHead(404).end()
    })
    sockets = new WebSocketServer({ server: http })
    sockets.on('connection', (socket: WebSocket) => {
      socket.send('welcome')
      socket.on('message', (data: Buffer, isBinary: boolean) => socket.send(data, { binary: isBinary }))
    })
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    port = (http.address() as AddressInfo).port
    folder = await mkdtemp(join(tmpdir(), 'realtime-inspector-'))
  })

  after(async () => {
    listening.dispose()
    for (const socket of sockets.clients) socket.terminate()
    http.closeAllConnections()
    http.close()
    await rm(folder, { recursive: true, force: true })
  })

  function messagesOn(id: number): string[] {
    return heard.flatMap((event) =>
      event.type === 'message' && event.connection === id && event.direction !== 'out'
        ? [event.text ?? '']
        : [],
    )
  }

  it('registers every command it contributes', async () => {
    const registered = new Set(await vscode.commands.getCommands(true))
    for (const id of COMMANDS) assert.ok(registered.has(id), id)
  })

  it('has nothing to save before the first connection', async () => {
    const uri = vscode.Uri.file(join(folder, 'nothing.rtsession'))
    await assert.rejects(api.save(uri), { message: /^There is nothing to save yet\./ })
  })

  it('connects by its command, reports every event, receives an echo, and disconnects', async () => {
    const id = await run('connect', { url: `ws://127.0.0.1:${port}/echo?token=hunter2` })
    assert.ok(typeof id === 'number')
    const open = await inState(api, id, 'open')
    assert.equal(open.transport, 'websocket')
    assert.equal(open.url, `ws://127.0.0.1:${port}/echo?token=***`)
    assert.equal(open.canSend, true)
    await run('send', id, 'an echo, please')
    await eventually(api, () => messagesOn(id).includes('an echo, please') || undefined)
    assert.deepEqual(messagesOn(id), ['welcome', 'an echo, please'])
    const types = heard.filter((event) => event.connection === id).map(({ type }) => type)
    assert.deepEqual(types.slice(0, 2), ['connect', 'open'])
    await run('disconnect', id)
    await inState(api, id, 'closed')
    const close = await eventually(api, () =>
      heard.find((event) => event.type === 'close' && event.connection === id),
    )
    assert.equal(close.by, 'client')
  })

  it('detects the transport of an event stream', async () => {
    const id = await api.connect({ url: `http://127.0.0.1:${port}/events` })
    await eventually(api, () => messagesOn(id).includes('hello from SSE') || undefined)
    assert.equal((await inState(api, id, 'open')).transport, 'sse')
    const event = heard.find((each) => each.type === 'message' && each.connection === id)
    assert.equal(event?.event, 'greeting')
    assert.equal(event?.id, '1')
    await run('disconnect', id)
  })

  it('reconnects by its command', async () => {
    const id = await api.connect({ url: `ws://127.0.0.1:${port}/again` })
    await inState(api, id, 'open')
    await run('disconnect', id)
    await inState(api, id, 'closed')
    await run('reconnect', id)
    await eventually(api, () => messagesOn(id).length === 2 || undefined)
    await inState(api, id, 'open')
    await run('disconnect', id)
  })

  it('shows a refused connection as failed, with a sentence', async () => {
    const { port: free } = await new Promise<AddressInfo>((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const address = server.address() as AddressInfo
        server.close(() => resolve(address))
      })
    })
    const id = await api.connect({ url: `ws://127.0.0.1:${free}/`, reconnect: 'never' })
    const failed = await inState(api, id, 'failed')
    assert.match(failed.error ?? '', /^[A-Z].+\.$/)
    assert.equal(failed.errorCode, 'ECONNREFUSED')
  })

  it('rejects an invalid specification with a sentence', async () => {
    const rejections: readonly [unknown, RegExp][] = [
      [{ url: 'gopher://127.0.0.1/' }, /^The scheme gopher: is not supported/],
      [{ url: 'nonsense' }, /has no scheme; begin it with/],
      [{ url: 'ws://127.0.0.1/', colour: 'red' }, /"colour" is not a known option/],
      ['ws://127.0.0.1/', /must be an object with a "url"/],
    ]
    const before = api.connections().length
    for (const [spec, message] of rejections) {
      await assert.rejects(async () => await run('connect', spec), { message })
      await assert.rejects(async () => await api.connect(spec as never), { message })
    }
    assert.equal(api.connections().length, before)
  })

  it('rejects commands on a connection that does not exist', async () => {
    for (const name of ['disconnect', 'reconnect', 'send'])
      await assert.rejects(async () => await run(name, 9999, 'x'), { message: /no connection 9999/ })
  })

  it('saves a complete session file without secrets', async () => {
    const uri = vscode.Uri.file(join(folder, 'saved.rtsession'))
    const id = await api.connect({
      url: `ws://127.0.0.1:${port}/saved?token=hunter2`,
      headers: { Authorization: 'Bearer s3cr3t' },
    })
    await eventually(api, () => messagesOn(id).includes('welcome') || undefined)
    const result = await api.save(uri)
    const text = await readFile(uri.fsPath, 'utf8')
    assert.ok(text.endsWith('\n'))
    const [head, ...events] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.equal(head.type, 'session')
    assert.equal(head.version, 1)
    assert.equal(events.length, result.events)
    assert.ok(
      events.some((event) => event.type === 'message' && event.connection === id && event.text === 'welcome'),
    )
    assert.doesNotMatch(text, /hunter2|s3cr3t/)
    assert.ok(
      result.masked.includes('Authorization') && result.masked.includes('token'),
      String(result.masked),
    )
    await run('disconnect', id)
  })

  it('saves to a virtual file system', async () => {
    const files = new Map<string, Uint8Array>()
    const memory = memoryFileSystem(files)
    const provider = vscode.workspace.registerFileSystemProvider('realtime-test', memory)
    try {
      const { events } = await api.save(vscode.Uri.parse('realtime-test:/there.rtsession'))
      const lines = new TextDecoder().decode(files.get('/there.rtsession')).trimEnd().split('\n')
      assert.equal(lines.length, events + 1)
    } finally {
      provider.dispose()
    }
  })

  it('opens its panel only once', async () => {
    await run('showPanel')
    await run('showPanel')
    const panels = vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(
        ({ input }) =>
          input instanceof vscode.TabInputWebview && input.viewType.includes('realtimeInspector.panel'),
      )
    assert.equal(panels.length, 1)
  })

  it('disconnects all connections', async () => {
    const ids = await Promise.all(
      ['one', 'two'].map((path) => api.connect({ url: `ws://127.0.0.1:${port}/${path}` })),
    )
    for (const id of ids) await inState(api, id, 'open')
    await run('disconnectAll')
    for (const id of ids) await inState(api, id, 'closed')
  })

  it('clears the session, and reports later events', async () => {
    const id = await api.connect({ url: `ws://127.0.0.1:${port}/clear` })
    await inState(api, id, 'open')
    await eventually(api, () => messagesOn(id).includes('welcome') || undefined)
    await run('clear')
    assert.deepEqual(
      api.connections().map((each) => each.id),
      [id],
    )
    await run('send', id, 'after the clearing')
    await eventually(api, () => messagesOn(id).includes('after the clearing') || undefined)
    await run('disconnect', id)
  })
})

function memoryFileSystem(files: Map<string, Uint8Array>): vscode.FileSystemProvider {
  const changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>()
  return {
    onDidChangeFile: changed.event,
    watch: () => changed,
    stat: ({ path }) => {
      const file = files.get(path)
      if (path === '/') return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 }
      if (file === undefined) throw vscode.FileSystemError.FileNotFound(path)
      return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: file.length }
    },
    readDirectory: () => [],
    createDirectory: () => {},
    readFile: ({ path }) => files.get(path) ?? new Uint8Array(),
    writeFile: ({ path }, content) => void files.set(path, content),
    delete: ({ path }) => void files.delete(path),
    rename: () => {},
  }
}
