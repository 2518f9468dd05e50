import assert from 'node:assert/strict'
import { ListScroll, MAX_HEIGHT, ROW_HEIGHT } from '../../../webview/state/list-scroll.ts'

const VIEWPORT = 20 * ROW_HEIGHT

function scrollOf(count: number): ListScroll {
  const scroll = new ListScroll()
  scroll.resize(VIEWPORT)
  scroll.update(0, count)
  scroll.placed(scroll.position)
  return scroll
}

/** Scrolls like a browser: the bar never leaves its range. */
function scrollTo(scroll: ListScroll, physical: number): void {
  const limit = scroll.height - VIEWPORT
  scroll.scrolled(Math.max(0, Math.min(limit, physical)), limit)
  if (scroll.isOff) scroll.placed(scroll.position)
}

for (const [name, count] of [
  ['a short list', 1000],
  ['a list longer than an element can be', 5_000_000],
] as const) {
  describe(`scrolling ${name}`, () => {
    it('follows the newest row at first', () => {
      const scroll = scrollOf(count)
      assert.equal(scroll.window.to, count)
      scroll.update(0, count + 500)
      assert.equal(scroll.window.to, count + 500)
      assert.equal(scroll.following, true)
    })

    it('never needs more height than browsers allow', () => {
      assert.equal(scrollOf(count).height, Math.min(count * ROW_HEIGHT, MAX_HEIGHT))
    })

    it('stops following when the user scrolls up, stays there, and counts new rows', () => {
      const scroll = scrollOf(count)
      scrollTo(scroll, scroll.position - 10 * ROW_HEIGHT)
      assert.equal(scroll.following, false)
      assert.ok(Math.abs(scroll.top - (count - 30)) < 0.1)
      const { top } = scroll
      scroll.update(0, count + 777)
      assert.equal(scroll.top, top)
      assert.equal(scroll.unseen, 777)
    })

    it('follows again at the end', () => {
      const scroll = scrollOf(count)
      scrollTo(scroll, 0)
      assert.equal(scroll.top, 0)
      scrollTo(scroll, scroll.height)
      assert.equal(scroll.following, true)
      assert.equal(scroll.window.to, count)
    })

    it('moves as many pixels as the wheel, however long the list', () => {
      const scroll = scrollOf(count)
      scrollTo(scroll, scroll.height / 2)
      const { top } = scroll
      for (let i = 0; i < 50; i++) scrollTo(scroll, scroll.position + 100)
      assert.ok(Math.abs(scroll.top - (top + 5000 / ROW_HEIGHT)) < 0.01)
    })

    it('reaches the first row with the wheel only', () => {
      const scroll = scrollOf(count)
      scrollTo(scroll, 500)
      for (let i = 0; i < 40; i++) scrollTo(scroll, scroll.position - 100)
      assert.ok(scroll.top < 0.001)
    })

    it('shows the middle when the bar is dragged to the middle', () => {
      const scroll = scrollOf(count)
      scrollTo(scroll, (scroll.height - VIEWPORT) / 2)
      assert.ok(Math.abs(scroll.top - (count - 20) / 2) < 1)
    })

    it('scrolls as little as possible to bring a row into view', () => {
      const scroll = scrollOf(count)
      scroll.leave()
      scroll.reveal(500)
      assert.equal(scroll.top, 500)
      scroll.reveal(519)
      assert.equal(scroll.top, 500)
      scroll.reveal(520)
      assert.equal(scroll.top, 501)
    })

    it('stays on its row when old rows are dropped', () => {
      const scroll = scrollOf(count)
      scroll.leave()
      scroll.reveal(800)
      scroll.update(300, count)
      assert.equal(scroll.top, 800)
      scroll.update(900, count)
      assert.equal(scroll.top, 900)
    })
  })
}

describe('a list that shrinks', () => {
  it('keeps following if the browser clamps the bar', () => {
    const scroll = scrollOf(1000)
    scroll.update(0, 10)
    scroll.scrolled(0, 0)
    assert.equal(scroll.following, true)
    assert.equal(scroll.top, 0)
  })

  it('keeps following if the view grows before its size is known', () => {
    const scroll = scrollOf(1000)
    const clamped = scroll.position - 30
    scroll.scrolled(clamped, clamped)
    assert.equal(scroll.following, true)
  })

  it('paints every row of a list that fits', () => {
    const scroll = scrollOf(7)
    assert.deepEqual(scroll.window, { from: 0, to: 7, shift: 0 })
  })
})
