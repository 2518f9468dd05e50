/** The timeline in a browser: what it paints, what it shows, and how keys and the wheel move it. */
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ARTIFACTS } from '../../scripts/paths.ts'
import { eventually } from '../support/eventually.ts'
import { chooseRow } from './preview/choose-row.ts'
import type { PanelPage } from './preview/driver.ts'
import { pageTests } from './preview/page-tests.ts'
import { tell } from './preview/story.ts'
import { THEMES, type ThemeName } from './preview/themes.ts'
import { LANES, LANES_TOP, LEFT, type Scrolled, timelineOf } from './preview/timeline-page.ts'

declare function getComputedStyle(node: unknown): { readonly cursor: string }

describe('the timeline in a browser', () => {
  const browser = pageTests()
  let panel: PanelPage

  before(async () => {
    await mkdir(ARTIFACTS, { recursive: true })
  })

  const { tip, section, live, fixed, origin, view, whole, colored, legible, drag, stand } = timelineOf(
    () => panel,
  )

  async function openStory(theme: ThemeName = 'dark', width = 1280): Promise<void> {
    panel = await browser.open({ story: tell(), theme, width })
    await panel.painted()
  }

  it('paints each lane’s traffic, states and name', async () => {
    await openStory()
    await stand()
    for (const [name, middle] of Object.entries(LANES)) {
      assert.ok((await legible(LEFT, middle - 12, 1000, 24)) > 100, `${name} has traffic`)
      assert.ok((await legible(0, middle - 16, LEFT - 10, 32)) > 40, `${name} has a name`)
    }
    assert.ok((await colored(LEFT, 6, 1100, 28)) > 1000, 'the overview shows the session')
  })

  it('paints nothing for an empty lane', async () => {
    panel = await browser.open({
      story: {
        ...tell(),
        columns: { time: [], kind: [], connection: [], size: [], wireSize: [], eventName: [] },
        previews: [],
        at: 0,
      },
    })
    await panel.page.getByRole('heading').first().waitFor()
    assert.equal(await panel.page.locator('.timeline').count(), 0)
  })

  it('zooms with the wheel around the pointer', async () => {
    await openStory()
    await stand()
    const before = await view()
    const { x, y, width } = await origin()
    await panel.page.mouse.move(x + LEFT + (width - LEFT) / 2, y + LANES.ticker)
    await panel.page.mouse.wheel(0, -300)
    await panel.painted()
    const after = await view()
    assert.ok(after.to - after.from < 0.6 * (before.to - before.from))
    assert.ok(after.from > before.from && after.to < before.to)
    await panel.page.mouse.wheel(0, 600)
    await panel.painted()
    const out = await view()
    assert.ok(out.to - out.from > before.to - before.from)
  })

  it('shows the brushed part of the overview', async () => {
    await openStory()
    await drag(300, 500, 20)
    await fixed().waitFor()
    const { from, to } = await view()
    const { width } = await origin()
    const second = (width - LEFT - 8) / (await whole())
    assert.ok(Math.abs(from - (300 - LEFT) / second) < 3, `from ${from}`)
    assert.ok(Math.abs(to - (500 - LEFT) / second) < 3, `to ${to}`)
  })

  it('selects a range by dragging, and drops it on Escape', async () => {
    await openStory()
    await stand()
    const before = await colored(400, LANES_TOP, 2, 220)
    await drag(400, 700, LANES.log)
    const { from, to } = await view()
    const mark = await colored(400, LANES_TOP, 2, 220)
    assert.ok(mark > before + 100, 'its edge is painted')
    assert.ok(to > from)
    await section().focus()
    await panel.page.keyboard.press('Escape')
    await eventually(async () => assert.ok((await colored(400, LANES_TOP, 2, 220)) < mark))
  })

  it('handles keys: pans, zooms, shows the whole session, follows again', async () => {
    await openStory()
    await section().focus()
    await live().waitFor()
    await panel.page.keyboard.press('ArrowLeft')
    await fixed().waitFor()
    const first = await view()
    await panel.page.keyboard.press('ArrowLeft')
    await panel.painted()
    assert.ok((await view()).from < first.from)
    await panel.page.keyboard.press('+')
    await panel.painted()
    const near = await view()
    assert.ok(near.to - near.from < first.to - first.from)
    await panel.page.keyboard.press('0')
    await panel.painted()
    assert.ok((await view()).from === 0 && (await view()).to >= 133)
    await panel.page.keyboard.press('End')
    await live().waitFor()
  })

  it('hatches the time of dropped events, and shows their number', async () => {
    await openStory()
    await section().focus()
    await panel.page.keyboard.press('0')
    await panel.painted()
    const before = await colored(LEFT, LANES_TOP, 500, 220)
    await panel.tell('drop', 9000, 9000)
    await panel.page.getByText(/The 9,000 oldest events were dropped/).waitFor()
    await panel.painted()
    assert.ok((await colored(LEFT, LANES_TOP, 500, 220)) > before * 1.5)
    const { x, y } = await origin()
    await panel.page.mouse.move(x + 200, y + LANES.ticker)
    await tip()
      .getByText(/^dropped: /)
      .waitFor()
    await panel.page.screenshot({ path: join(ARTIFACTS, 'timeline-dropped.png') })
  })

  describe('with more lanes than there is room for', () => {
    const scrolled = () => section().evaluate((node) => (node as unknown as Scrolled).scrollTop)
    /** Waits until it is scrolled and painted. */
    async function isScrolled(wanted: (top: number) => boolean): Promise<void> {
      await eventually(async () => {
        const top = await scrolled()
        assert.ok(wanted(top), String(top))
      })
      await panel.painted()
    }

    async function openMany(count: number): Promise<void> {
      const story = tell()
      const { connections } = story
      const [last] = connections.slice(-1)
      assert.ok(last)
      const more = Array.from({ length: count - connections.length }, (_, i) => ({ ...last, id: 6 + i }))
      // The last lane has the traffic of the fifth, and the last event.
      const { length } = story.previews
      const moved = story.columns.connection.map((id, i) => (id === 5 || i === length - 1 ? count : id))
      panel = await browser.open({
        story: {
          ...story,
          columns: { ...story.columns, connection: moved },
          connections: [...connections, ...more],
        },
      })
      await panel.painted()
      await stand()
    }

    it('scrolls them with the wheel over their names and with keys, and keeps overview and axis in view', async () => {
      await openMany(400)
      const { x, y } = await origin()
      assert.ok((await section().boundingBox())?.height ?? 1000 < 370)
      const above = await colored(LEFT, 0, 1000, 50)
      await panel.page.mouse.move(x + 40, y + 200)
      const before = await view()
      await panel.page.mouse.wheel(0, 300)
      await isScrolled((top) => top > 200)
      assert.deepEqual(await view(), before)
      assert.ok(Math.abs((await colored(LEFT, 0, 1000, 50)) - above) < above / 20)
      assert.ok((await colored(0, 100, LEFT - 10, 200)) > 100, 'names are painted')
      await section().focus()
      await panel.page.keyboard.press('PageDown')
      await isScrolled((top) => top > 500)
    })

    it('scrolls to the lane of the event that is selected', async () => {
      await openMany(400)
      await chooseRow(panel.page.locator('[data-event]').last())
      await isScrolled((top) => top > 10_000)
      const { y, height } = (await section().boundingBox()) ?? assert.fail('it is shown')
      assert.ok((await colored(LEFT, height - 36, 1000, 30)) > 100, `the last lane is painted at ${y}`)
    })
  })

  for (const [width, height] of [
    [500, 600],
    [1280, 300],
    [800, 400],
  ] as const)
    it(`leaves room for the list, ${width} by ${height} pixels`, async () => {
      panel = await browser.open({ story: tell(), width, height })
      await panel.painted()
      const list = await panel.page.getByRole('grid').boundingBox()
      const lanes = await section().boundingBox()
      assert.ok((list?.height ?? 0) >= 25 + 6 * 22, `the list is ${list?.height} pixels high`)
      assert.ok((lanes?.height ?? 0) >= 94, `the timeline is ${lanes?.height} pixels high`)
      const send = panel.page.getByRole('button', { name: /^Send/ })
      await send.scrollIntoViewIfNeeded()
      const box = (await send.boundingBox()) ?? assert.fail('it is there')
      assert.ok(box.y + box.height <= height, 'what is below can be scrolled to')
    })

  it('does not scroll for events outside its view', async () => {
    panel = await browser.open({ events: 5000 })
    await section().focus()
    await panel.page.keyboard.press('Home')
    await fixed().waitFor()
    const before = await view()
    await panel.tell('add', 5000)
    await panel.page.locator('[role=grid][aria-rowcount="10001"]').waitFor()
    assert.deepEqual(await view(), before)
  })

  for (const theme of Object.keys(THEMES) as ThemeName[])
    for (const width of [1280, 600])
      it(`is legible in ${theme}, ${width} pixels wide`, async () => {
        await openStory(theme, width)
        await stand()
        const left = width < 800 ? 120 : LEFT
        for (const [name, middle] of Object.entries(LANES))
          assert.ok((await legible(left, middle - 12, width - left - 20, 24)) > 50, name)
        await panel.page.screenshot({ path: join(ARTIFACTS, `timeline-${theme}-${width}.png`) })
      })
})
