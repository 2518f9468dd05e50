/** The panel's state after its editor has moved to another group, and to a window of its own. */
import assert from 'node:assert/strict'
import type { FrameLocator, Page } from 'playwright-core'
import { becomes } from '../support/eventually.ts'
import { closeServers, serveWebSocket } from '../support/loopback.ts'
import { type OpenedInspector, oneStory, openInspector } from './story.ts'
import type { Workbench } from './workbench.ts'

const MESSAGES = 400

describe('a panel that is moved', () => {
  oneStory(() => workbench)
  let opened: OpenedInspector
  let workbench: Workbench
  /** The window that the panel is moved to. */
  let other: Page

  before(async () => {
    const url = await serveWebSocket((socket) => {
      for (let n = 0; n < MESSAGES; n++) socket.send(`{"n":${n},"kind":"${n % 2 === 0 ? 'even' : 'odd'}"}`)
    })
    opened = await openInspector()
    workbench = opened.workbench
    await workbench.connect(url)
  })
  after(async () => {
    await opened?.close()
    closeServers()
  })

  const panelIn = (page: Page) =>
    page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame')
  const filter = (panel: FrameLocator) => panel.getByRole('combobox', { name: 'Filter' })
  const tab = (panel: FrameLocator, name: string) => panel.getByRole('tab', { name, exact: true })
  const row = (panel: FrameLocator, n: number) =>
    panel.getByRole('row').filter({ hasText: new RegExp(`n: ${n}\\b`) })
  const grid = (panel: FrameLocator) => panel.getByRole('grid', { name: 'Events' })

  /** Puts the row of a message into view with the wheel. */
  async function scrollTo(panel: FrameLocator, n: number): Promise<void> {
    await grid(panel).hover()
    while (!(await row(panel, n).isVisible())) {
      await workbench.page.mouse.wheel(0, -200)
      await workbench.page.evaluate('new Promise(requestAnimationFrame)')
    }
  }

  async function isAsBefore(panel: FrameLocator): Promise<void> {
    await grid(panel).waitFor()
    await becomes(() => filter(panel).inputValue(), '$.kind == "even"')
    await row(panel, 200).and(panel.locator('[aria-selected=true]')).waitFor()
    await becomes(() => tab(panel, 'Hex').getAttribute('aria-selected'), 'true')
    assert.equal(await row(panel, MESSAGES - 2).count(), 0, 'the list does not follow new events')
  }

  it('has a filter, a selected event far from the end, and a tab of its details', async () => {
    const { panel } = workbench
    await row(panel, MESSAGES - 1).waitFor()
    await filter(panel).fill('$.kind == "even"')
    await row(panel, MESSAGES - 1).waitFor({ state: 'detached' })
    await scrollTo(panel, 200)
    await row(panel, 200).click()
    await tab(panel, 'Hex').click()
    await isAsBefore(panel)
  })

  it('shows the same in another group of editors', async () => {
    await workbench.command('File: New Untitled Text File')
    await workbench.page.getByRole('tab', { name: /Realtime Inspector/ }).click()
    await workbench.command('View: Move Editor into Next Group')
    await isAsBefore(workbench.panel)
  })

  it('shows the same in a window of its own', async () => {
    const opens = workbench.page.context().waitForEvent('page')
    await workbench.command('View: Move Editor into New Window')
    other = await opens
    await isAsBefore(panelIn(other))
    await workbench.page.locator('iframe.webview.ready').waitFor({ state: 'detached' })
  })

  it('shows the same view if it is opened again, after that window was closed', async () => {
    await tab(panelIn(other), 'Report').click()
    await panelIn(other).getByRole('heading').first().waitFor()
    await other.close()
    await workbench.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Keep Running' }).click()
    await workbench.command('Realtime: Open Panel')
    await becomes(() => tab(workbench.panel, 'Report').getAttribute('aria-selected'), 'true')
    await tab(workbench.panel, 'Events').click()
    await isAsBefore(workbench.panel)
  })
})
