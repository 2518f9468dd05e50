/** The side bar of the workbench: what its views show, and what their rows do. */
import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { becomes, eventually } from '../support/eventually.ts'
import { closeServers, refusedUrl } from '../support/loopback.ts'
import { conversation, twoConnections } from '../support/recording.ts'
import { sessionLines } from '../support/recording-file.ts'
import { type Peers, startPeers } from './servers.ts'
import { SideBar } from './side-bar.ts'
import { type OpenedInspector, oneStory, openInspector } from './story.ts'
import type { Workbench } from './workbench.ts'

const session = (events: Parameters<typeof sessionLines>[0]) => `${sessionLines(events).join('\n')}\n`

describe('the side bar in a workbench', () => {
  oneStory(() => workbench)
  let peers: Peers
  let opened: OpenedInspector
  let workbench: Workbench
  let bar: SideBar

  before(async () => {
    peers = await startPeers()
    opened = await openInspector({
      'api/shop.http': `@host = ${peers.host}

### Talk to the echo
# @name echo
WEBSOCKET ws://{{host}}/echo

{ "type": "hello" }

### greetings
SSE http://{{host}}/events
`,
      'status.http': `### status\n# @interval 2000\nPOLL http://${peers.host}/status\n`,
      'rec/golden.rtsession': session(twoConnections(8)),
      'rec/run-2.rtsession': session(twoConnections(6)),
      'broken.rtsession': 'not a session\n',
    })
    workbench = opened.workbench
    bar = new SideBar(workbench.page)
  })
  after(async () => {
    await opened?.close()
    closeServers()
  })

  const editorTab = (name: string | RegExp) =>
    workbench.page.locator('.tabs-container').getByRole('tab', { name })

  it('says what to do if a view is empty, and what the workspace has', async () => {
    await bar.open()
    await bar.view('Connections').getByRole('button', { name: 'Start the Demo' }).waitFor()
    await bar.view('Servers').getByRole('button', { name: 'Serve a Recording' }).waitFor()
    await becomes(
      () => bar.texts('Requests'),
      ['shop.http api', 'echo WebSocket', 'greetings SSE', 'status.http', 'status polling'],
    )
    await eventually(async () => {
      const texts = (await bar.texts('Recordings')).sort()
      assert.equal(texts.length, 3)
      assert.match(texts[0] ?? '', /^broken\.rtsession cannot be read · 14 B$/)
      assert.match(texts[1] ?? '', /^golden\.rtsession 0:0\d · [\d.]+ k?B · 2 connections$/)
      assert.match(texts[2] ?? '', /^run-2\.rtsession 0:0\d · [\d.]+ k?B · 2 connections$/)
    })
    await workbench.screenshot('side-bar-start')
  })

  it('connects by the button in its title, and shows what the connection does', async () => {
    await bar.pressTitle('Connections', /^Connect/)
    await workbench.type(`ws://${peers.host}/echo?room=dev`)
    await workbench.pick(/WebSocket/)
    await workbench.rows('welcome').waitFor()
    await bar.row('Connections', 'echo').getByText('open').waitFor()
  })

  it('shows errors that were not seen yet, on the row and in the activity bar, until it is selected', async () => {
    const refused = await refusedUrl()
    await workbench.connect(refused)
    const row = bar.row('Connections', 'refused the connection')
    await row.waitFor()
    await becomes(() => bar.badge(row), '1')
    await becomes(async () => await bar.button.locator('.badge-content').innerText(), '1')
    assert.match((await row.getAttribute('aria-label')) ?? '', /1 error not seen yet/)
    await workbench.screenshot('side-bar-error')
    await row.click()
    await becomes(() => bar.badge(row), '')
    await bar.button.locator('.badge-content').waitFor({ state: 'hidden' })
  })

  it('disconnects and reconnects by the buttons of a row', async () => {
    const row = bar.row('Connections', 'echo')
    await bar.press(row, 'Disconnect')
    await row.getByText('closed').waitFor()
    await bar.press(row, 'Reconnect')
    await row.getByText(/open|\/s/).waitFor()
  })

  it('names and colors a connection as the panel does', async () => {
    await bar.choose(bar.row('Connections', 'echo'), 'Rename Connection…')
    await workbench.type('chat room')
    await workbench.page.keyboard.press('Enter')
    const row = bar.row('Connections', 'chat room')
    await row.waitFor()
    await workbench.connection('/echo').getByText('chat room').waitFor()
    await bar.choose(row, 'Set Color of Connection…')
    await workbench.pick('Pink')
    await becomes(
      async () => {
        const dot = row.locator('.custom-view-tree-node-item-icon')
        return await dot.evaluate((element) => getComputedStyle(element).color)
      },
      await pink(),
    )
    await workbench.screenshot('side-bar-named')
  })

  /** The color of the connection's chip in the panel, once it is pink there. */
  async function pink(): Promise<string> {
    const chip = workbench.panel.locator('.chip.connection-4')
    await chip.waitFor()
    return await chip.evaluate((element) => getComputedStyle(element).borderLeftColor)
  }

  it('shows only one connection in the panel, and all again', async () => {
    await bar.choose(bar.row('Connections', 'chat room'), 'Show Only This Connection')
    await workbench.panel.locator('.connection-face[aria-pressed=true]').getByText('chat room').waitFor()
    await workbench.command('Realtime: Show All Connections')
    await workbench.panel.locator('.connection-face[aria-pressed=true]').waitFor({ state: 'detached' })
  })

  it('removes a connection that has ended', async () => {
    await bar.choose(bar.row('Connections', 'refused the connection'), 'Remove Connection')
    await bar.row('Connections', 'refused the connection').waitFor({ state: 'detached' })
  })

  it('opens a request at its place, runs it, and shows what it does', async () => {
    const row = bar.row('Requests', 'greetings')
    await row.click()
    await editorTab('shop.http').waitFor()
    await workbench.page.locator('.editor-container .current-line').first().waitFor()
    await bar.press(row, 'Run Request')
    await row.getByText('SSE · open').waitFor()
    await bar.row('Connections', 'greetings').waitFor()
    await workbench.screenshot('side-bar-requests')
    await bar.press(row, 'Disconnect')
    await row.getByText('SSE · closed').waitFor()
  })

  it('finds requests by their names', async () => {
    await bar.pressTitle('Requests', /^Go to Request/)
    await workbench.type('sta')
    await workbench.pick('status')
    await editorTab('status.http').waitFor()
  })

  it('serves a recording, and lists the server with its clients and what they asked in vain', async () => {
    await bar.choose(bar.row('Recordings', 'golden'), 'Serve Session as Mock Server')
    const row = bar.row('Servers', /Mock :\d+/)
    await row.getByText('golden.rtsession').waitFor()
    const text = await row.innerText()
    const port = /:(\d+)/.exec(text)?.[1]
    const response = await fetch(`http://127.0.0.1:${port}/not-recorded`)
    assert.equal(response.ok, false)
    await row.getByText('1 not as recorded').waitFor()
    await bar.choose(row, 'Open Connection to Mock Server')
    await workbench.pick(/:\/\//)
    await row.getByText('1 client').waitFor()
    await workbench.screenshot('side-bar-server')
    await bar.press(row, 'Stop Mock Server')
    await bar.view('Servers').getByRole('button', { name: 'Serve a Recording' }).waitFor()
  })

  it('compares two recordings: one is dropped on the other, or both are selected', async () => {
    await bar.drag(bar.row('Recordings', 'run-2'), bar.row('Recordings', 'golden'))
    await editorTab('golden.rtsession ↔ run-2.rtsession').waitFor()
    await editorTab('golden.rtsession ↔ run-2.rtsession').locator('.tab-actions .action-label').click()
    await editorTab('golden.rtsession ↔ run-2.rtsession').waitFor({ state: 'detached' })
    await bar.row('Recordings', 'run-2').click({ modifiers: ['ControlOrMeta'] })
    await bar.row('Recordings', 'golden').click({ modifiers: ['ControlOrMeta'] })
    await bar.choose(bar.row('Recordings', 'golden'), 'Diff Sessions (Compare)…')
    await editorTab(/↔/).waitFor()
    await workbench.screenshot('side-bar-compare')
  })

  it('opens a recording that is dropped in the editor', async () => {
    await bar.drag(bar.row('Recordings', 'run-2'), workbench.page.locator('.editor-group-container').first())
    await editorTab(/^run-2\.rtsession(,|$)/).waitFor()
  })

  it('follows the files of the workspace', async () => {
    const file = join(opened.folder, 'rec', 'new.rtsession')
    await writeFile(file, session(conversation(['a', 'b'])))
    await bar.row('Recordings', 'new.rtsession').getByText('1 connection').waitFor()
    await rm(file)
    await bar.row('Recordings', 'new.rtsession').waitFor({ state: 'detached' })
    await writeFile(join(opened.folder, 'more.http'), `### more\nWEBSOCKET ws://${peers.host}/echo\n`)
    await bar.row('Requests', /^more/).getByText('WebSocket').waitFor()
  })

  it('is worked with keys alone', async () => {
    await workbench.command('Realtime: Focus on Connections View')
    await workbench.page.keyboard.press('Home')
    const focused = bar.view('Connections').locator('.monaco-list.element-focused, .monaco-list:focus')
    await focused.waitFor()
    assert.match(
      (await bar.view('Connections').locator('.monaco-list-row.focused').getAttribute('aria-label')) ?? '',
      /^[^,]+, WebSocket, open/,
    )
    await workbench.page.keyboard.press('Enter')
    await editorTab(/Realtime Inspector/)
      .and(workbench.page.locator('[aria-selected=true]'))
      .waitFor()
  })

  it('can be read in a light theme, and when it is narrow', async () => {
    await workbench.command('Preferences: Color Theme')
    await workbench.type('Light Modern')
    await workbench.pick('Light Modern')
    await workbench.page.locator('.monaco-workbench.vs').waitFor()
    await workbench.screenshot('side-bar-light')
    const sash = workbench.page.locator('.monaco-sash.vertical').first()
    const box = await sash.boundingBox()
    assert.ok(box)
    await workbench.page.mouse.move(box.x + 2, 400)
    await workbench.page.mouse.down()
    await workbench.page.mouse.move(box.x - 130, 400, { steps: 5 })
    await workbench.page.mouse.up()
    await workbench.screenshot('side-bar-narrow')
  })
})
