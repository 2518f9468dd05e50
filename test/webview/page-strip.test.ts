/** The strip of connections and the figures below the list, in a browser: changes do not cut off or move anything. */
import assert from 'node:assert/strict'
import type { Locator } from 'playwright-core'
import { becomes, eventually } from '../support/eventually.ts'
import { seriousIssues } from './preview/axe.ts'
import { chooseRow } from './preview/choose-row.ts'
import type { PanelPage } from './preview/driver.ts'
import { inEachTheme } from './preview/each-theme.ts'
import { pageTests } from './preview/page-tests.ts'
import { type Story, tell } from './preview/story.ts'

/** The story with a number of connections. */
function among(count: number): Story {
  const story = tell()
  const { connections } = story
  return {
    ...story,
    connections: Array.from({ length: count }, (_, i) => {
      const connection = connections[i % connections.length] ?? assert.fail('the story has connections')
      return { ...connection, id: i + 1 }
    }),
  }
}

/** The globals of the page that scripts in it use. */
interface Scripted {
  readonly scrollHeight: number
  readonly clientHeight: number
  readonly scrollTop: number
}
interface Box {
  readonly top: number
  readonly width: number
}
interface Chart {
  readonly offsetHeight: number
  readonly firstElementChild: { getBoundingClientRect(): Box }
  getBoundingClientRect(): Box
}
interface Boxed {
  getBoundingClientRect(): Box
}
declare const document: { createRange(): Boxed & { selectNodeContents(node: unknown): void } }
declare function getComputedStyle(node: unknown): { getPropertyValue(name: string): string }

describe('the strip of connections in a browser', () => {
  const browser = pageTests()
  let panel: PanelPage

  const list = () => panel.page.getByRole('list', { name: 'Connections' })
  const cards = () => list().getByRole('listitem')
  const box = async (locator: Locator) => (await locator.boundingBox()) ?? assert.fail('it is shown')
  const scroll = () =>
    list().evaluate((node) => {
      const { scrollHeight, clientHeight, scrollTop } = node as unknown as Scripted
      return { beyond: scrollHeight - clientHeight, top: scrollTop }
    })
  const fade = (edge: 'above' | 'below') =>
    list().evaluate(
      (node, name) => Number.parseFloat(getComputedStyle(node).getPropertyValue(name)),
      `--${edge}`,
    )

  for (const [count, width] of [
    [3, 1280],
    [4, 1280],
    [6, 1400],
    [8, 1280],
    [4, 500],
  ] as const)
    it(`shows ${count} connections whole, of one width, where it is ${width} pixels wide`, async () => {
      panel = await browser.open({ story: among(count), width })
      await panel.painted()
      const around = await box(list())
      const boxes = await Promise.all(Array.from({ length: count }, (_, i) => box(cards().nth(i))))
      for (const { x, y, width: w, height } of boxes) {
        assert.ok(x >= around.x && x + w <= around.x + around.width + 0.5, 'within its width')
        assert.ok(y >= around.y && y + height <= around.y + around.height + 0.5, 'within its height')
      }
      const widths = boxes.map((each) => each.width)
      assert.ok(Math.max(...widths) - Math.min(...widths) < 1, String(widths))
      assert.equal((await scroll()).beyond, 0)
      assert.equal(await fade('below'), 0)
    })

  it('shows the names of waiting connections, and their charts completely or not at all', async () => {
    panel = await browser.open({ story: among(10), width: 1280 })
    const face = cards().nth(1)
    const name = face.locator('b')
    await becomes(() => name.textContent(), 'sse events (2)')
    const cut = await name.evaluate((node) => {
      const { scrollWidth, clientWidth } = node as unknown as { scrollWidth: number; clientWidth: number }
      return scrollWidth - clientWidth
    })
    assert.equal(cut, 0)
    await face.getByText('retry 2').waitFor()
    panel = await browser.open({ story: among(5), width: 800 })
    await panel.painted()
    const charts = await panel.page.locator('.sparkline').evaluateAll((nodes) =>
      nodes.map((node) => {
        const { offsetHeight, firstElementChild } = node as unknown as Chart
        const chart = firstElementChild.getBoundingClientRect()
        const { top } = (node as unknown as Chart).getBoundingClientRect()
        return { width: chart.width, isIn: chart.top < top + offsetHeight }
      }),
    )
    assert.equal(charts.length, 4)
    assert.ok(charts.every(({ width }) => width === 45))
    assert.ok(charts.some(({ isIn }) => isIn) && charts.some(({ isIn }) => !isIn))
  })

  it('keeps the positions of the cards while their figures change', async () => {
    panel = await browser.open({ story: among(6), width: 1400 })
    await panel.painted()
    const before = await Promise.all([0, 5].map((i) => box(cards().nth(i))))
    await panel.tell('say', { rate: 1_234_567 })
    await panel.page
      .getByText(/1.234.567\/s/)
      .first()
      .waitFor()
    assert.deepEqual(await Promise.all([0, 5].map((i) => box(cards().nth(i)))), before)
  })

  it('counts connections if not all are visible, and those with problems', async () => {
    panel = await browser.open({ story: among(200), width: 1400 })
    const total = panel.page.locator('.strip .total')
    await total.filter({ hasText: /^200 connections · 40 waiting/ }).waitFor()
    const [inner, outer] = [await box(total), await box(panel.page.locator('.strip'))]
    assert.ok(inner.x >= outer.x && inner.x + inner.width <= outer.x + outer.width)
    assert.ok(await list().isVisible())
    panel = await browser.open({ story: among(12), width: 1400 })
    assert.equal(await panel.page.locator('.strip .total').count(), 0)
  })

  for (const width of [600, 1400])
    it(`shows the figures of a connection however long its URL is, ${width} pixels wide`, async () => {
      panel = await browser.open({ story: among(1), width })
      await panel.tell('say', { url: `wss://feed.example/${'a/long/path/'.repeat(30)}?token=***` })
      await panel.painted()
      const figures = cards().first().locator('.connection-face > .dim')
      // A fraction of a pixel is enough to replace two characters with an ellipsis.
      const cut = await figures.evaluate((node) => {
        const range = document.createRange()
        range.selectNodeContents(node)
        return range.getBoundingClientRect().width - (node as unknown as Boxed).getBoundingClientRect().width
      })
      assert.ok(cut <= 0.02, `${cut} pixels are cut off`)
      const [inner, outer] = [await box(figures), await box(panel.page.locator('.strip'))]
      assert.ok(inner.x + inner.width <= outer.x + outer.width)
    })

  it('shows the edge of a third row, and scrolls to it with wheel and keys', async () => {
    panel = await browser.open({ story: among(24), width: 500 })
    await eventually(async () => assert.ok((await fade('below')) > 10))
    assert.equal(await fade('above'), 0)
    await list().hover()
    await panel.page.mouse.wheel(0, 2000)
    await panel.page.waitForFunction(
      (node) => node !== null && (node as unknown as Scripted).scrollTop > 0,
      await list().elementHandle(),
    )
    const last = cards().nth(7)
    await last.locator('[aria-pressed]').focus()
    await panel.painted()
    const [inner, outer] = [await box(last), await box(list())]
    assert.ok(inner.y >= outer.y && inner.y + inner.height <= outer.y + outer.height + 0.5)
    assert.equal(await fade('below'), 0)
    assert.ok((await fade('above')) > 10)
  })

  it('folds more than eight into a list, and shows the card of the one that is chosen there', async () => {
    panel = await browser.open({ story: among(12), width: 1400 })
    await becomes(() => cards().count(), 8)
    await panel.page.getByRole('button', { name: '4 more connections' }).click()
    const entries = panel.page.getByRole('dialog', { name: '4 more connections' }).getByRole('button')
    await becomes(() => entries.count(), 4)
    await panel.page.keyboard.press('ArrowDown')
    await panel.page.keyboard.press('Enter')
    await becomes(() => cards().count(), 8)
    await list().locator('[aria-pressed=true]').waitFor()
  })

  it('lists a hundred of many more, says how many are left, and finds each of them', async () => {
    panel = await browser.open({ crowd: { connections: 5000, hasRequests: false }, events: 20, width: 1400 })
    await panel.page.getByRole('button', { name: '4,992 more connections' }).click()
    const dialog = panel.page.getByRole('dialog', { name: '4,992 more connections' })
    await becomes(() => dialog.getByRole('listitem').count(), 100)
    await dialog.getByText('and 4,892 more').waitFor()
    await panel.page.keyboard.type('room-4999')
    await becomes(() => dialog.getByRole('listitem').count(), 1)
    await panel.page.keyboard.press('ArrowDown')
    await panel.page.keyboard.press('Enter')
    const chosen = list().locator('[aria-pressed=true]')
    await chosen.getByText('ws room-4999').waitFor()
    // Messages can go to it, although it is not among the first ones.
    const target = panel.page.getByRole('combobox', { name: 'Connection to send to' })
    await becomes(() => target.inputValue(), '4999')
    await becomes(() => target.locator('option').count(), 202)
    await becomes(
      () => target.locator('option').last().textContent(),
      '4,799 more: show only one of them to send to it',
    )
  })

  it('renames a folded connection, which has a card meanwhile', async () => {
    panel = await browser.open({ story: among(12), width: 1400 })
    const more = panel.page.getByRole('button', { name: '4 more connections' })
    await more.click()
    const entries = panel.page.getByRole('dialog', { name: '4 more connections' }).getByRole('button')
    await entries.last().click({ button: 'right' })
    await panel.page.getByRole('menuitem', { name: 'Rename…' }).click()
    await panel.page.getByRole('textbox', { name: 'Name of the connection' }).fill('the last')
    await panel.page.keyboard.press('Enter')
    await becomes(() => list().getByText('the last').count(), 0)
    await more.click()
    await entries.getByText('the last').waitFor()
  })

  it('names one or two connections as their lanes do, with the URL as a tooltip', async () => {
    panel = await browser.open({ story: among(1), width: 1280 })
    const face = cards().first().locator('.connection-face')
    await becomes(() => face.locator('b').textContent(), 'ws ticker')
    assert.match((await face.getAttribute('title')) ?? '', /^wss:\/\/feed.example\/ticker\n/)
  })

  it('disconnects all at a press', async () => {
    panel = await browser.open({ story: among(3), width: 1280 })
    await panel.page.getByRole('button', { name: 'Disconnect All' }).click()
    const ids = (await panel.called('disconnect')) as { id: number }[]
    assert.ok(ids.length >= 2, String(ids.length))
  })

  for (const width of [1400, 500])
    it(`has no serious accessibility issue with many, in any theme, ${width} pixels wide`, async () => {
      panel = await browser.open({ story: among(12), width })
      await inEachTheme(panel.page, `strip-${width}`, async (theme) => {
        assert.deepEqual(await seriousIssues(panel.page, theme), [])
      })
    })
})

describe('the list and its figures in a browser', () => {
  const browser = pageTests()
  let panel: PanelPage

  const grid = () => panel.page.getByRole('grid')
  /** Pixels by which the figures overflow their line. */
  const overflow = () =>
    panel.page.locator('.status-line').evaluate((node) => {
      const { scrollWidth, clientWidth } = node as unknown as { scrollWidth: number; clientWidth: number }
      return scrollWidth - clientWidth
    })

  for (const width of [1280, 500])
    it(`stay where they are when a filter is applied, and where it has a mistake, ${width} pixels wide`, async () => {
      panel = await browser.open({ events: 1202, width })
      const before = await grid().boundingBox()
      await panel.page.getByRole('combobox', { name: 'Filter' }).fill('trade')
      await panel.page.getByText(/gap p50/).waitFor()
      assert.deepEqual(await grid().boundingBox(), before)
      await panel.page.getByRole('combobox', { name: 'Filter' }).fill('trade dir:sideways')
      await panel.page.getByRole('status').filter({ hasText: 'dir is in or out' }).waitFor()
      assert.deepEqual(await grid().boundingBox(), before)
      assert.equal(await overflow(), 0)
    })

  it('leave room for some lines of details, however many lanes there are', async () => {
    panel = await browser.open({ story: among(9), width: 600, height: 900 })
    await chooseRow(panel.page.locator('[data-event]').nth(2))
    const tree = panel.page.locator('.detail-body')
    await tree.waitFor()
    await panel.painted()
    const { height, y } = (await tree.boundingBox()) ?? assert.fail('it is shown')
    assert.ok(height >= 130, `${height} pixels of details`)
    const { height: rows } = (await grid().boundingBox()) ?? assert.fail('it is shown')
    assert.ok(rows >= 110, `${rows} pixels of rows`)
    const send =
      (await panel.page.getByRole('button', { name: /^Send / }).boundingBox()) ?? assert.fail('it is')
    assert.ok(y + height < send.y && send.y + send.height <= 900)
  })

  it('keep their positions when one connection is shown, or a range', async () => {
    panel = await browser.open({ events: 1202 })
    const before = await grid().boundingBox()
    await panel.page.getByRole('button', { name: /^sse/ }).first().click()
    await panel.page.getByRole('button', { name: 'Show all connections' }).waitFor()
    assert.deepEqual(await grid().boundingBox(), before)
    await panel.page.locator('.timeline').focus()
    await panel.page.keyboard.press('r')
    await panel.page.getByRole('button', { name: 'Show all times' }).waitFor()
    assert.deepEqual(await grid().boundingBox(), before)
  })

  it('keep their positions when several rows are selected', async () => {
    panel = await browser.open({ events: 1202 })
    const before = await grid().boundingBox()
    await chooseRow(panel.page.locator('[data-event]').nth(2))
    await panel.page
      .locator('[data-event]')
      .nth(4)
      .click({ modifiers: ['Shift'] })
    await panel.page.getByText(/events selected/).waitFor()
    // The details that open beside the list take only from its width.
    assert.deepEqual({ ...(await grid().boundingBox()), width: before?.width }, before)
    assert.equal(await overflow(), 0)
  })

  it('do not let separators cover the names of columns', async () => {
    panel = await browser.open({ events: 100, theme: 'hc-dark' })
    const gaps = await panel.page.locator('.column-sash').evaluateAll((sashes) =>
      (sashes as unknown as HTMLSash[]).map((sash) => {
        const { left, width } = sash.getBoundingClientRect()
        const text = sash.parentElement.querySelector('.clip, select')
        return left + width / 2 - (text?.getBoundingClientRect().right ?? 0)
      }),
    )
    assert.equal(gaps.length, 6)
    for (const gap of gaps) assert.ok(gap >= 4, String(gaps))
  })

  it('show line breaks in previews as escapes, with any font', async () => {
    const story = tell()
    const previews = story.previews.map((preview, i) =>
      i === story.previews.length - 1 ? { ...preview, text: 'one␊two␛[0m␡ and ␀' } : preview,
    )
    panel = await browser.open({ story: { ...story, previews } })
    const row = panel.page.getByRole('row').filter({ hasText: 'one' }).last()
    await row.getByText('one\\ntwo\\x1b[0m\\x7f and \\0').waitFor()
    await becomes(() => row.locator('.escape').allTextContents(), ['\\n', '\\x1b', '\\x7f', '\\0'])
  })
})

interface Rect {
  readonly left: number
  readonly right: number
  readonly width: number
}
interface HTMLSash {
  getBoundingClientRect(): Rect
  readonly parentElement: { querySelector(selector: string): { getBoundingClientRect(): Rect } | null }
}
