/** The product in a VS Code in the browser, with real servers. */
import assert from 'node:assert/strict'
import { eventually } from '../support/eventually.ts'
import { closeServers } from '../support/loopback.ts'
import { extensionHostsOf, type Peers, startPeers } from './servers.ts'
import { type OpenedInspector, oneStory, openInspector } from './story.ts'
import type { Workbench } from './workbench.ts'

describe('the inspector in a workbench', () => {
  oneStory(() => workbench)
  let peers: Peers
  let opened: OpenedInspector
  let workbench: Workbench

  before(async () => {
    peers = await startPeers()
    opened = await openInspector()
    workbench = opened.workbench
  })
  after(async () => {
    await opened?.close()
    closeServers()
  })

  it('connects a WebSocket from the command palette', async () => {
    await workbench.connect(`ws://${peers.host}/echo`)
    await workbench.rows('welcome').waitFor()
    await workbench.connection('/echo').waitFor()
  })

  it('detects that a response is an event stream', async () => {
    await workbench.connect(`http://${peers.host}/events`)
    await workbench.rows('hello from the event stream').waitFor()
    await workbench.rows(/greeting.*hello from the event stream/).waitFor()
  })

  it('detects that a response is a stream of records', async () => {
    await workbench.connect(`http://${peers.host}/records`)
    await workbench.rows('two of the stream').waitFor()
  })

  it('asks what to do with a plain response, and polls', async () => {
    await workbench.connect(`http://${peers.host}/status`)
    await workbench.panel.getByRole('button', { name: 'Read It As Poll' }).click()
    await workbench.rows('status: "polled"').first().waitFor()
    await workbench.rows(/304/).first().waitFor()
  })

  it('long-polls on request', async () => {
    await workbench.connect(`http://${peers.host}/config`, /Configure…/)
    await workbench.pick(/^Transport/)
    await workbench.pick(/^long-poll/)
    await workbench.pick(/^\s*Connect/)
    await workbench.rows('config: "long-polled"').waitFor()
    await workbench
      .connection('/config')
      .getByText(/held \d/)
      .waitFor()
  })

  it('sends a message and shows its echo', async () => {
    await workbench.toggleConnection('/echo')
    const message = workbench.panel.getByRole('textbox', { name: 'Message' })
    await message.fill('an echo, please')
    await message.press('Control+Enter')
    await workbench.rows('an echo, please').nth(1).waitFor()
    const [sent, received] = await workbench.rows('an echo, please').allTextContents()
    assert.match(sent ?? '', /↑/)
    assert.match(received ?? '', /↓/)
  })

  it('shows a reconnect as a row, and connects again', async () => {
    await workbench.rows('welcome').waitFor()
    peers.dropSockets()
    await workbench.rows(/reconnect/i).waitFor()
    await workbench.rows('welcome').nth(1).waitFor()
  })

  it('shows the details of the selected event', async () => {
    const { panel } = workbench
    await workbench.rows('welcome').first().click()
    await panel.locator('.detail-body').getByText('"items"').waitFor()
    await workbench.screenshot('inspector-dark')
    for (const tab of ['Hex', 'Headers', 'Timing']) {
      await panel.getByRole('tab', { name: tab }).click()
      // The headers are read from the host after the tab is shown.
      await panel.locator('.detail-body').filter({ hasText: /\S/ }).waitFor()
      await workbench.screenshot(`inspector-dark-${tab.toLowerCase()}`)
    }
    await panel.getByRole('tab', { name: 'Payload' }).click()
  })

  it('shows every connection again once the filter is off', async () => {
    await workbench.toggleConnection('/echo')
    await workbench.rows('welcome').first().waitFor()
    await workbench.screenshot('inspector-dark-all')
  })

  it('follows the theme', async () => {
    const page = workbench.panel.locator('body')
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    const dark = await background()
    await workbench.command('Preferences: Toggle between Light/Dark Themes')
    await workbench.panel.locator('body.vscode-light').waitFor()
    await eventually(async () => assert.notEqual(await background(), dark))
    await workbench.screenshot('inspector-light')
    await workbench.command('Preferences: Toggle between Light/Dark Themes')
    await workbench.panel.locator('body.vscode-dark').waitFor()
  })

  it('keeps its events while it is hidden, and those that arrive meanwhile', async () => {
    await workbench.toggleConnection('/echo')
    const tab = workbench.page.getByRole('tab', { name: /Realtime Inspector/ })
    await workbench.command('File: New Untitled Text File')
    await workbench.page.locator('iframe.webview.ready').waitFor({ state: 'hidden' })
    peers.dropSockets()
    await tab.click()
    await workbench.rows('an echo, please').first().waitFor()
    await workbench.rows('welcome').nth(2).waitFor()
  })

  it('keeps its events when it is moved beside another editor', async () => {
    await workbench.command('View: Move Editor into Next Group')
    await workbench.rows('an echo, please').first().waitFor()
    await workbench.screenshot('inspector-dark-narrow')
  })

  it('is not shown as live while the extension host is stopped, and continues after that', async () => {
    const [host = assert.fail('there is one')] = await extensionHostsOf(opened.pid)
    const unanswered = workbench.panel.getByText('The page shows the session as of')
    process.kill(host, 'SIGSTOP')
    try {
      await unanswered.waitFor()
      await workbench.screenshot('inspector-unanswered')
    } finally {
      process.kill(host, 'SIGCONT')
    }
    await unanswered.waitFor({ state: 'detached' })
  })

  it('comes back after the window is reloaded, and offers the open connections', async () => {
    await workbench.page.reload()
    await workbench.ready()
    await workbench.panel
      .getByRole('button', { name: /Connect again|Connect…/ })
      .first()
      .waitFor()
    await workbench.screenshot('inspector-dark-reloaded')
    await workbench.panel.getByText('Connect again').click()
    // The events of the polls would push it out of view.
    // A press before the new session has begun is forgotten with the session before.
    await eventually(async () => {
      const button = workbench.connection('/echo').locator('[aria-pressed]')
      if ((await button.getAttribute('aria-pressed')) === 'false') await button.click()
      const shown = workbench.rows('welcome').first().waitFor({ timeout: 10_000 })
      await assert.doesNotReject(shown, 'the list has the events of the connection')
    })
  })
})
