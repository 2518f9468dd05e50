/** What the user can take back in the panel, in a browser: a clear, and connections that were removed. */
import assert from 'node:assert/strict'
import { becomes, eventually } from '../support/eventually.ts'
import { seriousIssues } from './preview/axe.ts'
import type { PanelPage } from './preview/driver.ts'
import { inEachTheme } from './preview/each-theme.ts'
import { pageTests } from './preview/page-tests.ts'

describe('undo in a browser', () => {
  const browser = pageTests()
  let panel: PanelPage

  const bar = () => panel.page.locator('.undoable')
  const chips = () => panel.page.getByRole('list', { name: 'Connections', exact: true }).getByRole('listitem')
  const count = () => panel.page.locator('.shown-count').textContent()
  const remove = async (at: number) => {
    await panel.tell('say', { state: 'closed' })
    await chips().nth(at).locator('.connection-face').click({ button: 'right' })
    await panel.page.getByRole('menuitem', { name: 'Remove', exact: true }).click()
  }

  it('brings back what was cleared, until it is dismissed', async () => {
    panel = await browser.open({ events: 1234 })
    await panel.page.getByRole('button', { name: 'Clear', exact: true }).click()
    await bar().getByText('Cleared 1,234 events.').waitFor()
    assert.deepEqual(await seriousIssues(panel.page), [])
    await bar().getByRole('button', { name: 'Undo Clear' }).click()
    assert.deepEqual(await panel.called('settleCleared'), [{ undo: true }])
    await bar().waitFor({ state: 'detached' })
    await panel.tell('add', 10)
    await panel.page.getByRole('button', { name: 'Clear', exact: true }).click()
    await bar().getByText('Cleared 10 events.').waitFor()
    await bar().getByRole('button', { name: 'Dismiss' }).click()
    assert.deepEqual(await panel.called('settleCleared', 2), [{ undo: true }, { undo: false }])
  })

  it('hides the events of a removed connection, says so, and shows them again', async () => {
    panel = await browser.open({ events: 300 })
    const before = await chips().count()
    await remove(1)
    await bar().getByText('Its events are hidden, but still saved.').waitFor()
    assert.deepEqual(await panel.called('removeConnection'), [{ id: 2 }])
    await becomes(() => chips().count(), before - 1)
    await eventually(async () => {
      const [shown = 0] = ((await count()) ?? '').match(/\d+/g) ?? []
      assert.ok(Number(shown) > 0 && Number(shown) < 300, `${shown} events`)
    })
    const without = async () =>
      ((await panel.called('statistics')) as { without: number[] }[]).at(-1)?.without
    await becomes(without, [2])
    await bar().getByRole('button', { name: 'Undo Remove' }).click()
    await bar().waitFor({ state: 'detached' })
    await becomes(() => chips().count(), before)
    await becomes(count, '300 events')
  })

  it('can restore removed connections after the bar is dismissed', async () => {
    panel = await browser.open({ events: 300 })
    await remove(0)
    await remove(0)
    await bar().getByText('Removed 2 connections.').waitFor()
    await bar().getByRole('button', { name: 'Dismiss' }).click()
    await bar().waitFor({ state: 'detached' })
    await chips().first().locator('.connection-face').click({ button: 'right' })
    await panel.page.getByRole('menuitem', { name: 'Restore 2 Removed Connections' }).click()
    await becomes(() => chips().count(), 3)
  })

  for (const width of [600, 1400])
    it(`has no serious accessibility issue in any theme, ${width} pixels wide`, async () => {
      panel = await browser.open({ events: 300, width })
      await remove(1)
      await bar().waitFor()
      await inEachTheme(panel.page, `undo-${width}`, async (theme) => {
        assert.deepEqual(await seriousIssues(panel.page, theme), [])
      })
    })
})
