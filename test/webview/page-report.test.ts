/** The report in a browser. */
import assert from 'node:assert/strict'
import { becomes } from '../support/eventually.ts'
import { seriousIssues } from './preview/axe.ts'
import type { PanelPage } from './preview/driver.ts'
import { inEachTheme } from './preview/each-theme.ts'
import { pageTests } from './preview/page-tests.ts'

describe('the report in a browser', () => {
  const browser = pageTests()
  let panel: PanelPage

  const view = () => panel.page.getByRole('region', { name: 'Report' })
  const tab = (name: string) => panel.page.getByRole('tab', { name, exact: true })
  const row = (name: RegExp) => view().getByRole('table', { name: 'Connections' }).getByRole('row', { name })

  async function open(width = 1280) {
    panel = await browser.open({ events: 100, width })
    await tab('Report').click()
    await view().getByRole('table').waitFor()
  }

  it('has the figures of each connection, and of all', async () => {
    await open()
    await row(/ticker.* WebSocket 40 s .*30\.2.ms 800 96\.0.kB 200 24\.0.kB 96\.0.kB -25 %/).waitFor()
    await row(/ticker.* 12\.0 ms 40\.0 ms/).waitFor()
    await row(/config.* long polling 35 s .*912 ms 31 .*900 ms 2\.9 s .*3 5\.2 s 27 of 31 87 %/).waitFor()
    await row(/^All .*831 .*200 .*27 of 31 87 %$/).waitFor()
    await view().getByRole('img', { name: 'DNS 3.1 ms, TCP 9.3 ms, TLS 9.5 ms, answer 8.3 ms' }).waitFor()
  })

  it('compares all connections on the same axes, received or sent', async () => {
    await open()
    const charts = view().getByRole('img', { name: /^Messages over time: at most/ })
    await becomes(() => charts.count(), 2)
    const boxes = [await charts.nth(0).boundingBox(), await charts.nth(1).boundingBox()]
    assert.deepEqual([boxes[0]?.x, boxes[0]?.width], [boxes[1]?.x, boxes[1]?.width])
    await view().getByText('down for 4.0 s').waitFor({ state: 'attached' })
    await view().getByRole('button', { name: 'Sent' }).click()
    await becomes(() => charts.count(), 1)
    await view().getByText('Messages sent in 512 ms').waitFor()
  })

  it('is a tab beside the events, which keys reach, and is exported', async () => {
    await open()
    await tab('Report').press('ArrowLeft')
    await tab('Findings').press('ArrowLeft')
    await panel.page.getByRole('grid', { name: 'Events' }).waitFor()
    await becomes(() => view().count(), 0)
    await tab('Events').press('ArrowRight')
    await tab('Findings').press('ArrowRight')
    await view()
      .getByRole('button', { name: /^Export as HTML or Markdown/ })
      .click()
    assert.equal((await panel.called('exportReport')).length, 1)
  })

  for (const width of [600, 1400])
    it(`fits into ${width} pixels`, async () => {
      await open(width)
      const { scroll, room } = await view().evaluate((element) => ({
        scroll: (element as unknown as { scrollWidth: number }).scrollWidth,
        room: (element as unknown as { clientWidth: number }).clientWidth,
      }))
      assert.ok(scroll <= room, `${scroll} of ${room}`)
    })

  for (const width of [600, 1280])
    it(`has no serious accessibility issue in any theme, ${width} pixels wide`, async () => {
      await open(width)
      await inEachTheme(panel.page, `report-${width}`, async (theme) => {
        assert.deepEqual(await seriousIssues(panel.page, theme), [])
      })
    })
})
