/** The list in a browser: columns, times, several selected rows, copying. */

import assert from 'node:assert/strict'
import type { Locator } from 'playwright-core'
import { becomes, eventually } from '../support/eventually.ts'
import { chooseRow } from './preview/choose-row.ts'
import type { PanelPage } from './preview/driver.ts'
import { pageTests } from './preview/page-tests.ts'

describe('the list in a browser', () => {
  const browser = pageTests()
  let panel: PanelPage

  const grid = () => panel.page.getByRole('grid', { name: 'Events' })
  const row = (index: number) => panel.page.locator(`[data-event="${index}"]`)
  const header = (name: string) => panel.page.getByRole('columnheader', { name })
  const selected = () => panel.page.locator('[role=row][aria-selected=true]')
  const widthOf = async (name: string) => Math.round((await header(name).boundingBox())?.width ?? 0)

  /** Drags the separator of a column to the right by a number of pixels. */
  async function drag(sash: Locator, by: number, steps: number): Promise<void> {
    const box = (await sash.boundingBox()) ?? assert.fail('the separator is there')
    const [x, y] = [box.x + 4, box.y + 8]
    await panel.page.mouse.move(x, y)
    await panel.page.mouse.down()
    await panel.page.mouse.move(x + by, y, { steps })
    await panel.page.mouse.up()
  }

  it('shows the payload names of messages, and the event names of SSE events', async () => {
    panel = await browser.open({ events: 26 })
    await row(2).getByText('trade', { exact: true }).waitFor()
    await row(9).getByText('binary', { exact: true }).waitFor()
    await row(10).getByText('event: price', { exact: true }).waitFor()
  })

  it('has columns that the mouse resizes and a double click resets, and keeps their widths', async () => {
    panel = await browser.open({ events: 100 })
    const sash = panel.page.getByRole('separator', { name: /^Width of Type/ })
    const before = await widthOf('Type')
    await drag(sash, 60, 4)
    await becomes(() => widthOf('Type'), before + 60)
    const { columns } = (await panel.tell('kept')) as { columns: Record<string, number> }
    assert.equal(columns.type, before + 60)
    await sash.dblclick()
    await becomes(() => widthOf('Type'), before)
  })

  it('keeps every column while one is made as wide as possible', async () => {
    panel = await browser.open({ events: 100 })
    const sash = panel.page.getByRole('separator', { name: /^Width of Type/ })
    const before = {
      width: await widthOf('Type'),
      columns: await panel.page.getByRole('columnheader').count(),
    }
    await drag(sash, 696, 10)
    await eventually(async () => assert.ok((await widthOf('Type')) > before.width + 50))
    assert.equal(await panel.page.getByRole('columnheader').count(), before.columns)
  })

  it('has columns that keys resize within bounds, with one stop for the Tab key', async () => {
    panel = await browser.open({ events: 100 })
    assert.equal(await panel.page.locator('.column-sash[tabindex="0"]').count(), 1)
    const time = panel.page.getByRole('separator', { name: /^Width of Time/ })
    const before = await widthOf('Time')
    await panel.page.getByRole('separator', { name: /^Width of Number/ }).focus()
    await panel.page.keyboard.press('ArrowDown')
    await time.and(panel.page.locator(':focus')).waitFor()
    await panel.page.keyboard.press('ArrowRight')
    await becomes(() => widthOf('Time'), before + 8)
    for (let i = 0; i < 20; i++) await panel.page.keyboard.press('Shift+ArrowLeft')
    const least = Number(await time.getAttribute('aria-valuemin'))
    await becomes(() => widthOf('Time'), least)
    await panel.page.keyboard.press('Enter')
    await becomes(() => widthOf('Time'), before)
    await becomes(() => selected().count(), 0)
  })

  it('hides the least important columns if it is narrow', async () => {
    panel = await browser.open({ events: 100, width: 500 })
    await header('Preview').waitFor()
    await becomes(() => header('Δ ms').count(), 0)
    await becomes(() => header('#').count(), 0)
    assert.equal(await header('Preview').getAttribute('aria-colindex'), '11')
  })

  it('counts times from the chosen origin, and keeps the choice', async () => {
    panel = await browser.open({ events: 100 })
    const times = panel.page.getByRole('combobox', { name: 'Time column' })
    const cell = (index: number) => row(index).locator('.column-time')
    await times.selectOption('clock')
    await cell(90)
      .getByText(/^\d\d:\d\d:\d\d\.\d{3}$/)
      .waitFor()
    await chooseRow(row(89))
    await times.selectOption('selected')
    await cell(90)
      .getByText(/^\+\d+\.\d ms$/)
      .waitFor()
    await cell(88)
      .getByText(/^−\d+\.\d ms$/)
      .waitFor()
    await times.selectOption('previous')
    await cell(88)
      .getByText(/^\+\d+\.\d ms$/)
      .waitFor()
    assert.equal(((await panel.tell('kept')) as { time: string }).time, 'previous')
  })

  it('selects several rows with the mouse, and shows their totals', async () => {
    panel = await browser.open({ events: 26 })
    assert.equal(await grid().getAttribute('aria-multiselectable'), 'true')
    await chooseRow(row(14))
    await row(16).click({ modifiers: ['Shift'] })
    await becomes(() => selected().count(), 3)
    await row(20).click({ modifiers: ['ControlOrMeta'] })
    await row(15).click({ modifiers: ['ControlOrMeta'] })
    await becomes(
      () => selected().evaluateAll((rows) => rows.map((each) => each.getAttribute('data-event'))),
      ['14', '16', '20'],
    )
    await panel.page.getByText(/^3 events selected · 176\sB · over \d+\.\d ms$/).waitFor()
    await chooseRow(row(20))
    await becomes(() => selected().count(), 1)
    await becomes(() => panel.page.getByText('events selected').count(), 0)
  })

  it('selects several rows with keys', async () => {
    panel = await browser.open({ events: 1000 })
    await grid().focus()
    await panel.page.keyboard.press('Home')
    for (let i = 0; i < 3; i++) await panel.page.keyboard.press('Shift+ArrowDown')
    await becomes(() => selected().count(), 4)
    await panel.page.keyboard.press('Shift+ArrowUp')
    await becomes(() => selected().count(), 3)
    await becomes(() => grid().getAttribute('aria-activedescendant'), 'event-2')
    await panel.page.keyboard.press('ControlOrMeta+a')
    await panel.page.getByText(/^1.000 events selected/).waitFor()
    await panel.page.keyboard.press('Escape')
    await becomes(() => panel.page.getByRole('region', { name: 'Details' }).count(), 0)
    await panel.page.keyboard.press('Escape')
    await becomes(() => selected().count(), 0)
  })

  it('copies the selected rows, those out of view too', async () => {
    panel = await browser.open({ events: 1000 })
    await grid().focus()
    await panel.page.keyboard.press('ControlOrMeta+a')
    await panel.page.keyboard.press('ControlOrMeta+c')
    const [copied] = (await panel.called('copy')) as { text: string }[]
    const lines = copied?.text.split('\n') ?? []
    assert.equal(lines.length, 1000)
    assert.match(
      lines[2] ?? '',
      /^3\t00:00\.\d{3}\t.*\tws feed\.example\/ticker\treceived\ttrade\t\t\t\t\d+ B\t\{"type":"trade"/,
    )
    assert.match(lines[999] ?? '', /^1000\t/)
  })

  it('copies times in the chosen time mode', async () => {
    panel = await browser.open({ events: 100 })
    await panel.page.getByRole('combobox', { name: 'Time column' }).selectOption('selected')
    await chooseRow(row(89))
    await row(90).click({ modifiers: ['Shift'] })
    await becomes(() => selected().count(), 2)
    const shown = await selected().locator('.column-time').allTextContents()
    await panel.page.keyboard.press('ControlOrMeta+c')
    const [copied] = (await panel.called('copy')) as { text: string }[]
    assert.deepEqual(
      copied?.text.split('\n').map((line) => line.split('\t')[1]),
      shown.map((time) => time.replaceAll('\u00a0', ' ')),
    )
    assert.match(shown[0] ?? '', /^−/)
  })

  it('copies a limited number of rows, and says so', async () => {
    panel = await browser.open({ events: 30_000 })
    await grid().focus()
    await panel.page.keyboard.press('ControlOrMeta+a')
    await panel.page.getByText(/^Copy the first 10.000 rows. A saved session has all$/).waitFor()
    await panel.page.getByRole('button', { name: /^Copy the first/ }).click()
    const [copied] = (await panel.called('copy')) as { text: string }[]
    assert.equal(copied?.text.split('\n').length, 10_000)
  })
})
