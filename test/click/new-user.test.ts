/**
 * A new user in a workbench: from an empty folder to requests for two environments with a secret, which run, are shared
 * through git, and run in the terminal. All that is known is what the walkthrough says.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Locator } from 'playwright-core'
import { WebSocketServer } from 'ws'
import { builtCli } from '../support/cli.ts'
import { closeServers, listen } from '../support/loopback.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { type OpenedInspector, oneStory, openInspector } from './story.ts'
import type { Workbench } from './workbench.ts'

const SECRET = 'correct-horse-battery'
const OF_COLLEAGUE = 'staple-of-a-colleague'

/** A server of the user's own, with the paths of the example. */
interface OwnServer {
  readonly host: string
  /** What was asked for, with the credentials. */
  readonly seen: string[]
  /** Emits `request`. */
  readonly asked: EventEmitter
}

async function startOwnServer(): Promise<OwnServer> {
  const seen: string[] = []
  const asked = new EventEmitter()
  const note = ({ url, headers: { authorization = '' } }: IncomingMessage) => {
    seen.push(`${url} ${authorization}`)
    asked.emit('request')
  }
  const server = createServer((request, response) => {
    note(request)
    if (request.url === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('event: price\ndata: {"symbol":"OWN","price":7}\n\n')
    } else
      response.writeHead(200, { 'content-type': 'application/json' }).end(`{"own":"status ${seen.length}"}`)
  })
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket, request) => {
    note(request)
    socket.on('message', (data) => socket.send(`{"own":"answer","to":${data}}`))
    const timer = setInterval(() => socket.send('{"own":"price"}'), 50)
    socket.on('close', () => clearInterval(timer))
  })
  return { host: `127.0.0.1:${await listen(server)}`, seen, asked }
}

describe('a new user with an empty folder', () => {
  oneStory(() => workbench)
  let opened: OpenedInspector
  let workbench: Workbench
  let own: OwnServer

  before(async () => {
    own = await startOwnServer()
    // What a terminal shows can be read if it is not drawn by the graphics card.
    opened = await openInspector({}, { 'terminal.integrated.gpuAcceleration': 'off' })
    workbench = opened.workbench
  })
  after(async () => {
    await opened?.close()
    closeServers()
    removeTempDirs()
  })

  const picture = (step: string) => workbench.screenshot(`requests-${step}`)
  const walkthrough = () => workbench.page.locator('.gettingStartedContainer')
  const lens = (text: string, nth = 0): Locator =>
    workbench.page.locator('.codelens-decoration a').filter({ hasText: text }).nth(nth)
  const box = () => workbench.page.locator('.quick-input-widget')
  const dialog = () => workbench.page.locator('.monaco-dialog-box')
  const tab = (name: RegExp) => workbench.page.getByRole('tab', { name })
  const line = (text: string) => workbench.page.locator('.view-line').filter({ hasText: text }).first()
  const environment = () => workbench.page.locator('[id$="realtimeInspector.statusEnvironment"]')
  const press = (key: string) => workbench.page.keyboard.press(key)

  async function replaceAll(found: string, by: string): Promise<void> {
    await press('Control+H')
    const find = workbench.page.locator('.find-widget.visible')
    await find.getByRole('textbox', { name: 'Find' }).fill(found)
    await find.getByRole('textbox', { name: 'Replace' }).fill(by)
    await press('Control+Alt+Enter')
    await line(by).waitFor()
    await press('Escape')
  }

  it('finds in the walkthrough how to keep requests', async () => {
    await workbench.command('Welcome: Open Walkthrough...')
    await workbench.pick('Get Started with Realtime Inspector')
    await walkthrough().getByText('Keep Requests in a File').click()
    await walkthrough().getByRole('button', { name: 'Create Example Requests' }).waitFor()
    await picture('walkthrough')
  })

  it('gets three requests and two environments by one press', async () => {
    await walkthrough().getByRole('button', { name: 'Create Example Requests' }).click()
    await lens('Connect', 2).waitFor()
    await environment().filter({ hasText: 'demo' }).waitFor()
    assert.deepEqual((await readdir(opened.folder)).sort(), ['http-client.env.json', 'requests.http'])
    await picture('example')
  })

  it('is asked for the secret once, and sees the events', async () => {
    await lens('Connect').click()
    await box().getByText('Secret API_TOKEN', { exact: true }).waitFor()
    await picture('secret')
    await workbench.page.keyboard.type(SECRET)
    await press('Enter')
    // It ends by itself after 40 messages, on a busy machine before the panel has loaded.
    const connections = workbench.panel.getByRole('list', { name: 'Connections', exact: true })
    await connections.getByText('prices').first().waitFor()
    await lens('Disconnect').waitFor({ state: 'detached' })
    const lenses = workbench.page.locator('.codelens-decoration').first()
    await lenses.getByText(/Closed.* 40 messages/).waitFor()
    await workbench.connection('/ticker').getByText('closed').waitFor()
    await picture('run')
  })

  it('writes the server of their own into the environments, and chooses it in the status bar', async () => {
    await workbench.page.getByRole('treeitem', { name: 'http-client.env.json' }).dblclick()
    await tab(/^http-client\.env\.json/).waitFor()
    await line('example.com').click()
    await replaceAll('wss://example.com', `ws://${own.host}`)
    await replaceAll('https://example.com', `http://${own.host}`)
    await press('Control+S')
    await environment().click()
    await box().getByText('production').first().waitFor()
    await picture('environments')
    await workbench.pick('production')
    await environment().filter({ hasText: 'production' }).waitFor()
  })

  it('runs a request there, and is asked before the first', async () => {
    await tab(/^requests\.http/).click()
    await lens('Connect', 1).click()
    await dialog().getByText('Run “events” in the environment “production”?').waitFor()
    await picture('confirm')
    await dialog().getByRole('button', { name: 'Run' }).click()
    await workbench.rows(/OWN/).first().waitFor()
    assert.deepEqual(own.seen, [`/events Bearer ${SECRET}`])
    await picture('production')
  })

  it('runs all of them in the terminal, where nothing is installed', async () => {
    own.seen.length = 0
    await workbench.command('Realtime: Run Requests in Terminal')
    const terminal = workbench.page.locator('.terminal-wrapper.active')
    await terminal.getByText('Secret API_TOKEN:').waitFor()
    await terminal.locator('.xterm').click()
    await workbench.page.keyboard.type(SECRET)
    await press('Enter')
    while (!own.seen.some((each) => each.startsWith('/status'))) await once(own.asked, 'request')
    assert.ok(own.seen.includes(`/ticker Bearer ${SECRET}`) && own.seen.includes(`/events Bearer ${SECRET}`))
    await picture('terminal')
  })

  it('shares the files through git: a colleague runs them with a secret of their own', async () => {
    const git = (cwd: string, ...args: readonly string[]) => promisify(execFile)('git', args, { cwd })
    const { folder } = opened
    const identity = ['-c', 'user.name=New User', '-c', 'user.email=new@example.com']
    await git(folder, 'init')
    await git(folder, 'add', '-A')
    await git(folder, ...identity, 'commit', '-m', 'Keep requests')
    const clone = join(tempDir(), 'clone')
    await git(folder, 'clone', folder, clone)
    for (const name of await readdir(clone, { withFileTypes: true }))
      if (name.isFile())
        assert.ok(!(await readFile(join(clone, name.name), 'utf8')).includes(SECRET), name.name)
    own.seen.length = 0
    const args = [await builtCli(), 'run', 'requests.http', '--env', 'production']
    await promisify(execFile)(process.execPath, args, {
      cwd: clone,
      env: { ...process.env, API_TOKEN: OF_COLLEAGUE },
    })
    // The run in the terminal may still poll.
    assert.deepEqual([...new Set(own.seen)].sort(), [
      `/events Bearer ${OF_COLLEAGUE}`,
      '/status ',
      `/ticker Bearer ${OF_COLLEAGUE}`,
    ])
  })
})
