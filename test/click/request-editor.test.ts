/** The editor of a file of requests in a VS Code in the browser: lenses, colors, marks, and what they do. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { Locator } from 'playwright-core'
import { Server as SocketIoServer } from 'socket.io'
import { becomes, eventually } from '../support/eventually.ts'
import { closeServers, listen } from '../support/loopback.ts'
import { PATIENCE } from '../support/patience.ts'
import { type OpenedInspector, oneStory, openInspector } from './story.ts'
import type { Workbench } from './workbench.ts'

const SHOP = `# The shop app. Environments: dev, staging, production.
@room = dev

### Chat room
# @name chat
# @option protocol socket.io
WEBSOCKET ws://{{host}}/socket.io/?EIO=4&transport=websocket&room={{room}}
X-Client: {{client}}

{ "event": "join", "args": ["{{room}}"], "ack": true }
=== wait-for-server
{ "event": "sum", "args": [20, 22], "ack": true }
===
# @message kick
{ "event": "kick", "args": ["jonas"], "ack": true }

### Explain a price move
# @name explain
# @expect $.text
# @expect "crash" within 60s
POST http://{{host}}/v1/chat/completions
Accept: text/event-stream
Content-Type: application/json

<@ ./explain.json
`

describe('the editor of a file of requests, in a workbench', () => {
  let opened: OpenedInspector | undefined
  let workbench: Workbench

  oneStory(() => opened?.workbench)
  before(async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end('data: {"text":"Prices rose."}\n\n')
    })
    const io = new SocketIoServer(server)
    io.on('connection', (socket) => {
      socket.on('join', (room: string, answer: (joined: string) => void) => answer(room))
      socket.on('sum', (a: number, b: number, answer: (sum: number) => void) => answer(a + b))
      const typing = setInterval(() => socket.emit('typing', 'jonas'), 500)
      socket.on('disconnect', () => clearInterval(typing))
    })
    const host = `127.0.0.1:${await listen(server)}`
    const environments = { dev: { host, client: 'tests' }, production: { host: 'shop.example.com' } }
    opened = await openInspector({
      'shop.http': SHOP,
      'explain.json': '{"stream":true}',
      'http-client.env.json': JSON.stringify(environments, undefined, 2),
    })
    workbench = opened.workbench
    await workbench.page.getByRole('treeitem', { name: 'shop.http' }).dblclick()
  })
  after(async () => {
    await opened?.close()
    closeServers()
  })

  const editor = () => workbench.page.locator('.editor-instance .monaco-editor').first()
  const rows = () => editor().locator('.codelens-decoration:visible')
  const row = (text: string | RegExp) => rows().filter({ hasText: text })
  /** The lines of the editor that are in view. */
  const line = (text: string) =>
    editor()
      .locator('.view-line')
      .filter({ hasText: text.replaceAll(' ', '\u00a0') })
  const top = async (text: string) => (await line(text).boundingBox())?.y ?? assert.fail(text)

  /** Presses a lens until the row of the text appears: a press is lost if the editor updates the lenses meanwhile. */
  const press = async (lens: () => Locator, expected: string | RegExp) => {
    const appears = () =>
      row(expected)
        .first()
        .waitFor({ timeout: 10_000 })
        .then(
          () => true,
          () => false,
        )
    const deadline = performance.now() + PATIENCE
    do {
      if (performance.now() > deadline) assert.fail(`${expected} does not appear.`)
      await lens().click()
    } while (!(await appears()))
  }
  const connectLens = (at: number) => row('Connect').nth(at).getByText('Connect')

  it('has a lens for each request and each message', async () => {
    await row('Connect').nth(1).waitFor()
    await row('Send').nth(2).waitFor()
    await becomes(() => rows().count(), 5)
  })

  it('marks variables of no environment, until one is chosen in the status bar', async () => {
    const marks = editor().locator('.squiggly-warning')
    await marks.first().waitFor()
    await workbench.command('Realtime: Select Environment')
    await workbench.pick('dev')
    await marks.first().waitFor({ state: 'detached' })
  })

  it('colors what a request says', async () => {
    const colorOf = (text: string, part: string) =>
      line(text)
        .locator('span > span')
        .filter({ hasText: part })
        .first()
        .evaluate((element) => getComputedStyle(element).color)
    const comment = await colorOf('# The shop app.', 'shop')
    const method = await colorOf('WEBSOCKET ws', 'WEBSOCKET')
    const placeholder = await colorOf('WEBSOCKET ws', '{{host}}')
    const separator = await colorOf('=== wait', '===')
    assert.equal(new Set([comment, method, placeholder]).size, 3)
    assert.equal(separator, method)
  })

  it('connects by the lens, which then says what the connection does', async () => {
    const before = await top('"kick"')
    await press(() => connectLens(0), /Open \d\d:\d\d/)
    await row(/Open \d\d:\d\d, \d\/s, last EVENT typing/).waitFor()
    await row(/Send.*sent 00:\d\d\.\d{3}, answered after/)
      .nth(1)
      .waitFor()
    await row(/Send.*sent 00:\d\d\.\d{3}, no answer/).waitFor()
    await becomes(() => rows().count(), 5)
    // The editor rounds positions, so a pixel is no line.
    const after = await top('"kick"')
    assert.ok(Math.abs(after - before) <= 1, `a line has moved from ${before} to ${after}`)
    await workbench.screenshot('request-editor')
  })

  it('sends a message again by its lens, and disconnects', async () => {
    const sum = row(/Send.*sent/).nth(1)
    const sent = await sum.textContent()
    await sum.getByText('Send', { exact: true }).click()
    await eventually(async () => assert.notEqual(await sum.textContent(), sent))
    await press(() => row('Open').getByText('Disconnect'), /Connect.*Closed/)
  })

  it('runs an event stream, and says how it ended', async () => {
    await press(() => connectLens(1), /Connect.*Complete.*1 message/)
  })

  it('says which expectation failed and what came instead: above the request, at its line, and at the event', async () => {
    await row('1 of 2 expectations hold').waitFor()
    const sentence = 'Expected "crash" within 60s: none before it ended. Came instead: delta data.'
    await line('# @expect "crash"').getByText('crash').first().hover()
    await workbench.page.locator('.monaco-hover').getByText(sentence).first().waitFor()
    await workbench.panel
      .getByRole('img', { name: `✗ ${sentence}` })
      .first()
      .waitFor()
    await workbench.screenshot('request-editor-expectations')
  })

  it('completes, and shows what a variable is', async () => {
    await line('{{room}}').first().click()
    await workbench.page.keyboard.press('End')
    await workbench.page.keyboard.type('&x={{')
    const suggestion = workbench.page
      .locator('.suggest-widget .monaco-list-row')
      .filter({ hasText: 'client' })
    await suggestion.first().waitFor()
    await workbench.screenshot('request-editor-completion')
    await workbench.page.keyboard.press('Escape')
    await workbench.page.keyboard.press('Control+Z')
    await workbench.page.keyboard.press('Home')
    await line('WEBSOCKET ws').getByText('{{host}}').first().hover()
    await workbench.page.locator('.monaco-hover').getByText('http-client.env.json').first().waitFor()
    await workbench.screenshot('request-editor-hover')
  })

  it('looks the same in a light theme', async () => {
    await press(() => connectLens(0), /Open \d\d:\d\d/)
    await workbench.command('Preferences: Color Theme')
    await workbench.type('Light Modern')
    await workbench.pick('Light Modern')
    await workbench.page.locator('.monaco-workbench.vs').waitFor()
    await workbench.screenshot('request-editor-light')
  })
})
