/** The page of a host that does not answer any more: a real server, the real engine, a real browser. */
import assert from 'node:assert/strict'
import { closeServers, serveWebSocket } from '../support/loopback.ts'
import { LivePanel } from './live/live-panel.ts'

describe('the page of a host that does not answer', function () {
  this.timeout(60_000)
  let panel: LivePanel | undefined

  afterEach(async () => {
    assert.deepEqual(panel?.errors, [])
    await panel?.close()
    panel = undefined
    closeServers()
  })

  it('says so, stops its clock, rejects calls, and continues once there are answers', async () => {
    const url = await serveWebSocket((socket) => {
      const timer = setInterval(() => socket.send('tick'), 100)
      socket.on('close', () => clearInterval(timer))
    })
    const opened = await LivePanel.open()
    panel = opened
    const { page } = opened
    page.setDefaultTimeout(30_000)
    await opened.connect({ url })
    const chip = page.locator('.chip.connection')
    await chip.getByText(/\/s$/).waitFor()
    const banner = page.getByText('The page shows the session as of')
    const live = page.locator('button.live')
    assert.equal(await live.getAttribute('aria-pressed'), 'true')

    opened.setStopped(true)
    const field = page.getByRole('textbox', { name: 'Message', exact: true })
    await field.fill('lost?')
    await page.getByRole('button', { name: /^Send / }).click()
    await banner.waitFor()
    await page.getByText('It is not known whether this was done').waitFor()
    assert.equal(await live.getAttribute('aria-pressed'), 'false')
    assert.match((await live.textContent()) ?? '', /No answer/)
    assert.equal(await chip.locator('.codicon-circle-filled').count(), 0)
    assert.equal(await chip.getByText(/\/s$/).count(), 0)
    const shown = await chip.textContent()
    await page.getByRole('button', { name: /^Send / }).click()
    await page.getByText('This was not done').waitFor()
    assert.equal(await field.inputValue(), 'lost?')
    assert.equal(await chip.textContent(), shown)

    opened.setStopped(false)
    await banner.waitFor({ state: 'detached' })
    await chip.locator('.codicon-circle-filled').waitFor()
  })
})
