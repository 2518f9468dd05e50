/** Recording proxies in a real extension host: a real client and a real server, with the proxy of the command between them. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import * as vscode from 'vscode'
import { WebSocket } from 'ws'
import type { RealtimeInspectorApi } from '../../src/vscode/api.ts'
import { closeServers, listen, serveWebSocket } from '../support/loopback.ts'
import { activated, run, until } from './inspector.ts'

interface Started {
  readonly id: number
  readonly listening: string
  readonly target: string
}

describe('a recording proxy', () => {
  let api: RealtimeInspectorApi
  let target: string
  const started: Started[] = []
  const clients: WebSocket[] = []
  const written: string[] = []

  before(async () => {
    api = await activated()
    const url = await serveWebSocket((socket) => {
      socket.on('message', (data, binary) => socket.send(data, { binary }))
      socket.send('welcome')
    })
    target = new URL(url.replace(/^ws/, 'http')).origin
  })
  afterEach(async () => {
    for (const { id } of started.splice(0)) await run('stopProxy', id).then(undefined, () => {})
    for (const client of clients.splice(0)) client.terminate()
    await run('clear')
    for (const path of written.splice(0)) await rm(path, { force: true })
  })
  after(() => closeServers())

  async function start(options: Record<string, unknown> = {}): Promise<Started> {
    const proxy = (await run('startProxy', { target, ...options })) as Started
    started.push(proxy)
    return proxy
  }

  async function connectThrough({ listening }: Started): Promise<WebSocket> {
    const client = new WebSocket(new URL('/chat', listening.replace(/^http/, 'ws')))
    clients.push(client)
    client.on('error', () => {})
    await once(client, 'message')
    return client
  }

  const seen = () => api.connections().filter(({ source }) => source === 'proxy')

  it('records what a client and a server say to each other, in a session that is saved', async () => {
    const proxy = await start()
    assert.match(proxy.listening, /^http:\/\/127\.0\.0\.1:\d+\/?$/)
    assert.equal(proxy.target, target)
    const client = await connectThrough(proxy)
    const echoed = once(client, 'message')
    client.send('hello')
    assert.equal(String((await echoed)[0]), 'hello')
    const connection = await until(() => seen().find(({ messagesIn }) => messagesIn === 2))
    assert.equal(connection.through, proxy.id)
    assert.equal(connection.messagesOut, 1)
    const [folder] = vscode.workspace.workspaceFolders ?? []
    const path = join(folder?.uri.fsPath ?? assert.fail('no folder is open'), 'proxied.rtsession')
    written.push(path)
    await run('saveSession', vscode.Uri.file(path))
    const lines = (await readFile(path, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const recorded = lines.filter((line) => line.connection === connection.id)
    assert.equal(recorded.find(({ type }) => type === 'connect').source, 'proxy')
    assert.deepEqual(
      recorded.filter(({ type }) => type === 'message').map(({ direction, text }) => [direction, text]),
      [
        ['in', 'welcome'],
        ['out', 'hello'],
        ['in', 'hello'],
      ],
    )
  })

  it('causes faults on purpose, and marks the messages that they hit', async () => {
    const proxy = await start()
    await run('setProxyFaults', proxy.id, ['delay=1'])
    await connectThrough(proxy)
    const [connection] = await until(() => (seen()[0]?.messagesIn === 1 ? seen() : undefined))
    const [message] = await api.events(connection?.id ?? 0, 'type:message')
    assert.deepEqual(Object(message).faults, ['delay=1'])
    await assert.rejects(async () => await run('setProxyFaults', proxy.id, ['explode']), /explode/)
  })

  it('cuts a connection on both sides, and leaves the others alone', async () => {
    const proxy = await start()
    const client = await connectThrough(proxy)
    const [first] = await until(() => (seen().length === 1 ? seen() : undefined))
    const other = await connectThrough(proxy)
    const closed = once(client, 'close')
    await run('cutConnection', first?.id)
    await closed
    assert.equal(other.readyState, WebSocket.OPEN)
  })

  it('says that a connection of another program cannot be opened again by us', async () => {
    await connectThrough(await start())
    const [connection] = await until(() => (seen().length === 1 ? seen() : undefined))
    await assert.rejects(
      async () => await run('reconnect', connection?.id),
      /only that program can open it again/,
    )
  })

  it('is stopped, and then nothing listens any more', async () => {
    const proxy = await start()
    const client = await connectThrough(proxy)
    const closed = once(client, 'close')
    await run('stopProxy', proxy.id)
    await closed
    await assert.rejects(fetch(proxy.listening))
    await assert.rejects(async () => await run('stopProxy', proxy.id), /does not run any more/)
  })

  it('says in a sentence that its port is in use, and what is not a target', async () => {
    const other = createServer()
    const port = await listen(other)
    await assert.rejects(
      async () => await start({ port }),
      ({ message }: Error) => message.includes(String(port)) && /^[A-Z0-9].*\.$/.test(message),
    )
    await assert.rejects(async () => await start({ target: 'ftp://localhost' }), /target/)
    await assert.rejects(async () => await start({ port: 70_000 }), /startProxy/)
  })

  it('has a terminal in which programs find it', async () => {
    const opened = new Promise<vscode.Terminal>((resolve) => {
      const listener = vscode.window.onDidOpenTerminal((terminal) => {
        listener.dispose()
        resolve(terminal)
      })
    })
    const proxy = await start()
    await run('openProxyTerminal', proxy.id, 'CHAT_WS_URL')
    const terminal = await opened
    const { env } = terminal.creationOptions as vscode.TerminalOptions
    assert.deepEqual(env, { CHAT_WS_URL: proxy.listening.replace(/^http/, 'ws').replace(/\/$/, '') })
    terminal.dispose()
  })
})
