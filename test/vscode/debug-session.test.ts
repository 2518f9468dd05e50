/** Programs under the JavaScript debugger of VS Code: its own debugger, real programs, and what is seen of them. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import * as vscode from 'vscode'
import { WebSocketServer } from 'ws'
import { findChromium } from '../../scripts/system.ts'
import type { RealtimeInspectorApi, SessionEvent } from '../../src/vscode/api.ts'
import { activated, canSearchFiles, run, until } from './inspector.ts'

const PAGE = `<!doctype html><script type="module" src="/page.js"></script>`

/** Waits until it is inspected, and then opens a WebSocket in line 4, and an event stream. */
const PAGE_SCRIPT = `await fetch('/go')

function openSocket() {
  const socket = new WebSocket(\`ws://\${location.host}/socket\`)
  socket.onopen = () => socket.send('from the page')
}
openSocket()
const events = new EventSource('/events')
events.onmessage = () => {}
`

/** Waits until it is inspected, and then reads an event stream. */
const programScript = (origin: string) => `await fetch('${origin}/go')
async function read() {
  const response = await fetch('${origin}/events')
  for await (const chunk of response.body) process.stdout.write(chunk)
}
await read()
`

/** Node.js of the development dependencies: that of the editor may be older than what reports traffic. */
function nodeProgram(): string {
  const own = join(__dirname, '..', '..', '..', 'node_modules', 'node', 'bin', 'node')
  return existsSync(own) ? own : process.execPath
}

describe('a program that VS Code debugs', () => {
  let api: RealtimeInspectorApi
  let folder: vscode.WorkspaceFolder
  let server: Server
  let origin: string
  /** Requests of programs that wait until they are inspected. */
  let waiting: ServerResponse[] = []
  /** The event streams that programs have open. */
  let streams: ServerResponse[] = []
  const file = (name: string) => join(folder.uri.fsPath, 'debugged', name)

  before(async () => {
    api = await activated()
    folder = vscode.workspace.workspaceFolders?.[0] ?? assert.fail('no folder')
    server = createServer((request, response) => {
      if (request.url === '/go') waiting.push(response)
      else if (request.url === '/events') {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.flushHeaders()
        streams.push(response)
      } else if (request.url === '/page.js')
        response.writeHead(200, { 'content-type': 'text/javascript' }).end(PAGE_SCRIPT)
      else response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE)
    })
    new WebSocketServer({ server, path: '/socket' }).on('connection', (peer) =>
      peer.on('message', (data) => peer.send(`echo of ${String(data)}`)),
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await mkdir(file('.'), { recursive: true })
    await writeFile(file('page.js'), PAGE_SCRIPT)
    await writeFile(file('program.mjs'), programScript(origin))
  })

  afterEach(async () => {
    await vscode.debug.stopDebugging()
    await until(() => api.connections().every(({ state }) => state === 'closed'))
    await vscode.commands.executeCommand('workbench.action.closeAllEditors')
    await run('clear')
  })

  after(async () => {
    server.closeAllConnections()
    server.close()
    await rm(file('.'), { recursive: true, force: true })
  })

  /** Starts a program, inspects it while it waits, and lets it go on. */
  async function inspect(configuration: vscode.DebugConfiguration): Promise<void> {
    waiting = []
    streams = []
    assert.ok(await vscode.debug.startDebugging(folder, configuration), 'the debugger did not start')
    await until(() => waiting.length > 0)
    // The editor may hear of a page's debug session after the page has begun.
    const attached = await until(async () => {
      const found = (await run('inspectDebugSession')) as { limits: readonly string[] }[]
      return found.length > 0 && found
    })
    assert.equal(attached.length, 1)
    assert.ok((attached[0]?.limits.length ?? 0) > 0)
    for (const response of waiting) response.end()
    await until(() => connectionTo('/events')?.state === 'open')
    for (const stream of streams) stream.write('data: one\n\ndata: two\n\n')
  }

  const connectionTo = (path: string) =>
    api.connections().findLast(({ url }) => new URL(url).pathname === path)

  /** The events of the connection to a path, once a filter finds as many as `least`. */
  async function eventsOf(path: string, filter: string, least: number): Promise<readonly SessionEvent[]> {
    return await until(async () => {
      const connection = connectionTo(path)
      if (connection === undefined) return undefined
      const events = await api.events(connection.id, filter)
      return events.length >= least && events
    })
  }

  const payloads = (events: readonly SessionEvent[]) => events.map(({ direction, text }) => [direction, text])

  async function goesTo(path: string, expected: string, line: number): Promise<void> {
    await run('goToCode', connectionTo(path)?.id)
    const editor = vscode.window.activeTextEditor
    assert.deepEqual(
      [editor?.document.uri.fsPath, (editor?.selection.start.line ?? -1) + 1],
      [expected, line],
    )
  }

  it('is a page: its WebSocket and its event stream are seen, and the line that opened the WebSocket', async () => {
    await inspect({
      ...{ type: 'chrome', request: 'launch', name: 'page', url: `${origin}/`, userDataDir: true },
      ...{ runtimeExecutable: findChromium(), browserLaunchLocation: 'workspace' },
      runtimeArgs: ['--no-sandbox', '--headless', '--disable-gpu', '--disable-quic', '--no-first-run'],
    })
    assert.deepEqual(payloads(await eventsOf('/socket', 'type:message', 2)), [
      ['out', 'from the page'],
      ['in', 'echo of from the page'],
    ])
    assert.deepEqual(payloads(await eventsOf('/events', 'type:message', 2)), [
      ['in', 'one'],
      ['in', 'two'],
    ])
    const [connect] = await eventsOf('/socket', 'type:connect', 1)
    assert.equal(connect?.source, 'debugger')
    // Otherwise the source that the debugger has is opened.
    if (await canSearchFiles()) await goesTo('/socket', file('page.js'), 4)
  })

  it('is a Node.js program: what it fetches is seen', async () => {
    await inspect({
      ...{ type: 'node', request: 'launch', name: 'program', program: file('program.mjs') },
      ...{ runtimeExecutable: nodeProgram(), console: 'internalConsole', experimentalNetworking: 'on' },
    })
    assert.deepEqual(payloads(await eventsOf('/events', 'type:message', 2)), [
      ['in', 'one'],
      ['in', 'two'],
    ])
    await goesTo('/events', file('program.mjs'), 3)
  })

  it('is not inspected in place of a program of another debugger', async () => {
    await inspect({
      ...{ type: 'node', request: 'launch', name: 'program', program: file('program.mjs') },
      ...{ runtimeExecutable: nodeProgram(), console: 'internalConsole', experimentalNetworking: 'on' },
    })
    // The menu of the call stack names a session by its id.
    await assert.rejects(
      async () => await run('inspectDebugSession', 'of a Python program'),
      /^\w+: Only what VS Code’s JavaScript debugger runs/,
    )
  })

  it('is left when it ends, and its connections end with it', async () => {
    await inspect({
      ...{ type: 'node', request: 'launch', name: 'program', program: file('program.mjs') },
      ...{ runtimeExecutable: nodeProgram(), console: 'internalConsole', experimentalNetworking: 'on' },
    })
    await eventsOf('/events', 'type:message', 2)
    await vscode.debug.stopDebugging()
    await until(() => api.connections().every(({ state }) => state === 'closed'))
    await assert.rejects(async () => await run('detach', 1), /no longer attached/)
  })

  it('is left on request, and goes on', async () => {
    await inspect({
      ...{ type: 'node', request: 'launch', name: 'program', program: file('program.mjs') },
      ...{ runtimeExecutable: nodeProgram(), console: 'internalConsole', experimentalNetworking: 'on' },
    })
    await eventsOf('/events', 'type:message', 2)
    await run('detach')
    await until(() => api.connections().every(({ state }) => state === 'closed'))
    assert.ok(vscode.debug.activeDebugSession)
  })
})
