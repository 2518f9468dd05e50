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

describe('the strip of findings in a browser', () => {
  const browser = pageTests()
  let panel: PanelPage
  const { canvas, tip, origin, colored, legible, stand } = timelineOf(() => panel)
  const findings = () => panel.page.getByRole('region', { name: 'Findings', exact: true })
  const chosen = () => findings().locator('li[aria-current=true]')

  async function open(found = STORY_FINDINGS): Promise<void> {
    panel = await browser.open({ story: tell(), findings: found })
    await stand()
    if (found.length > 0) await canvas().and(panel.page.locator('[aria-label*="Findings: "]')).waitFor()
    await panel.painted()
  }

  /** Where the marks are in the canvas, from left to right: where something is painted above their underlines. */
  async function marks(): Promise<number[]> {
    const painted = (await panel.page.evaluate(`(() => {
      const canvas = document.querySelector('.timeline canvas')
      const ratio = canvas.width / canvas.clientWidth
      const width = canvas.clientWidth - ${LEFT}
      const row = [${LEFT}, ${STRIP + 1}, width, 14].map((each) => Math.round(each * ratio))
      const { data } = canvas.getContext('2d').getImageData(...row)
      return Array.from({ length: width }, (_, x) => {
        for (let y = 0; y < row[3]; y++)
          if (data[4 * (y * row[2] + Math.round(x * ratio)) + 3] > 120) return true
        return false
      })
    })()`)) as boolean[]
    const columns = painted.flatMap((isPainted, x) => (isPainted ? [x + LEFT] : []))
    const starts = columns.filter((x) => !columns.some((other) => other < x && x - other < 8))
    // A mark is 12 pixels wide; lines of the axis go through the strip, too.
    return starts.filter((x) => columns.includes(x + 10) && columns.includes(x + 2)).map((x) => x + 6)
  }

  async function moveTo(place: number): Promise<{ x: number; y: number }> {
    const { x, y } = await origin()
    const at = { x: x + place, y: y + MARKS }
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
    await canvas().and(panel.page.locator('[aria-label*="Findings: 1 error, 1 warning, 2 hints."]')).waitFor()
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
    assert.equal((await marks()).length, 3)
    const [, x = 0] = await marks()
    const lane = LANES_TOP + STRIP_HEIGHT
    const before = await colored(x - 1, lane, 3, 200)
    assert.ok((await legible(x - 6, STRIP, 12, 20)) > 20, 'the mark is legible')
    await moveTo(x)
    await tip().getByText('kick got no ack within 5 s').waitFor()
    await tip().getByText('ws ticker · 02:08.600').waitFor()
    assert.ok((await colored(x - 1, lane, 3, 200)) > before + 50)
  })

  it('opens a finding, which is then marked in both', async () => {
    await open()
    const [lost = 0, kick = 0] = await marks()
    const at = await moveTo(kick)
    await becomes(
      () => panel.page.evaluate('document.querySelector(".timeline canvas").style.cursor'),
      'pointer',
    )
    await panel.page.mouse.click(at.x, at.y)
    await chosen().getByText('kick got no ack within 5 s').waitFor()
    const lane = LANES_TOP + STRIP_HEIGHT
    await panel.page.mouse.move(at.x, at.y + 400)
    await panel.painted()
    const before = await colored(lost - 1, lane, 3, 200)
    await findings().getByRole('button', { name: '5 prices were lost over a reconnect' }).click()
    await becomes(async () => (await colored(lost - 1, lane, 3, 200)) > before + 50, true)
  })
})
