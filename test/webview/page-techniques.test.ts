/** Techniques side by side in a browser. */
import assert from 'node:assert/strict'
import { becomes } from '../support/eventually.ts'
import { seriousIssues } from './preview/axe.ts'
import type { PanelPage } from './preview/driver.ts'
import { inEachTheme } from './preview/each-theme.ts'
import { pageTests } from './preview/page-tests.ts'

describe('the techniques in a browser', () => {
  const browser = pageTests()
  let panel: PanelPage

  const view = () => panel.page.getByRole('region', { name: 'Techniques' })
  const row = (name: RegExp) =>
    view().getByRole('table', { name: 'Techniques side by side' }).getByRole('row', { name })

  async function open(width = 1400) {
    panel = await browser.open({ events: 100, width })
    await panel.page.getByRole('tab', { name: 'Techniques', exact: true }).click()
    await view().getByRole('table').waitFor()
  }

  it('has the figures of each technique, and how many there are', async () => {
    await open()
    await view().getByText('150 events · 5 min · matched by content · latency from $.sentAt').waitFor()
    await row(/WebSocket.* 0\.01 1 in all does not apply 7\.4.B 24.ms 41.ms 1 reconnect, 2 lost$/).waitFor()
    await row(/Poll every 1 s.* 2\.00 300 in all 61 % 1\.3.kB 512.ms 968.ms 1 reconnect, 0 lost$/).waitFor()
  })

  it('draws ten seconds of each technique', async () => {
    await open()
    await becomes(
      () => view().getByRole('img', { name: 'In the last ten seconds: arrivals of 7 events' }).count(),
      3,
    )
    await view()
      .getByRole('img', { name: /^In the last ten seconds: 10 requests, \d of them empty$/ })
      .waitFor()
  })

  it('ranks the techniques with reasons and sources, and follows the answers', async () => {
    await open()
    const first = () => view().getByRole('listitem').filter({ hasText: 'because an event takes' }).first()
    await first().getByText('SSE', { exact: true }).waitFor()
    await becomes(
      () => first().getByRole('link', { name: 'RFC 6202, section 2.2' }).first().getAttribute('href'),
      'https://www.rfc-editor.org/rfc/rfc6202#section-2.2',
    )
    await view().getByRole('radio', { name: 'All the Time' }).check()
    await first().getByText('WebSocket', { exact: true }).waitFor()
    const calls = await panel.called('techniques')
    assert.deepEqual(calls.at(-1), { answers: { clientsSend: 'always' }, chosen: null })
  })

  it('compares the connections that are chosen', async () => {
    await open()
    await view().getByText('5 of 5 compared').click()
    await view()
      .getByRole('checkbox', { name: /^WebSocket/ })
      .click()
    await becomes(
      async () => ((await panel.called('techniques')).at(-1) as { chosen: unknown } | undefined)?.chosen,
      [2, 3, 4, 5],
    )
    await panel.page.keyboard.press('Escape')
    await becomes(() => view().getByRole('checkbox', { name: /^SSE/ }).count(), 0)
    assert.match(String(await panel.page.evaluate('document.activeElement.textContent')), /compared$/)
  })

  it('changes the rate of the demo’s feed, with keys too', async () => {
    await open()
    const slider = view().getByRole('slider', { name: /^Feed/ })
    await slider.focus()
    await slider.press('ArrowRight')
    await becomes(async () => (await panel.called('feedRate')).length, 2)
    const { every } = (await panel.called('feedRate')).at(-1) as { every: number }
    assert.ok(every < 1000 && every > 800, String(every))
  })

  it('is exported', async () => {
    await open()
    await view().getByRole('button', { name: 'Export…' }).click()
    assert.deepEqual(await panel.called('exportTechniques'), [{ answers: {}, chosen: null }])
  })

  for (const width of [600, 1000, 1400])
    it(`fits into ${width} pixels`, async () => {
      await open(width)
      const { scroll, room } = await view().evaluate((element) => ({
        scroll: (element as unknown as { scrollWidth: number }).scrollWidth,
        room: (element as unknown as { clientWidth: number }).clientWidth,
      }))
      assert.ok(scroll <= room, `${scroll} of ${room}`)
    })

  for (const width of [600, 1400])
    it(`has no serious accessibility issue in any theme, ${width} pixels wide`, async () => {
      await open(width)
      await inEachTheme(panel.page, `techniques-${width}`, async (theme) => {
        assert.deepEqual(await seriousIssues(panel.page, theme), [])
      })
    })
})
