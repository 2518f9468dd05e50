/** Keys in the page while the editor asks the user for input, in a browser. */
import assert from 'node:assert/strict'
import { becomes } from '../support/eventually.ts'
import type { PanelPage } from './preview/driver.ts'
import { pageTests } from './preview/page-tests.ts'

describe('the keyboard while the editor asks', () => {
  const browser = pageTests()
  let panel: PanelPage

  const filter = () => panel.page.getByRole('combobox', { name: 'Filter' })

  it('is given up, stays away from the page meanwhile, and comes back afterwards', async () => {
    panel = await browser.open({ events: 100 })
    await filter().fill('trade')
    await panel.tell('ask', true)
    await panel.called('gaveUpKeyboard')
    assert.equal(await panel.page.evaluate('document.activeElement === document.body'), true)
    await panel.page.keyboard.type('ws://host/')
    assert.equal(await filter().inputValue(), 'trade')
    await panel.tell('ask', false)
    await filter().and(panel.page.locator(':focus')).waitFor()
    await panel.page.keyboard.type('s')
    await becomes(() => filter().inputValue(), 'trades')
  })

  it('is handed back if the focus comes by itself, but not after a press in the page', async () => {
    panel = await browser.open({ events: 100 })
    await panel.tell('ask', true)
    await panel.called('gaveUpKeyboard')
    // A page that has loaded with the focus during the question says so at once.
    assert.equal((await panel.called('gotFocus')).length, 1)
    await panel.page.evaluate("dispatchEvent(new Event('focus'))")
    await becomes(async () => (await panel.called('gotFocus')).length, 2)
    await filter().click()
    await panel.page.evaluate("dispatchEvent(new Event('focus'))")
    await panel.page.keyboard.type('mine')
    await becomes(() => filter().inputValue(), 'mine')
    assert.equal((await panel.called('gotFocus')).length, 2)
  })
})
