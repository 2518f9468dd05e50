/** The page of a host that does not answer any more: a real server, the real engine, a real browser. */
import assert from 'node:assert/strict'
import { becomes } from '../support/eventually.ts'
import { serveWebSocket } from '../support/loopback.ts'
import { panelOpener } from './live/live-panel.ts'

describe('the page of a host that does not answer', () => {
  const openPanel = panelOpener()

  it('says so, stops its clock, rejects calls, and continues once there are answers', async () => {
    const url = await serveWebSocket((socket) => {
      const timer = setInterval(() => socket.send('tick'), 100)
      socket.on('close', () => clearInterval(timer))
    })
    const opened = await openPanel()
    const { page } = opened
    await opened.connect({ url })
    const chip = page.locator('.chip.connection')
    await chip.getByText(/\/s$/).waitFor()
    const banner = page.getByText('The page shows the session as of')
    const live = page.locator('button.live')
    await becomes(() => live.getAttribute('aria-pressed'), 'true')

    opened.setStopped(true)
    const field = page.getByRole('textbox', { name: 'Message', exact: true })
    await field.fill('lost?')
    await page.getByRole('button', { name: /^Send / }).click()
    await banner.waitFor()
    await page.getByText('so this may not have been done').waitFor()
    await becomes(() => live.getAttribute('aria-pressed'), 'false')
    await live.getByText('No answer').waitFor()
    await becomes(() => chip.locator('.codicon-question').count(), 1)
    await becomes(() => chip.getByText(/\/s$/).count(), 0)
    const shown = await chip.textContent()
    await page.getByRole('button', { name: /^Send / }).click()
    await page.getByText('This was not done').waitFor()
    assert.equal(await field.inputValue(), 'lost?')
    assert.equal(await chip.textContent(), shown)

    opened.setStopped(false)
    await banner.waitFor({ state: 'detached' })
    await chip.locator('.codicon-question').waitFor({ state: 'detached' })
  })
})
