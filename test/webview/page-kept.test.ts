/** A panel that is closed and opened again: a real server, the real engine, a real browser. */
import assert from 'node:assert/strict'
import { becomes } from '../support/eventually.ts'
import { serveWebSocket } from '../support/loopback.ts'
import { type LivePanel, panelOpener } from './live/live-panel.ts'
import { chooseRow } from './preview/choose-row.ts'

describe('a panel that is opened again', () => {
  const openPanel = panelOpener()

  /** A panel of a session with some events of one connection, with scope and filter. */
  async function narrowed(): Promise<LivePanel> {
    const url = await serveWebSocket((socket) => {
      for (let i = 0; i < 20; i++) socket.send(`{"n":${i},"kind":"${i % 2 === 0 ? 'even' : 'odd'}"}`)
    })
    const opened = await openPanel()
    const { page } = opened
    await opened.connect({ url })
    await page.locator('[data-event="21"]').waitFor()
    await page.getByRole('combobox', { name: 'Filter' }).fill('even')
    await page.getByRole('button', { name: 'Lifecycle' }).click()
    await page.locator('.connection-face').click()
    await page.getByRole('combobox', { name: /Time/ }).selectOption('clock')
    await chooseRow(page.locator('[data-event="8"]'))
    await page.locator('[data-event="8"][aria-selected=true]').waitFor()
    return opened
  }

  it('has its filter, its selection and its layout', async () => {
    const opened = await narrowed()
    const { page } = opened
    // Only the state that the host keeps is left of the page.
    await page.reload()
    await page.locator('[data-event="8"][aria-selected=true]').waitFor()
    await becomes(() => page.getByRole('combobox', { name: 'Filter' }).inputValue(), 'even')
    assert.equal(await page.getByRole('button', { name: 'Lifecycle' }).getAttribute('aria-pressed'), 'false')
    await becomes(() => page.locator('.connection-face').getAttribute('aria-pressed'), 'true')
    await becomes(() => page.getByRole('combobox', { name: /Time/ }).inputValue(), 'clock')
    await page.locator('[data-event="3"]').waitFor({ state: 'detached' })
    await becomes(() => page.locator('[data-event]').count(), 10)
  })

  it('does not select an event of a session that was cleared meanwhile', async () => {
    const opened = await narrowed()
    const { page } = opened
    // The page's reaction is lost with the page.
    opened.setStopped(true)
    await opened.engine.handlers.clear(null)
    opened.setStopped(false)
    await page.reload()
    await page.locator('.connection-face').waitFor()
    await becomes(() => page.getByRole('combobox', { name: 'Filter' }).inputValue(), 'even')
    assert.equal(await page.locator('.connection-face').getAttribute('aria-pressed'), 'false')
    assert.equal(await page.locator('[aria-selected=true][data-event]').count(), 0)
  })
})
