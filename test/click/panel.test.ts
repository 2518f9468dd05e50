/** The panel's tools in a workbench: composer, filter, timeline, details, payloads in the editor, a video. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { Locator } from 'playwright-core'
import { becomes } from '../support/eventually.ts'
import { closeServers, listen } from '../support/loopback.ts'
import { PATIENCE } from '../support/patience.ts'
import { recordWebm } from '../webview/live/media.ts'
import { type Peers, startPeers } from './servers.ts'
import { type OpenedInspector, oneStory, openInspector } from './story.ts'
import { TimelineHand } from './timeline.ts'
import type { Workbench } from './workbench.ts'

describe('the panel in a workbench', () => {
  oneStory(() => workbench)
  let peers: Peers
  let video: string
  let opened: OpenedInspector
  let workbench: Workbench
  let timeline: TimelineHand

  before(async () => {
    const webm = await recordWebm(2000)
    const server = createServer((_request, response) => {
      // The stream never ends: a video that plays, plays during the download.
      response.writeHead(200, { 'content-type': 'video/webm' }).write(webm)
    })
    video = `http://127.0.0.1:${await listen(server)}/video`
    peers = await startPeers()
    opened = await openInspector()
    workbench = opened.workbench
    timeline = new TimelineHand(workbench)
    await workbench.connect(`ws://${peers.host}/echo`)
    await workbench.rows('welcome').waitFor()
  })
  after(async () => {
    await opened?.close()
    closeServers()
  })

  const button = (name: string | RegExp) => workbench.panel.getByRole('button', { name })
  const filter = () => workbench.panel.getByRole('combobox', { name: 'Filter' })
  const message = () => workbench.panel.getByRole('textbox', { name: 'Message' })
  const says = (text: RegExp) => workbench.panel.getByText(text).first().waitFor()
  const selected = () => workbench.panel.locator('[role=row][aria-selected=true]')
  const panelTab = () => workbench.page.getByRole('tab', { name: /Realtime Inspector/ })

  it('fills the variables in each repeated message, up to the number given', async () => {
    await workbench.panel.getByRole('combobox', { name: 'Format' }).selectOption('json')
    await message().fill('{"type":"order","id":"{{$uuid}}","n":{{$counter}},"legs":{"buy":1}}')
    await button('Repeat').click()
    await workbench.panel.getByLabel('Milliseconds between messages').fill('100')
    await workbench.panel.getByLabel('Maximum number of messages').fill('3')
    await message().press('Control+Enter')
    await workbench.rows(/↓.*n: 3/).waitFor()
    const sent = await workbench.rows(/↑.*order/).allTextContents()
    const ids = sent.map((text) => /id: "([0-9a-f-]{36})"/.exec(text)?.[1])
    assert.equal(new Set(ids).size, 3)
    assert.ok(!ids.includes(undefined))
  })

  it('stops repeating on request', async () => {
    await workbench.panel.getByLabel('Maximum number of messages').fill('1000')
    await message().press('Control+Enter')
    await workbench
      .rows(/↓.*n: ([4-9]|\d\d)/)
      .first()
      .waitFor()
    await button(/^Stop$/).click()
    await says(/^Stopped after \d+ of 1.?000/)
    await button('Repeat').click()
  })

  it('completes a filter as it is typed, and narrows the list', async () => {
    await filter().click()
    await workbench.page.keyboard.type('dir:')
    await workbench.panel.getByRole('option', { name: 'out sent' }).click()
    await workbench.page.keyboard.type('$.n <= 3')
    await says(/^3 of \d+ events$/)
    await workbench.screenshot('filter')
  })

  it('shows the mistake in a filter and its position, and keeps the list', async () => {
    await filter().fill('dir:out "order')
    await says(/This phrase has no closing quote/)
    await becomes(() => workbench.panel.locator('.filter-wave').textContent(), '"order')
    await workbench.rows(/n: 3/).waitFor()
    await workbench.screenshot('filter-mistake')
  })

  it('runs an expression during the capture, and stops one that backtracks forever', async () => {
    await filter().fill('/"n":[12],/')
    await says(/^4 of \d+ events$/)
    await filter().fill('/^(.+)+Q$/')
    await says(/This expression was stopped after 1 s/)
    await says(/^4 of \d+ events$/)
    await filter().fill('')
    await says(/^\d+ events$/)
  })

  it('zooms the timeline with wheel and keys, and shows the brushed part of the overview', async () => {
    await timeline.section.focus()
    await workbench.page.keyboard.press('0')
    const whole = await timeline.shows(({ from }) => from === 0)
    await timeline.wheel(-300)
    const near = await timeline.shows(({ from, to }) => to - from < 0.6 * (whole.to - whole.from))
    await timeline.section.focus()
    await workbench.page.keyboard.press('+')
    await timeline.shows(({ from, to }) => to - from < 0.8 * (near.to - near.from))
    await workbench.page.keyboard.press('0')
    await timeline.shows(({ from }) => from === 0)
    await timeline.brush(0.2, 0.6)
    await timeline.shows(({ from, to }) => from > 0.1 * whole.to && to < 0.8 * whole.to)
    await timeline.section.focus()
    await workbench.page.keyboard.press('0')
  })

  it('narrows the list to the range that is dragged, with its statistics', async () => {
    await timeline.range(0.02, 0.95)
    await says(/^\d+ of \d+ events$/)
    await says(/msg\/s/)
    await workbench.screenshot('range')
    await button('Show all times').click()
  })

  it('selects the event in the list that is clicked in the timeline', async () => {
    await timeline.clickTick(0.05)
    await selected().waitFor()
    assert.match((await selected().textContent()) ?? '', /[↑↓]/)
  })

  it('shows the JSON of a clicked row as a tree', async () => {
    await filter().fill('dir:in $.type == "order"')
    await says(/of \d+ events$/)
    await row(1).click()
    await workbench.panel.getByRole('treeitem').filter({ hasText: '"legs"' }).waitFor()
  })

  it('opens the payload as a document of the editor', async () => {
    await button('Open in editor').click()
    await workbench.page.locator('.monaco-editor .view-line').filter({ hasText: '"order"' }).waitFor()
    await workbench.screenshot('payload-document')
    await panelTab().click()
  })

  it('compares it with the previous one in the diff editor', async () => {
    await button('previous “order”').click()
    await workbench.page.locator('.monaco-diff-editor').waitFor()
    await workbench.screenshot('payload-diff')
    await panelTab().click()
  })

  it('edits and resends an event', async () => {
    await button('Edit and resend').click()
    // Loading would overwrite text that is typed earlier.
    while ((await message().inputValue()).includes('{{'));
    await message().fill('{"type":"order","n":"resent"}')
    await message().press('Control+Enter')
    await button(/^Live/).click()
    await workbench.rows(/↓.*"resent"/).waitFor()
    await filter().fill('')
  })

  it('pauses the view, not the capture', async () => {
    await button(/^Pause$/).click()
    await message().fill('{"type":"while-paused"}')
    await message().press('Control+Enter')
    await says(/^2 new$/)
    assert.equal(await workbench.rows('while-paused').count(), 0)
    await button(/^Resume/).click()
    await button(/^Live/).click()
    await workbench.rows('while-paused').first().waitFor()
  })

  it('marks a moment with a note', async () => {
    await button('Mark this moment').click()
    await workbench.panel.getByLabel(/^Note for/).fill('deployed here')
    await workbench.page.keyboard.press('Enter')
    await workbench.rows('deployed here').waitFor()
  })

  it('plays a video while it downloads', async () => {
    await workbench.connect(video)
    await workbench.connection('/video').waitFor()
    await workbench.toggleConnection('/video')
    await workbench.rows(/↓/).first().click()
    await workbench.panel.getByRole('tab', { name: 'Watch' }).click()
    const element = workbench.panel.locator('video')
    const time = () => element.evaluate((shown) => (shown as unknown as { currentTime: number }).currentTime)
    const deadline = performance.now() + PATIENCE
    while ((await time()) < 0.5) assert.ok(performance.now() < deadline, 'The video plays.')
    await workbench.screenshot('watch-video-in-vscode')
  })

  function row(n: number): Locator {
    return workbench.panel.locator('[role=row][data-event]').nth(n)
  }
})
