/** What the details say of decoded messages: real recordings, the real engine, a real browser. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { ROOT } from '../../scripts/paths.ts'
import { becomes } from '../support/eventually.ts'
import { type LivePanel, panelOpener } from './live/live-panel.ts'
import { seriousIssues } from './preview/axe.ts'
import { chooseRow } from './preview/choose-row.ts'

describe('decoded messages in the details', () => {
  const openPanel = panelOpener()
  let panel: LivePanel

  const details = () => panel.page.getByRole('region', { name: 'Details' })
  const tab = (name: string) => details().getByRole('tab', { name })
  const menuItem = (name: string) => panel.page.getByRole('menuitemcheckbox', { name, exact: true })
  const button = (name: string | RegExp) => details().getByRole('button', { name })
  const selected = (index: number) =>
    panel.page.locator(`[data-event="${index}"][aria-selected=true]`).waitFor()
  const row = (index: number) => panel.page.locator(`[data-event="${index}"]`)
  const isShown = (name: string) => becomes(() => tab(name).getAttribute('aria-selected'), 'true')

  async function open(name: string, index: number, width = 1400): Promise<void> {
    panel = await openPanel({
      file: join(ROOT, 'test/fixtures/recordings', `${name}.rtsession`),
      width,
    })
    await panel.page.getByRole('grid').focus()
    await panel.page.keyboard.press('Home')
    await row(index).waitFor()
    await panel.select(index)
  }

  it('come first, with the request and its answer a click away from each other', async () => {
    await open('socketio', 7)
    await details().getByRole('heading', { name: 'ACK sum' }).waitFor()
    await isShown('Decoded')
    await becomes(() => details().getByRole('tab').first().textContent(), 'Decoded')
    await details().getByText('path /socket.io/ and EIO=4').waitFor()
    await details()
      .locator('.exchange-time')
      .getByText(/^8\.6\sms$/)
      .waitFor()
    await button(/#7 EVENT sum/).click()
    await selected(6)
    await details().getByRole('heading', { name: 'EVENT sum → ack' }).waitFor()
    await button(/#8 ACK sum/).click()
    await selected(7)
    assert.deepEqual(await seriousIssues(panel.page), [])
  })

  it('compare the time to an answer with that of other requests of the name', async () => {
    await open('rpcws', 13)
    await details().getByRole('heading', { name: 'response secret' }).waitFor()
    const figures = details().locator('.packet-figures')
    await figures.getByText(/^2 of 2 answered, p50 [\d.]+\sms, p95 [\d.]+\sms$/).waitFor()
    // The first call has nothing to compare with.
    await chooseRow(row(5))
    await details().getByRole('heading', { name: 'error fail' }).waitFor()
    assert.equal(await figures.count(), 0)
  })

  it('leave the payload where the user wants it, and messages of no protocol as they are', async () => {
    await open('socketio', 7)
    await tab('Payload').click()
    await chooseRow(row(5))
    await isShown('Payload')
    await tab('Decoded').click()
    await chooseRow(row(6))
    await details().getByRole('heading', { name: 'EVENT sum → ack' }).waitFor()
    await isShown('Decoded')
    await chooseRow(row(1))
    await isShown('Payload')
    await becomes(() => tab('Decoded').count(), 0)
  })

  it('list the parts of a conversation, which can be selected', async () => {
    await open('graphqlws', 5)
    await tab('Conversation').click()
    const parts = details().getByRole('listitem')
    await parts.nth(2).waitFor()
    await becomes(() => parts.count(), 3)
    await parts.nth(1).locator('[aria-current]').waitFor()
    await parts
      .nth(2)
      .filter({ hasText: /complete H\+0\.5\sms3\.2\sms/ })
      .waitFor()
    await parts.nth(0).getByRole('button').click()
    await selected(4)
    await isShown('Conversation')
    await parts.nth(0).locator('[aria-current]').waitFor()
    assert.deepEqual(await seriousIssues(panel.page), [])
  })

  it('have values that are columns and filters, by the paths that the list knows', async () => {
    await open('graphqlws', 5)
    const value = details().getByRole('treeitem').filter({ hasText: '"hello Zoë"' }).last()
    await value.click()
    await details().locator('.tree-path code').getByText('$.payload.data.hello').waitFor()
    await button('Add as Column').click()
    await row(5).locator('.column-value', { hasText: 'hello Zoë' }).waitFor()
    await button('Filter by This Value').click()
    await panel.page.locator('[role=grid][aria-rowcount="2"]').waitFor()
  })

  it('have such values also in payloads that are not JSON', async () => {
    await open('socketio', 5)
    await details().getByRole('treeitem').filter({ hasText: '"id": 7' }).last().click()
    await details().locator('.tree-path code').getByText('$[0].id').waitFor()
    await button('Add as Column').click()
    await row(5).locator('.column-value', { hasText: '7' }).waitFor()
    await button('Filter by This Value').click()
    await row(6).waitFor({ state: 'detached' })
    await row(5).waitFor()
  })

  it('are decoded in another way, or not at all, if the user says so', async () => {
    await open('socketio', 7, 600)
    await button('Change…').click()
    await menuItem('Recognize Automatically').waitFor()
    await becomes(() => menuItem('Recognize Automatically').getAttribute('aria-checked'), 'true')
    await menuItem('Do Not Decode').click()
    await details().getByText('The messages of this connection are not decoded.').waitFor()
    await row(7).locator('.column-type').getByText('text', { exact: true }).waitFor()
    await button('Change…').click()
    await menuItem('mqtt').click()
    const problem = details().locator('.missing')
    await problem.waitFor()
    await button('Change…').click()
    await menuItem('Recognize Automatically').click()
    await details().getByRole('heading', { name: 'ACK sum' }).waitFor()
    await row(7).locator('.column-type').getByText('ACK sum').waitFor()
    await panel.page.locator('.chip.connection').first().click({ button: 'right' })
    await panel.page.getByRole('menuitem', { name: 'Decode As…' }).click()
    await becomes(() => menuItem('Recognize Automatically').getAttribute('aria-checked'), 'true')
  })
})
