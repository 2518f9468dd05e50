/** The report in a browser. */
import assert from 'node:assert/strict'
import { seriousIssues } from './preview/axe.ts'
import type { PanelPage } from './preview/driver.ts'
import { pageTests } from './preview/page-tests.ts'
import { THEMES, type ThemeName } from './preview/themes.ts'

describe('the report in a browser', function () {
  const browser = pageTests(this)
  let panel: PanelPage

  const view = () => panel.page.getByRole('region', { name: 'Report' })
  const fact = (table: string, row: string | RegExp) =>
    view().getByRole('table', { name: table }).first().getByRole('row', { name: row })

  async function open(theme: ThemeName = 'dark') {
    panel = await browser.open({ events: 100, theme })
    await panel.page.getByRole('button', { name: 'Report', exact: true }).click()
    await view()
      .getByRole('heading', { name: /^1 · websocket/ })
      .waitFor()
  }

  it('shows the traffic, overhead and losses of each connection', async () => {
    await open()
    await fact('Received', 'Messages 800').waitFor()
    await fact('Received', /On the wire 70\.0.kB, 26\.0.kB saved/).waitFor()
    await fact('Received', /Gaps p50 4.* p99 80.* max 1\.2/).waitFor()
    await fact('Outages', /Time lost 5\.2.* in 2 outages/).waitFor()
    await fact('Polls', /Empty 27 \(87 %\)/).waitFor()
    await fact('Errors', /HTTP_STATUS 2/).waitFor()
  })

  it('has its charts as tables too, and closes to show the list', async () => {
    await open()
    assert.ok(
      (await view()
        .getByRole('img', { name: /^Received over time: messages in/ })
        .count()) > 0,
    )
    await view().getByText('As a table').nth(1).click()
    await view()
      .getByRole('row', { name: /^64.B to 127.B 790$/ })
      .waitFor()
    await view().getByRole('button', { name: 'Close the report' }).click()
    await panel.page.getByRole('grid', { name: 'Events' }).waitFor()
    assert.equal(await view().count(), 0)
  })

  for (const theme of Object.keys(THEMES) as ThemeName[])
    it(`has no serious accessibility issue in the theme ${theme}`, async () => {
      await open(theme)
      assert.deepEqual(await seriousIssues(panel.page), [])
    })
})
