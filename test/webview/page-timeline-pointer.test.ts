/** What the timeline in a browser describes under the pointer, and selects at a press. */
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { ARTIFACTS } from '../../scripts/paths.ts'
import { eventually } from '../support/eventually.ts'
import type { PanelPage } from './preview/driver.ts'
import { pageTests } from './preview/page-tests.ts'
import { tell } from './preview/story.ts'
import type { ThemeName } from './preview/themes.ts'
import {
  LANES,
  LEFT,
  type Scrolled,
  type Tip,
  type TipDocument,
  timelineOf,
} from './preview/timeline-page.ts'

declare function getComputedStyle(node: unknown): { readonly cursor: string }

describe('the timeline under the pointer', () => {
  const browser = pageTests()
  let panel: PanelPage

  before(async () => {
    await mkdir(ARTIFACTS, { recursive: true })
  })

  const { tip, section, canvas, fixed, origin, view, whole, colored, drag, stand } = timelineOf(() => panel)

  async function openStory(theme: ThemeName = 'dark', width = 1280): Promise<void> {
    panel = await browser.open({ story: tell(), theme, width })
    await panel.painted()
  }

  /** Position of the first tick at or right of `x`, on the line of a lane's received traffic. */
  async function firstTick(x: number, y: number): Promise<number> {
    for (let at = x; at < x + 700; at += 2) if ((await colored(at, y - 4, 2, 8)) > 6) return at + 1
    return assert.fail('the lane has a tick')
  }

  /** The left edge of the first flag on the axis: letters beside it have gaps. */
  async function flag(): Promise<number> {
    for (let at = LEFT; at < 1200; at++) if ((await colored(at, 36, 4, 4)) === 16) return at
    return assert.fail('the axis has a flag')
  }

  it('selects the event that is clicked, and shows it in the list', async () => {
    await openStory()
    await drag(300, 420, 20)
    await fixed().waitFor()
    await stand()
    const { x, y } = await origin()
    await panel.page.mouse.click(x + (await firstTick(400, LANES.ticker)), y + LANES.ticker)
    const row = panel.page.locator('[role=row][aria-selected=true]')
    await row.waitFor()
    const [, seconds] = /00:(\d\d)\.\d{3}/.exec((await row.textContent()) ?? '') ?? []
    const { from, to } = await view()
    assert.ok(Number(seconds) >= Math.floor(from) && Number(seconds) <= to)
  })

  it('describes what is under the pointer', async () => {
    await openStory()
    await stand()
    const { x, y } = await origin()
    await panel.page.mouse.move(x + 900, y + LANES.ticker)
    const tip = panel.page.locator('.timeline-tip')
    await tip.getByText(/^↓ (trade|quote) /).waitFor()
    await tip.getByText(/"symbol":"ACME"/).waitFor()
    await panel.page.mouse.move(x + 900, y + 600)
    await tip.waitFor({ state: 'detached' })
  })

  it('shows the tooltip above everything else, also over the filter', async () => {
    panel = await browser.open({ events: 400 })
    const { height } = (await canvas().boundingBox()) ?? assert.fail('it is shown')
    const { x, y } = await origin()
    await panel.page.mouse.move(x + 700, y + height - 14)
    await tip().waitFor()
    const below = await tip().evaluate((node) => {
      const tip = node as unknown as Tip
      // The tooltip ignores the pointer, so only the content below it is found.
      tip.style.pointerEvents = 'auto'
      const { left, bottom } = tip.getBoundingClientRect()
      const { document } = globalThis as unknown as { document: TipDocument }
      const filter = document.querySelector('.filter-bar')?.getBoundingClientRect().top ?? 0
      return {
        isOver: bottom > filter,
        isSeen: tip.contains(document.elementFromPoint(left + 4, bottom - 4)),
      }
    })
    assert.deepEqual(below, { isOver: true, isSeen: true })
  })

  /** Shows a part of the story with the overview. Times are in seconds. */
  async function showSeconds(from: number, to: number): Promise<void> {
    const { width } = await origin()
    await eventually(async () => {
      const end = await whole()
      const x = (seconds: number) => LEFT + (seconds / end) * (width - LEFT - 8)
      await drag(x(from), x(to), 20)
      const shown = await view()
      assert.ok(Math.abs(shown.from - from) < 1 && Math.abs(shown.to - to) < 1, JSON.stringify(shown))
    })
  }

  it('describes and selects a poll’s bar and a wait anywhere in them', async () => {
    await openStory()
    await showSeconds(36, 60)
    const { x, y } = await origin()
    await panel.page.mouse.move(x + 700, y + LANES.config)
    await tip()
      .getByText(/^nothing new after 30 s$/)
      .waitFor()
    await panel.page.mouse.click(x + 700, y + LANES.config)
    await panel.page.locator('[aria-selected=true]').getByText('304 · held 30.0 s').waitFor()
    await showSeconds(39, 43)
    await panel.page.mouse.move(x + 600, y + LANES.events)
    await tip()
      .getByText(/^waiting to reconnect for 1.4 s$/)
      .waitFor()
    await tip().getByText('connection reset · resumes after id').waitFor()
    await tip().getByText('3 missed').waitFor()
    await panel.page.mouse.click(x + 600, y + LANES.events)
    await panel.page
      .locator('[aria-selected=true]')
      .getByText(/reconnect 1 in 1.4 s/)
      .waitFor()
  })

  it('shows a lane’s full name, and a note’s text, which a press selects', async () => {
    await openStory()
    const { x, y } = await origin()
    await panel.page.mouse.move(x + 40, y + LANES.ticker)
    await tip().getByText('ws feed.example/ticker').waitFor()
    assert.equal(await canvas().evaluate((node) => getComputedStyle(node).cursor), 'pointer')
    await showSeconds(114, 122)
    await panel.page.mouse.click(x + (await flag()) + 2, y + 38)
    await tip().getByText('deployed 4.2').waitFor()
    await panel.page.locator('[aria-selected=true]').getByText('deployed 4.2').waitFor()
  })

  it('keeps the tooltip in the page, however low the lane is', async () => {
    await openStory()
    await stand()
    const { x, y } = await origin()
    const before = await section().evaluate((node) => (node as unknown as Scrolled).scrollHeight)
    await panel.page.mouse.move(x + 900, y + LANES.status)
    await tip().waitFor()
    const box = (await tip().boundingBox()) ?? assert.fail('it is shown')
    assert.ok(box.y >= 0 && box.y + box.height <= 800 && box.x >= 0 && box.x + box.width <= 1280)
    assert.equal(await section().evaluate((node) => (node as unknown as Scrolled).scrollHeight), before)
  })
})
