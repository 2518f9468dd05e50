/** The timeline in a browser: what it paints, and wheel, mouse and keys. */
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ARTEFACTS } from '../../scripts/paths.ts'
import type { PanelPage } from './preview/driver.ts'
import { pageTests } from './preview/page-tests.ts'
import { tell } from './preview/story.ts'
import { THEMES, type ThemeName } from './preview/themes.ts'

/** The globals of the page that scripts in it use. */
interface Document {
  querySelector(selector: string): HTMLCanvas | null
  readonly body: unknown
}
interface HTMLCanvas {
  readonly width: number
  readonly clientWidth: number
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray }
  }
}

interface Tip {
  readonly style: { pointerEvents: string }
  getBoundingClientRect(): { readonly left: number; readonly top: number; readonly bottom: number }
  contains(other: unknown): boolean
}
interface TipDocument {
  querySelector(selector: string): Tip | null
  elementFromPoint(x: number, y: number): unknown
}

interface Scrolled {
  readonly scrollTop: number
  readonly scrollHeight: number
}
declare function getComputedStyle(node: unknown): {
  readonly cursor: string
  readonly backgroundColor: string
}

/** Left edge of the time axis in a wide page, and the middles of the lanes. */
const LEFT = 150
const LANES = { ticker: 77, events: 127, config: 172, log: 217, status: 262 }
const LANES_TOP = 54

describe('the timeline in a browser', function () {
  const browser = pageTests(this)
  let panel: PanelPage

  before(async () => {
    await mkdir(ARTEFACTS, { recursive: true })
  })

  const section = () => panel.page.getByRole('region', { name: /^Timeline/ })
  const canvas = () => panel.page.getByRole('img', { name: /^Timeline/ })
  const live = () => canvas().and(panel.page.locator('[aria-label*="following now"]'))
  const fixed = () => canvas().and(panel.page.locator(':not([aria-label*="following now"])'))

  /** Position of the timeline in the page. */
  async function origin(): Promise<{ x: number; y: number; width: number }> {
    return (await canvas().boundingBox()) ?? assert.fail('the timeline is shown')
  }

  /** Seconds in view, from the summary. */
  async function view(): Promise<{ from: number; to: number }> {
    const text = (await canvas().getAttribute('aria-label')) ?? ''
    const found = /from (\d+):(\d+(?:\.\d+)?) to (\d+):(\d+(?:\.\d+)?)/.exec(text) ?? assert.fail(text)
    const [, m1, s1, m2, s2] = found.map(Number)
    return { from: (m1 ?? 0) * 60 + (s1 ?? 0), to: (m2 ?? 0) * 60 + (s2 ?? 0) }
  }

  /** How many pixels of a rectangle, in CSS pixels of the timeline, differ from its background. */
  const coloured = (...area: [x: number, y: number, width: number, height: number]) => pixels(area, 0)

  /** How many pixels differ visibly: with a contrast of 3 to 1 (WCAG 2.2 section 1.4.11), which guide lines do not have. */
  const legible = (...area: [x: number, y: number, width: number, height: number]) => pixels(area, 3)

  function pixels(
    area: readonly [x: number, y: number, width: number, height: number],
    contrast: number,
  ): Promise<number> {
    return panel.page.evaluate(
      ([[left, top, w, h], least]) => {
        const { document } = globalThis as unknown as { document: Document }
        const element = document.querySelector('.timeline canvas')
        if (element === null) return 0
        const ratio = element.width / element.clientWidth
        const { data } = element
          .getContext('2d')
          .getImageData(left * ratio, top * ratio, w * ratio, h * ratio)
        const ground = (getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? []).map(Number)
        const luminance = (rgb: readonly number[]) =>
          rgb
            .map((value) => value / 255)
            .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
            .reduce((sum, value, i) => sum + value * ([0.2126, 0.7152, 0.0722][i] ?? 0), 0)
        const dark = luminance(ground)
        let count = 0
        for (let i = 0; i < data.length; i += 4) {
          const alpha = (data[i + 3] ?? 0) / 255
          if (alpha < 60 / 255) continue
          const seen = ground.map((under, j) => (data[i + j] ?? 0) * alpha + under * (1 - alpha))
          const light = luminance(seen)
          if ((Math.max(light, dark) + 0.05) / (Math.min(light, dark) + 0.05) >= least) count++
        }
        return count
      },
      [area, contrast] as const,
    )
  }

  async function openStory(theme: ThemeName = 'dark', width = 1280): Promise<void> {
    panel = await browser.open({ story: tell(), theme, width })
    await panel.painted()
  }

  async function drag(x1: number, x2: number, y: number): Promise<void> {
    const { x, y: top } = await origin()
    const { mouse } = panel.page
    await mouse.move(x + x1, top + y)
    await mouse.down()
    await mouse.move(x + x2, top + y, { steps: 5 })
    await mouse.up()
    await panel.painted()
  }

  /** Stops following, at the last ten seconds of the story. */
  async function stand(): Promise<void> {
    await section().focus()
    await panel.page.keyboard.press('ArrowLeft')
    await fixed().waitFor()
    await panel.painted()
  }

  it('paints each lane’s traffic, states and name', async () => {
    await openStory()
    await stand()
    for (const [name, middle] of Object.entries(LANES)) {
      assert.ok((await legible(LEFT, middle - 12, 1000, 24)) > 100, `${name} has traffic`)
      assert.ok((await legible(0, middle - 16, LEFT - 10, 32)) > 40, `${name} has a name`)
    }
    assert.ok((await coloured(LEFT, 6, 1100, 28)) > 1000, 'the overview shows the session')
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
    // 1,122 pixels are the whole 133 seconds and the time since then.
    assert.ok(Math.abs(from - 18) < 3 && Math.abs(to - 42) < 3, `${from} to ${to}`)
  })

  /** Position of the first tick at or right of `x`, on the line of a lane's received traffic. */
  async function firstTick(x: number, y: number): Promise<number> {
    for (let at = x; at < x + 700; at += 2) if ((await coloured(at, y - 4, 2, 8)) > 6) return at + 1
    return assert.fail('the lane has a tick')
  }

  /** The left edge of the first flag on the axis: letters beside it have gaps. */
  async function flag(): Promise<number> {
    for (let at = LEFT; at < 1200; at++) if ((await coloured(at, 36, 4, 4)) === 16) return at
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

  it('selects a range by dragging, and drops it on Escape', async () => {
    await openStory()
    await stand()
    const before = await coloured(400, LANES_TOP, 2, 220)
    await drag(400, 700, LANES.log)
    const { from, to } = await view()
    const mark = await coloured(400, LANES_TOP, 2, 220)
    assert.ok(mark > before + 100, 'its edge is painted')
    assert.ok(to > from)
    await section().focus()
    await panel.page.keyboard.press('Escape')
    await panel.painted()
    assert.ok((await coloured(400, LANES_TOP, 2, 220)) < mark)
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
    const end = tell().at / 1000
    const x = (seconds: number) => LEFT + (seconds / end) * (width - LEFT - 8)
    await drag(x(from), x(to), 20)
    await fixed().waitFor()
  }

  const tip = () => panel.page.locator('.timeline-tip')

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

  it('hatches the time of dropped events, and shows their number', async () => {
    await openStory()
    await section().focus()
    await panel.page.keyboard.press('0')
    await panel.painted()
    const before = await coloured(LEFT, LANES_TOP, 500, 220)
    await panel.tell('drop', 9000, 9000)
    await panel.page.getByText(/The 9\u00a0000 oldest events were dropped/).waitFor()
    await panel.painted()
    assert.ok((await coloured(LEFT, LANES_TOP, 500, 220)) > before * 1.5)
    const { x, y } = await origin()
    await panel.page.mouse.move(x + 200, y + LANES.ticker)
    await tip()
      .getByText(/^dropped: /)
      .waitFor()
    await panel.page.screenshot({ path: join(ARTEFACTS, 'timeline-dropped.png') })
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

  describe('with more lanes than there is room for', () => {
    const scrolled = () => section().evaluate((node) => (node as unknown as Scrolled).scrollTop)
    /** Waits until it is scrolled and painted. */
    async function isScrolled(wanted: (top: number) => boolean): Promise<void> {
      for (let tries = 0; !wanted(await scrolled()); tries++) assert.ok(tries < 200, String(await scrolled()))
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
      const above = await coloured(LEFT, 0, 1000, 50)
      await panel.page.mouse.move(x + 40, y + 200)
      const before = await view()
      await panel.page.mouse.wheel(0, 300)
      await isScrolled((top) => top > 200)
      assert.deepEqual(await view(), before)
      assert.ok(Math.abs((await coloured(LEFT, 0, 1000, 50)) - above) < above / 20)
      assert.ok((await coloured(0, 100, LEFT - 10, 200)) > 100, 'names are painted')
      await section().focus()
      await panel.page.keyboard.press('PageDown')
      await isScrolled((top) => top > 500)
    })

    it('scrolls to the lane of the event that is selected', async () => {
      await openMany(400)
      await panel.page.locator('[data-event]').last().click()
      await isScrolled((top) => top > 10_000)
      const { y, height } = (await section().boundingBox()) ?? assert.fail('it is shown')
      assert.ok((await coloured(LEFT, height - 36, 1000, 30)) > 100, `the last lane is painted at ${y}`)
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
        const left = width < 800 ? 104 : LEFT
        for (const [name, middle] of Object.entries(LANES))
          assert.ok((await legible(left, middle - 12, width - left - 20, 24)) > 50, name)
        await panel.page.screenshot({ path: join(ARTEFACTS, `timeline-${theme}-${width}.png`) })
      })
})
