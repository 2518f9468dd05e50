/** Findings of the real rules in a browser, with servers that have the faults. */
import assert from 'node:assert/strict'
import { becomes } from '../support/eventually.ts'
import { serveForgetfulStream, serveQuietPoll } from './live/faulty-servers.ts'
import { type LivePanel, panelOpener } from './live/live-panel.ts'

describe('the findings of live traffic in a browser', () => {
  const openPanel = panelOpener()
  let panel: LivePanel

  const tab = (name: RegExp) => panel.page.getByRole('tab', { name })
  const view = () => panel.page.getByRole('region', { name: 'Findings', exact: true })
  const card = (name: RegExp) => view().getByRole('article', { name })

  async function open(): Promise<void> {
    panel = await openPanel()
  }

  it('lead from a stream that does not resume to the reconnect and to what was lost', async () => {
    await open()
    await panel.connect(await serveForgetfulStream(5))
    await panel.page.getByRole('button', { name: /^Show .*warning.* on / }).click()
    const lost = card(/^Warning: .* missed over .* reconnect/)
    await lost.getByRole('link', { name: /^HTML standard/ }).waitFor()
    await lost.getByRole('button', { name: /^Show \d+ events$/ }).click()
    const grid = panel.page.getByRole('grid', { name: 'Events' })
    await grid
      .getByRole('row', { name: /reconnect/ })
      .first()
      .waitFor()
    await grid.getByRole('row', { name: /gap/ }).first().waitFor()
    assert.equal(await grid.getByRole('row', { name: /ACME/ }).count(), 0)
  })

  it('follow what the user sets: a rule that is muted, and one that is unmuted', async () => {
    await open()
    const spec = await serveQuietPoll(10)
    await panel.connect(spec)
    await tab(/^Findings/).click()
    await card(/polls brought nothing/)
      .getByRole('img', { name: /^Times: .* stand out/ })
      .waitFor()
    await panel.engine.handlers.setDiagnosis({ thresholds: {}, muted: [{ rule: 'blank-polls' }] })
    await becomes(() => card(/polls brought nothing/).count(), 0)
    await view()
      .getByRole('button', { name: /^1 rule muted here$/ })
      .click()
    await view().getByRole('list', { name: 'Muted rules' }).getByText('blank-polls').waitFor()
    await panel.engine.handlers.setDiagnosis({ thresholds: { 'blank-polls': 0.5 }, muted: [] })
    await card(/polls brought nothing/)
      .getByText('Threshold 50 %, ')
      .waitFor()
  })
})
