/** Requests and answers on the timeline: a real recording, the real engine, a real browser. */
import assert from 'node:assert/strict'
import { join, resolve } from 'node:path'
import { LANES_TOP, LATENCY_HEIGHT, REQUEST_ROW } from '../../webview/timeline/layout/layout.ts'
import { becomes } from '../support/eventually.ts'
import { PATIENCE } from '../support/patience.ts'
import { type LivePanel, panelOpener } from './live/live-panel.ts'
import { seriousIssues } from './preview/axe.ts'

const RECORDINGS = resolve(import.meta.dirname, '../fixtures/recordings')
/** Left edge of the time axis, and the middle of the fold mark. */
const LEFT = 150
const FOLD = LEFT - 11
/** Height of the folded lane, and of the lane with two lines of requests and a curve of delays; the middle of the second line. */
const FOLDED = 50
const UNFOLDED = 34 + 2 * REQUEST_ROW + 3 + LATENCY_HEIGHT
const SUBSCRIPTIONS = LANES_TOP + 34 + REQUEST_ROW + 5

describe('requests on the timeline of the page', () => {
  const openPanel = panelOpener()
  let panel: LivePanel

  const canvas = () => panel.page.locator('.timeline canvas')
  const heightOf = async () => Math.round((await canvas().boundingBox())?.height ?? 0)
  const height = (lane: number) => becomes(heightOf, LANES_TOP + lane + 4)

  beforeEach(async () => {
    panel = await openPanel({ file: join(RECORDINGS, 'graphqlws.rtsession') })
    await height(UNFOLDED)
  })

  it('are described under the pointer, and select their event', async () => {
    const { width = 0 } = (await canvas().boundingBox()) ?? {}
    const position = { x: LEFT + (width - LEFT) * 0.8, y: SUBSCRIPTIONS }
    await canvas().hover({ position })
    await panel.page.locator('.timeline-tip').getByText('subscription Long · 17 next').waitFor()
    await canvas().click({ position })
    await panel.page.locator('[data-event="28"][aria-selected=true]').waitFor()
  })

  it('are summed up for screen readers as on the lane', async () => {
    await panel.page
      .getByRole('img', { name: /ws .*\/graphql: .*, 1 subscription, delivery p50 .*\./ })
      .waitFor()
  })

  it('fold by their mark and from the menu of the keyboard, which is remembered', async () => {
    await canvas().click({ position: { x: FOLD, y: LANES_TOP + UNFOLDED / 2 } })
    await height(FOLDED)
    const chip = panel.page
      .getByRole('list', { name: 'Connections', exact: true })
      .locator('.connection-face')
    // The click folds. It does not show only the connection.
    assert.equal(await chip.getAttribute('aria-pressed'), 'false')
    await panel.page.reload()
    await height(FOLDED)
    await chip.press('ContextMenu')
    await panel.page.getByRole('menuitem', { name: 'Show Requests on the Timeline' }).press('Enter')
    await height(UNFOLDED)
    assert.deepEqual(await seriousIssues(panel.page), [])
  })

  for (const [what, name] of [
    ['subscriptions', 'trpc'],
    ['MCP calls', 'mcp'],
  ] as const)
    it(`fold by mouse and keyboard if they are ${what}`, async () => {
      const { page } = await openPanel({ file: join(RECORDINGS, `${name}.rtsession`) })
      const chip = page
        .getByRole('list', { name: 'Connections', exact: true })
        .locator('.connection-face')
        .first()
      const item = (says: 'Show' | 'Hide') =>
        page.getByRole('menuitem', { name: `${says} Requests on the Timeline` })
      const opensMenuWith = async (says: 'Show' | 'Hide') => {
        // Until the requests are known, the menu does not offer to fold them.
        for (;;) {
          await chip.press('ContextMenu')
          await page.getByRole('menu').waitFor()
          if ((await item(says).count()) > 0) return
          await page.keyboard.press('Escape')
        }
      }
      await opensMenuWith('Hide')
      await page.keyboard.press('Escape')
      const mark = { position: { x: FOLD, y: LANES_TOP + 12 } }
      await page.locator('.timeline canvas').click(mark)
      await opensMenuWith('Show')
      await item('Show').press('Enter')
      await opensMenuWith('Hide')
      await item('Hide').press('Enter')
      await opensMenuWith('Show')
      await page.keyboard.press('Escape')
      await page.locator('.timeline canvas').click(mark)
      await opensMenuWith('Hide')
    })

  it('are known to the end of a recording, as it is read', async () => {
    const other = await openPanel({ file: join(RECORDINGS, 'socketio.rtsession') })
    const { mouse } = other.page
    const { x, y, width } = (await other.page.locator('.timeline canvas').boundingBox()) ?? assert.fail()
    // The only request of the second connection.
    const left = x + LEFT + (width - LEFT - 8) * ((2102 - 69.5) / (2719 - 69.5))
    const lane = 34 + REQUEST_ROW + 3
    const tip = other.page.locator('.timeline-tip').getByText(/^connect 0\.7/)
    for (const deadline = performance.now() + PATIENCE; (await tip.count()) === 0; ) {
      assert.ok(performance.now() < deadline)
      await mouse.move(left, y + LANES_TOP + lane + 33)
      await mouse.move(left, y + LANES_TOP + lane + 34 + 5)
    }
  })
})
