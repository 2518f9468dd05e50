/** What the columns of the list show, and the menus on its header and its rows, in a browser. */
import assert from 'node:assert/strict'
import { becomes } from '../support/eventually.ts'
import { seriousIssues } from './preview/axe.ts'
import { chooseRow } from './preview/choose-row.ts'
import type { OpenOptions, PanelPage } from './preview/driver.ts'
import { inEachTheme } from './preview/each-theme.ts'
import { pageTests } from './preview/page-tests.ts'

describe('the columns of the list in a browser', () => {
  const browser = pageTests()
  let panel: PanelPage

  const open = async (options: OpenOptions) => {
    panel = await browser.open(options)
  }
  const row = (index: number) => panel.page.locator(`[data-event="${index}"]`)
  const cell = (index: number, column: string) => row(index).locator(`.column-${column}`)
  const header = (name: string) =>
    panel.page.getByRole('columnheader').filter({ has: panel.page.locator(`.clip:text-is("${name}")`) })
  const details = () => panel.page.getByRole('region', { name: 'Details' })
  const menu = (name: string) => panel.page.getByRole('menu', { name })
  const press = (key: string) => panel.page.keyboard.press(key)
  const filter = () => panel.page.getByRole('combobox', { name: 'Filter' }).inputValue()

  it('name the connection, and have its color', async () => {
    await open({ events: 26 })
    await becomes(() => cell(2, 'connection').textContent(), 'ws ticker')
    const colors = await Promise.all(
      [2, 10].map((index) => cell(index, 'connection').locator('.stripe').getAttribute('class')),
    )
    assert.notEqual(colors[0], colors[1])
  })

  it('give the preview what the type does not say, and shrink the connection to its color in a narrow list', async () => {
    await open({ events: 26, width: 600, height: 1200 })
    await cell(2, 'preview')
      .filter({ hasText: /^symbol: "ACME", price: 102\.25/ })
      .waitFor()
    await becomes(() => cell(2, 'connection').textContent(), '')
    await becomes(() => cell(2, 'connection').getAttribute('aria-label'), 'ws ticker')
    for (const name of ['#', 'Δ ms', 'Size']) await becomes(() => header(name).count(), 0)
  })

  it('mark what the filter finds, and bring it into view', async () => {
    await open({ events: 26, width: 600, height: 1200 })
    await panel.page.getByRole('combobox', { name: 'Filter' }).fill('tick')
    const mark = cell(2, 'preview').locator('mark')
    await mark.waitFor()
    await becomes(() => mark.textContent(), 'tick')
    assert.match((await cell(2, 'preview').textContent()) ?? '', /^…/)
    const [inner, outer] = [await mark.boundingBox(), await cell(2, 'preview').boundingBox()]
    assert.ok(inner && outer && inner.x + inner.width <= outer.x + outer.width)
  })

  it('are chosen in a menu on the header, also with keys, and stay chosen', async () => {
    await open({ events: 26 })
    await panel.page.getByRole('button', { name: 'Columns' }).focus()
    await press('Enter')
    await menu('Columns').waitFor()
    await press('s')
    const size = panel.page.getByRole('menuitemcheckbox', { name: 'Size' })
    await size.and(panel.page.locator(':focus')).waitFor()
    await press('Enter')
    await header('Size').waitFor({ state: 'detached' })
    await becomes(() => size.getAttribute('aria-checked'), 'false')
    await press('Escape')
    await panel.page.getByRole('button', { name: 'Columns' }).and(panel.page.locator(':focus')).waitFor()
    assert.deepEqual(((await panel.tell('kept')) as { chosen: unknown }).chosen, { size: false })
    await header('Type').click({ button: 'right' })
    await panel.page.getByRole('menuitem', { name: 'Reset Columns' }).click()
    await header('Size').waitFor()
  })

  it('have values of JSON payloads, from the menu and from the tree', async () => {
    await open({ events: 26 })
    await panel.page.getByRole('button', { name: 'Columns' }).click()
    await panel.page.getByRole('menuitem', { name: 'Column from JSON…' }).click()
    await panel.page.getByRole('menuitem', { name: '$.price' }).click()
    await header('price').waitFor()
    const wished = async () => ((await panel.called('wish')) as { paths: string[] }[]).at(-1)?.paths
    await becomes(wished, ['$.price'])
    await chooseRow(row(2))
    await panel.page.getByRole('treeitem').filter({ hasText: '"symbol"' }).click()
    await panel.page.getByRole('button', { name: 'Add as Column' }).click()
    await header('symbol').waitFor()
    await panel.page.getByRole('button', { name: 'Filter by This Value' }).click()
    await becomes(filter, '$.symbol == "ACME"')
  })

  it('leave room: the details open with a selection, and close with Escape and a button', async () => {
    await open({ events: 26 })
    await becomes(() => details().count(), 0)
    await chooseRow(row(2))
    await details().waitFor()
    await details().getByRole('button', { name: 'Close Details (Escape)' }).click()
    await becomes(() => details().count(), 0)
    await press('ArrowDown')
    await becomes(() => row(3).getAttribute('aria-selected'), 'true')
    await becomes(() => details().count(), 0)
    assert.equal(((await panel.tell('kept')) as { details: boolean }).details, false)
    await press('Enter')
    await panel.page.locator('[role=tabpanel]:focus').waitFor()
    await press('Escape')
    await becomes(() => details().count(), 0)
    await chooseRow(row(4))
    await details().waitFor()
  })

  it('have a menu on each row that filters', async () => {
    await open({ events: 26, height: 1200 })
    // On the value, behind its key.
    const key = await row(2).locator('[data-field=symbol]').boundingBox()
    await panel.page.mouse.click((key?.x ?? 0) + (key?.width ?? 0) + 14, (key?.y ?? 0) + 6, {
      button: 'right',
    })
    await panel.page.getByRole('menuitem', { name: 'Filter to symbol: "ACME"' }).click()
    await becomes(filter, '$.symbol == "ACME"')
    await panel.page.getByRole('combobox', { name: 'Filter' }).fill('ACME or XETR')
    await row(2).locator('mark').first().waitFor()
    await row(2).click({ button: 'right' })
    await panel.page.getByRole('menuitem', { name: 'Filter Out Type trade' }).click()
    await becomes(filter, '(ACME or XETR) not ($.type == "trade")')
  })

  it('have a menu on each row that copies, sends and marks, and leaves the details as they are', async () => {
    await open({ events: 26 })
    const choose = async (name: string) => {
      await row(3).click({ button: 'right' })
      await panel.page.getByRole('menuitem', { name, exact: true }).click()
    }
    await choose('Copy Payload')
    assert.deepEqual(await panel.called('copyAs'), [{ index: 3, form: 'text' }])
    await choose('Resend')
    assert.equal(((await panel.called('send')) as { id: number }[])[0]?.id, 1)
    await choose('Mark This Moment…')
    await panel.page.getByRole('textbox', { name: /^Note for 00:00/ }).fill('here')
    await press('Enter')
    assert.equal(((await panel.called('mark')) as { text: string }[])[0]?.text, 'here')
    await becomes(() => details().count(), 0)
  })

  it('open the menu of the current row with a key', async () => {
    await open({ events: 26 })
    await chooseRow(row(2))
    await press('Shift+F10')
    await menu('Event').waitFor()
    await press('Escape')
    await panel.page.locator('[role=grid]:focus').waitFor()
    await details().waitFor()
  })

  it('fold the kinds of events into one button in a narrow page', async () => {
    await open({ events: 26, width: 600 })
    await becomes(() => panel.page.getByRole('button', { name: 'Out', exact: true }).count(), 0)
    await panel.page.getByRole('button', { name: 'Kinds' }).click()
    await panel.page.getByRole('menuitemcheckbox', { name: 'Out' }).click()
    await panel.page.getByRole('button', { name: '3 of 4 kinds' }).waitFor()
    await press('Escape')
    await row(4).waitFor({ state: 'detached' })
  })

  it('are not the only keys: ? shows them, and commands of the editor move to the filter and pause', async () => {
    await open({ events: 26 })
    await chooseRow(row(2))
    await press('?')
    const keys = panel.page.getByRole('dialog', { name: 'Keys' })
    await keys.getByText('Go to the filter').waitFor()
    await keys.getByRole('button', { name: 'Change Keys…' }).click()
    await panel.called('changeKeys')
    await press('Escape')
    await keys.waitFor({ state: 'detached' })
    await panel.page.locator('[role=grid]:focus').waitFor()
    await panel.tell('act', 'filter')
    await panel.page.getByRole('combobox', { name: 'Filter' }).and(panel.page.locator(':focus')).waitFor()
    await panel.page.keyboard.type('a?')
    await becomes(filter, 'a?')
    assert.equal(await keys.count(), 0)
    await panel.tell('act', 'pause')
    await panel.page.getByRole('button', { name: 'Resume' }).waitFor()
  })

  it('have menus without serious accessibility issues in any theme', async () => {
    await open({ events: 26, width: 900 })
    await panel.page.getByRole('button', { name: 'Columns' }).click()
    await inEachTheme(panel.page, 'columns-menu', async (theme) => {
      assert.deepEqual(await seriousIssues(panel.page, theme), [])
    })
    await press('Escape')
    await panel.page.getByRole('combobox', { name: 'Filter' }).fill('ACME')
    await row(2).locator('mark').waitFor()
    await row(2).click({ button: 'right' })
    await inEachTheme(panel.page, 'row-menu', async (theme) => {
      assert.deepEqual(await seriousIssues(panel.page, theme), [])
    })
  })
})
