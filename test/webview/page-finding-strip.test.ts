/** The strip of findings on the timeline, in a browser. */
import assert from 'node:assert/strict'
import { STRIP_HEIGHT } from '../../webview/timeline/layout/layout.ts'
import { becomes } from '../support/eventually.ts'
import type { PanelPage } from './preview/driver.ts'
import { STORY_FINDINGS } from './preview/findings.ts'
import { pageTests } from './preview/page-tests.ts'
import { tell } from './preview/story.ts'
import { LANES_TOP, LEFT, timelineOf } from './preview/timeline-page.ts'

/** Top edge of the strip, and the middle of its marks. */
const STRIP = LANES_TOP - 2
const MARKS = STRIP + 8

describe('the strip of findings in a browser', function () {
  const browser = pageTests(this)
  let panel: PanelPage
  const { canvas, tip, origin, view, colored, legible, stand } = timelineOf(() => panel)
  const findings = () => panel.page.getByRole('region', { name: 'Findings', exact: true })
  const chosen = () => findings().locator('li[aria-current=true]')

  async function open(found = STORY_FINDINGS): Promise<void> {
    panel = await browser.open({ story: tell(), findings: found })
    await stand()
    if (found.length > 0) await canvas().and(panel.page.locator('[aria-label*="Findings: "]')).waitFor()
    await panel.painted()
  }

  /** Horizontal position of a time in the canvas. */
  async function placeOf(time: number): Promise<number> {
    const { from, to } = await view()
    const { width } = await origin()
    return LEFT + ((time / 1000 - from) / (to - from)) * (width - LEFT - 8)
  }

  async function moveTo(time: number): Promise<{ x: number; y: number }> {
    const { x, y } = await origin()
    const at = { x: x + (await placeOf(time)), y: y + MARKS }
    await panel.page.mouse.move(at.x, at.y)
    await panel.painted()
    return at
  }

  it('is there only if there are findings, and says how many', async () => {
    await open([])
    const before = await canvas().evaluate(
      (element) => (element as unknown as { clientHeight: number }).clientHeight,
    )
    assert.doesNotMatch((await canvas().getAttribute('aria-label')) ?? '', /Findings/)
    await panel.tell('find', STORY_FINDINGS)
    await canvas().and(panel.page.locator('[aria-label*="Findings: 1 error, 1 warning, 2 infos."]')).waitFor()
    await becomes(
      () => canvas().evaluate((element) => (element as unknown as { clientHeight: number }).clientHeight),
      before + STRIP_HEIGHT,
    )
    await panel.tell('find', [])
    await becomes(
      () => canvas().evaluate((element) => (element as unknown as { clientHeight: number }).clientHeight),
      before,
    )
  })

  it('says what a mark is, and shows its time in the lanes', async () => {
    await open()
    const x = await placeOf(128_600)
    const lane = LANES_TOP + STRIP_HEIGHT
    const before = await colored(x - 1, lane, 3, 200)
    assert.ok((await legible(x - 6, STRIP, 12, 20)) > 20, 'the mark is legible')
    await moveTo(128_600)
    await tip().getByText('kick got no ack within 5 s').waitFor()
    await tip().getByText('ws ticker · 02:08.600').waitFor()
    assert.ok((await colored(x - 1, lane, 3, 200)) > before + 50)
  })

  it('opens a finding, which is then marked in both', async () => {
    await open()
    const at = await moveTo(128_600)
    await becomes(
      () => panel.page.evaluate('document.querySelector(".timeline canvas").style.cursor'),
      'pointer',
    )
    await panel.page.mouse.click(at.x, at.y)
    await chosen().getByText('kick got no ack within 5 s').waitFor()
    const x = await placeOf(126_803)
    const lane = LANES_TOP + STRIP_HEIGHT
    await panel.page.mouse.move(at.x, at.y + 400)
    await panel.painted()
    const before = await colored(x - 1, lane, 3, 200)
    await findings().getByRole('button', { name: '5 prices were lost over a reconnect' }).click()
    await becomes(async () => (await colored(x - 1, lane, 3, 200)) > before + 50, true)
  })
})
