/** The command palette used in a hurry: wrong URLs, steps back, servers that refuse. */
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { ARTIFACTS } from '../../scripts/paths.ts'
import { becomes } from '../support/eventually.ts'
import { closeServers, listen } from '../support/loopback.ts'
import { twoConnections } from '../support/recording.ts'
import { sessionLines } from '../support/recording-file.ts'
import { type OpenedInspector, oneStory, openInspector } from './story.ts'
import type { Workbench } from './workbench.ts'

/** A response that would run a command if VS Code did not treat it as text. */
const LURE = '[Try this](command:workbench.action.files.newUntitledFile)'

describe('the palette in a workbench', () => {
  oneStory(() => workbench)
  let opened: OpenedInspector
  let workbench: Workbench
  let host: string
  /** The requests, with the header `X-Key`. */
  const asked: string[] = []

  /** `/list` has one more entry each time, with a cursor. There is nothing else. */
  function answer(request: IncomingMessage, response: ServerResponse): void {
    asked.push(`${request.url} ${request.headers['x-key'] ?? ''}`.trim())
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://h')
    if (pathname !== '/list') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end(LURE)
      return
    }
    const next = Number(searchParams.get('since') ?? 0) + 1
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ next }))
  }

  before(async () => {
    host = `127.0.0.1:${await listen(createServer(answer))}`
    opened = await openInspector({ 'kept.rtsession': `${sessionLines(twoConnections(8)).join('\n')}\n` })
    workbench = opened.workbench
  })
  after(async () => {
    await opened?.close()
    closeServers()
  })

  const quickInput = () => workbench.page.locator('.quick-input-widget')
  const items = () => quickInput().locator('.monaco-list-row')
  /** The bar of the panel that says why a connection failed. */
  const failure = (text: RegExp) => workbench.panel.locator('.failure').filter({ hasText: text })
  const pressEscape = () => workbench.page.keyboard.press('Escape')
  const pressEnter = () => workbench.page.keyboard.press('Enter')
  const connections = () => workbench.panel.getByRole('list', { name: 'Connections' }).getByRole('listitem')

  const statusBar = (label: RegExp) =>
    workbench.page
      .locator('.statusbar-item')
      .filter({ has: workbench.page.getByRole('button', { name: label }) })
  /** Waits until the quick pick or input box with this title is open. */
  const step = (title: string) =>
    quickInput().locator('.quick-input-title').getByText(title, { exact: true }).waitFor()

  /** Whether the palette offers a command. */
  async function offered(title: string): Promise<boolean> {
    // "Connect…" is always offered: then the list belongs to the typed text.
    await workbench.search('>Realtime: ', 'Realtime: Connect to')
    const texts: string[] = []
    // The list has only the rows in view.
    for (let pages = 0; pages < 5; pages++) {
      texts.push(...(await items().allInnerTexts()))
      await workbench.page.keyboard.press('PageDown')
      await setTimeout(100)
    }
    await pressEscape()
    await quickInput().waitFor({ state: 'hidden' })
    return texts.some((text) => text.includes(title))
  }

  /** The name of the saved file, once it exists. It is complete then. */
  async function savedFile(): Promise<string> {
    for (;;) {
      const name = (await readdir(opened.folder)).find((each) => each.startsWith('kept-'))
      if (name !== undefined) return name
      await setTimeout(50)
    }
  }

  it('lists Connect first for “realtime”, and finds it and the mock server by what they are for', async () => {
    const firstFor = async (typed: string) => {
      await workbench.page.keyboard.press('F1')
      await workbench.type(`>${typed}`)
      // While the list shows what was typed before, or nothing yet.
      const label = await items()
        .filter({ hasText: 'Realtime: ' })
        .first()
        .waitFor({ timeout: 3000 })
        .then(
          () => items().first().textContent(),
          () => undefined,
        )
      await pressEscape()
      await quickInput().waitFor({ state: 'hidden' })
      return label
    }
    for (const [typed, wanted] of [
      ['realtime', /^Realtime: Connect to/],
      ['websocket', /^Realtime: Connect to/],
      ['mock', /^Realtime: Serve Session as Mock Server/],
    ] as const) {
      // The palette has the commands some time after the workbench has opened.
      let label = await firstFor(typed)
      while (label === undefined) label = await firstFor(typed)
      assert.match(label ?? '', wanted)
    }
  })

  it('opens the walkthrough, whose links run commands', async () => {
    await workbench.command('Welcome: Open Walkthrough...')
    await workbench.pick('Get Started with Realtime Inspector')
    const page = workbench.page.locator('.gettingStartedContainer')
    await page.getByText('Type the URL of a WebSocket').waitFor()
    await page.locator('.getting-started-media-container, .getting-started-media').first().waitFor()
    await workbench.page.screenshot({ path: join(ARTIFACTS, 'walkthrough.png') })
    await page.getByRole('button', { name: 'Connect', exact: true }).click()
    await step('Connect')
    await pressEscape()
    await quickInput().waitFor({ state: 'hidden' })
    await workbench.command('View: Close Editor')
  })

  it('shows the mistake in a URL while it is typed, and does not use it', async () => {
    await workbench.askForUrl()
    await workbench.type('gopher://example/')
    await items().filter({ hasText: 'The scheme gopher: is not supported' }).waitFor()
    await pressEnter()
    await workbench.type('example.com/feed')
    await items().filter({ hasText: 'wss://example.com/feed' }).first().waitFor()
    await pressEscape()
    await quickInput().waitFor({ state: 'hidden' })
  })

  it('offers only what can be done', async () => {
    assert.ok(await offered('Realtime: Diff Sessions (Compare)…'))
    assert.ok(!(await offered('Realtime: Disconnect')))
    assert.ok(!(await offered('Realtime: Remove All Events')))
  })

  it('goes a step back on Escape, and does not connect', async () => {
    await workbench.connect(`http://${host}/list`, /Configure…/)
    await workbench.pick(/^Headers/)
    await step('Headers')
    await workbench.type('no header')
    await quickInput().getByText('A header is written as Name: value.').waitFor()
    await workbench.screenshot('palette-header')
    await pressEscape()
    await step('Configure the connection')
    await workbench.pick(/^Transport/)
    await step('Transport')
    await pressEscape()
    await step('Configure the connection')
    await items()
      .filter({ hasText: /^\s*Connect(?! as a browser)/ })
      .waitFor()
    await pressEscape()
    await quickInput().waitFor({ state: 'hidden' })
    assert.deepEqual(asked, [])
  })

  it('shows a server’s response as text without links', async () => {
    await workbench.connect(`http://${host}/lure`, /Configure…/)
    await workbench.pick(/^Headers/)
    await workbench.type('X-Key: open sesame')
    await pressEnter()
    await items().filter({ hasText: 'X-Key' }).waitFor()
    await workbench.pick(/^\s*Connect/)
    await workbench.rows('404 Not Found').waitFor()
    await failure(/Try this/).waitFor()
    await workbench.screenshot('palette-refused')
    assert.equal(
      await failure(/Try this/)
        .locator('a')
        .count(),
      0,
    )
  })

  it('edits a connection that failed in the form, which keeps the rest', async () => {
    await failure(/Try this/)
      .getByRole('button', { name: /^Edit/ })
      .press('Enter')
    const url = workbench.panel.getByRole('textbox', { name: 'URL', exact: true })
    await url.fill(`http://${host}/nothing`)
    await workbench.panel.getByText('X-Key: ••••••').waitFor()
    await workbench.screenshot('palette-edit')
    await url.press('Enter')
    await workbench.rows('/nothing').first().waitFor()
    await workbench.rows('404 Not Found').nth(1).waitFor()
    assert.deepEqual(asked, ['/lure open sesame', '/nothing open sesame'])
    await failure(/Try this/).waitFor()
    await becomes(() => failure(/Try this/).count(), 1)
  })

  it('finds recent connections by words before it takes them for a host', async () => {
    await workbench.askForUrl()
    await workbench.type('HTTP nothing')
    await items()
      .filter({ hasText: `http://${host}/nothing` })
      .first()
      .waitFor()
    await workbench.type('nothing')
    await items().filter({ hasText: 'ws://nothing' }).first().waitFor()
    const rows = await items().allInnerTexts()
    assert.match(rows.find((row) => row.includes('nothing')) ?? '', new RegExp(`${host}/nothing`))
    await pressEscape()
    await quickInput().waitFor({ state: 'hidden' })
  })

  it('connects to the typed URL, however soon Enter is pressed', async () => {
    for (const path of ['/soon', '/sooner', '/soonest']) {
      await workbench.askForUrl()
      await items().filter({ hasText: '/nothing · headers' }).waitFor()
      // The screen still shows the old list, in which the chosen item is another one.
      await workbench.type(`http://${host}${path}`)
      await pressEnter()
      await workbench.rows(path).first().waitFor()
    }
  })

  it('offers the interval and the resume position of a poll', async () => {
    await workbench.connect(`http://${host}/list`, /Configure…/)
    await workbench.pick(/^Transport/)
    await workbench.pick(/^poll/)
    await workbench.pick(/^Cursor/)
    await workbench.type('json:next:since')
    await quickInput()
      .getByText(/"cursor" must be auto, none, header:NAME:PARAM/)
      .waitFor()
    await workbench.type('json:/next:since')
    await pressEnter()
    await workbench.pick(/^Interval/)
    await workbench.type('50')
    await pressEnter()
    await items().filter({ hasText: '50 ms' }).waitFor()
    await workbench.screenshot('palette-configure')
    await workbench.pick(/^\s*Connect/)
    await workbench
      .rows(/next: \d{2,}/)
      .first()
      .waitFor()
    assert.ok(asked.includes('/list?since=2'), asked.join(' '))
    await statusBar(/1 open, \d+ messages per second/).waitFor()
    assert.ok(await offered('Realtime: Disconnect'))
    assert.ok(await offered('Realtime: Remove All Events'))
    await workbench.command('Realtime: Disconnect')
    await statusBar(/0 open, 0 messages per second/).waitFor()
    await becomes(() => connections().count(), 6)
  })

  it('has a log of what happened to each connection', async () => {
    await workbench.command('Realtime: Show Log')
    const line = (text: RegExp) => workbench.page.locator('.part.panel .view-line').filter({ hasText: text })
    await line(/Connection\s5:.*answered\s404/).waitFor()
    await line(/Connection\s6:\sclosed,\sby\sthe\sclient/).waitFor()
    await workbench.screenshot('palette-log')
    await workbench.command('View: Toggle Panel Visibility')
  })

  it('saves the recording that is shown, not the live session', async () => {
    await workbench.page.getByText('kept.rtsession').first().dblclick()
    await workbench.page
      .frameLocator('iframe.webview.ready:visible')
      .frameLocator('iframe#active-frame')
      .getByRole('row')
      .nth(3)
      .waitFor()
    await workbench.command('Realtime: Save Session')
    await quickInput().getByRole('button', { name: 'OK' }).click()
    const saved = await savedFile()
    const lines = (name: string) =>
      readFile(join(opened.folder, name), 'utf8').then((text) => text.split('\n').slice(1))
    assert.deepEqual(await lines(saved), await lines('kept.rtsession'))
  })
})
