/** Saving in a browser: the whole session, or the part that is selected or shown. */
import assert from 'node:assert/strict'
import type { Part } from '../../src/shared/protocol/saving.ts'
import { becomes } from '../support/eventually.ts'
import { seriousIssues } from './preview/axe.ts'
import { chooseRow } from './preview/choose-row.ts'
import type { PanelPage } from './preview/driver.ts'
import { pageTests } from './preview/page-tests.ts'

describe('saving in a browser', () => {
  const browser = pageTests()
  let panel: PanelPage

  const part = async () => ((await panel.called('save')) as { part: Part | null }[]).at(-1)?.part
  const menu = () => panel.page.getByRole('button', { name: 'Save a part of the session' })

  it('saves the whole session with its button if nothing is selected', async () => {
    panel = await browser.open({ events: 100 })
    await panel.page.locator('[data-event="90"]').waitFor()
    assert.equal(await menu().count(), 0)
    await panel.page.getByRole('button', { name: 'Save session…' }).click()
    assert.equal(await part(), null)
  })

  it('saves the selected rows with the menu, with keys only', async () => {
    panel = await browser.open({ events: 100 })
    await chooseRow(panel.page.locator('[data-event="90"]'))
    await panel.page.locator('[data-event="94"]').click({ modifiers: ['Shift'] })
    await menu().focus()
    await panel.page.keyboard.press('Enter')
    await panel.page.getByRole('dialog', { name: 'Save a part of the session' }).waitFor()
    assert.deepEqual(await seriousIssues(panel.page), [])
    await panel.page.keyboard.press('ArrowDown')
    await panel.page
      .getByRole('button', { name: /^Selected rows… 5 events/ })
      .and(panel.page.locator(':focus'))
      .waitFor()
    await panel.page.keyboard.press('Enter')
    const { selected, ranges } = (await part()) ?? assert.fail('a part')
    assert.deepEqual(ranges, [{ from: 90, to: 95 }])
    assert.deepEqual(selected, { generation: null, range: null, connection: null, hidden: [], end: 100 })
    await becomes(() => panel.page.getByRole('dialog').count(), 0)
  })

  it('saves the shown events if the list is narrowed', async () => {
    panel = await browser.open({ events: 100 })
    await panel.page.locator('.connection-face').first().click()
    await menu().click()
    await panel.page.getByRole('button', { name: /^Shown events…/ }).click()
    const { selected, ranges } = (await part()) ?? assert.fail('a part')
    assert.equal(ranges, null)
    assert.equal(selected.connection, 1)
  })
})
