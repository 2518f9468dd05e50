/** The keyboard in a workbench on a slow machine: it belongs to the palette and to requests for input while they are open. */
import assert from 'node:assert/strict'
import { becomes } from '../support/eventually.ts'
import { closeServers, serveWebSocket } from '../support/loopback.ts'
import { slowDown } from './slowness.ts'
import { type OpenedInspector, oneStory, openInspector } from './story.ts'
import type { Workbench } from './workbench.ts'

const ROUNDS = 2

describe('the keyboard in a slow workbench', () => {
  oneStory(() => workbench)
  let opened: OpenedInspector
  let workbench: Workbench
  let url: string
  let hurry: (() => Promise<void>) | undefined

  before(async () => {
    url = await serveWebSocket((socket) => socket.send('hello'))
    opened = await openInspector()
    workbench = opened.workbench
  })
  after(async () => {
    await hurry?.()
    await opened?.close()
    closeServers()
  })

  const field = () => workbench.page.locator('.quick-input-widget input[type="text"]')
  const filter = () => workbench.panel.getByRole('combobox', { name: 'Filter' })
  const title = () => workbench.page.locator('.quick-input-title').getByText('Connect', { exact: true })
  const hidden = () => workbench.page.locator('.quick-input-widget').waitFor({ state: 'hidden' })

  it('stays with a palette that is open when the panel comes alive', async () => {
    await workbench.askForUrl()
    await workbench.typeUrl(url)
    hurry = await slowDown(workbench.page)
    const { keyboard } = workbench.page
    await keyboard.press('Enter')
    await hidden()
    await keyboard.press('F1')
    await field().waitFor()
    await keyboard.type('Realtime')
    await workbench.rows('hello').waitFor()
    await keyboard.type(': Op')
    await becomes(() => field().inputValue(), '>Realtime: Op')
    await keyboard.press('Escape')
    await hidden()
  })

  it('goes to the request, although the palette before it was opened from the filter', async () => {
    const { keyboard } = workbench.page
    for (let round = 0; round < ROUNDS; round++) {
      await filter().click()
      await keyboard.press('F1')
      await field().waitFor()
      await keyboard.type('Realtime: Connect')
      await workbench.page
        .locator('.quick-input-list .monaco-list-row.focused')
        .filter({ hasText: 'Realtime: Connect' })
        .waitFor()
      await keyboard.press('Enter')
      await title().waitFor()
      await keyboard.type(url, { delay: 20 })
      await becomes(() => field().inputValue(), url)
      assert.equal(await filter().inputValue(), '')
      await keyboard.press('Escape')
      await hidden()
    }
  })

  it('comes back to the request if the panel gets the focus late, and types nothing there meanwhile', async () => {
    const { page } = workbench
    await filter().click()
    await workbench.askForUrl()
    // As the workbench does it, with a webview that has been slow.
    await workbench.panel.locator('body').evaluate('window.focus()')
    await page.keyboard.type('w')
    await field().and(page.locator(':focus')).waitFor()
    await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: url }).first().waitFor()
    assert.equal(await filter().inputValue(), '')
    await field().fill('')
    await page.keyboard.type(url)
    await becomes(() => field().inputValue(), url)
    await page.keyboard.press('Escape')
    await hidden()
  })
})
