/** Folding and resizing the timeline in a browser. */
import assert from 'node:assert/strict'
import { becomes } from '../support/eventually.ts'
import { seriousIssues } from './preview/axe.ts'
import type { PanelPage } from './preview/driver.ts'
import { pageTests } from './preview/page-tests.ts'

describe('the size of the timeline in a browser', () => {
  const browser = pageTests()
  let panel: PanelPage

  const timeline = () => panel.page.locator('.timeline')
  const height = async () => (await timeline().boundingBox())?.height ?? 0
  const sash = () => panel.page.getByRole('separator', { name: 'Height of the timeline' })
  const kept = async () => JSON.parse(JSON.stringify(await panel.tell('kept'))) as Record<string, unknown>

  it('is folded to the overview by a button, and is remembered', async () => {
    panel = await browser.open({ events: 100 })
    const before = await height()
    await panel.page.getByRole('button', { name: 'Hide the lanes of the timeline' }).click()
    const show = panel.page.getByRole('button', { name: 'Show the lanes of the timeline' })
    await show.waitFor()
    assert.ok((await height()) < 60, String(await height()))
    assert.equal((await kept()).folded, true)
    assert.deepEqual(await seriousIssues(panel.page), [])
    await show.click()
    await becomes(height, before)
  })

  it('is changed with keys and by dragging, and is the usual one again', async () => {
    panel = await browser.open({ events: 100, height: 900 })
    const usual = await height()
    await sash().focus()
    for (let i = 0; i < 4; i++) await panel.page.keyboard.press('ArrowDown')
    await panel.painted()
    assert.ok((await height()) >= usual + 60, `${await height()} after ${usual}`)
    assert.equal(typeof (await kept()).timeline, 'number')
    const line = (await sash().boundingBox()) ?? assert.fail()
    await panel.page.mouse.move(400, line.y + 3)
    await panel.page.mouse.down()
    await panel.page.mouse.move(400, line.y - 60, { steps: 4 })
    await panel.page.mouse.up()
    await panel.painted()
    assert.ok((await height()) <= usual + 10, `${await height()} after ${usual}`)
    await sash().press('Home')
    await panel.painted()
    await becomes(height, usual)
  })
})
