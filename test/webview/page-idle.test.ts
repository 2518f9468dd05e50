/** What the page does while nothing happens: a real server, the real engine, a real browser. */
import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import { serveWebSocket } from '../support/loopback.ts'
import { PATIENCE } from '../support/patience.ts'
import { type LivePanel, panelOpener } from './live/live-panel.ts'

/** The globals of the browser that are used for counting. */
interface Counted {
  frames: number
  paintings: number
  requestAnimationFrame(run: (time: number) => void): number
  readonly CanvasRenderingContext2D: { readonly prototype: { clearRect(...given: number[]): void } }
}

/** Counts the frames requested and the paintings of the timeline from now on. */
function countFrames(): void {
  const page = globalThis as unknown as Counted
  const { requestAnimationFrame, CanvasRenderingContext2D: canvas } = page
  const { clearRect } = canvas.prototype
  page.frames = 0
  page.paintings = 0
  page.requestAnimationFrame = (run) => {
    page.frames++
    return requestAnimationFrame.call(globalThis, run)
  }
  canvas.prototype.clearRect = function (...given) {
    page.paintings++
    clearRect.apply(this, given)
  }
}

/** Connections with a card of their own. The others are in a list. */
const CARDS = 8

describe('the page while nothing happens', () => {
  const openPanel = panelOpener()

  async function openIdle(connections: number): Promise<LivePanel> {
    const url = await serveWebSocket(() => {})
    const opened = await openPanel()
    for (let i = 0; i < connections; i++) await opened.connect({ url })
    await opened.page
      .locator('.chip.connection[data-state=open]')
      .nth(Math.min(connections, CARDS) - 1)
      .waitFor()
    await opened.page.evaluate(countFrames)
    return opened
  }

  /** Frames requested and painted in a number of milliseconds. */
  async function countedIn(opened: LivePanel, ms: number) {
    const read = () =>
      opened.page.evaluate(() => {
        const { frames, paintings } = globalThis as unknown as Counted
        return { frames, paintings }
      })
    const before = await read()
    await setTimeout(ms)
    const after = await read()
    return { frames: after.frames - before.frames, paintings: after.paintings - before.paintings }
  }

  /** Waits until recent changes have settled: for three quiet seconds in a row, as a slow browser starts late. */
  async function settled(opened: LivePanel): Promise<void> {
    const deadline = performance.now() + PATIENCE
    for (let quiet = 0; quiet < 3; ) {
      quiet = (await countedIn(opened, 1000)).frames > 5 ? 0 : quiet + 1
      assert.ok(performance.now() < deadline, 'it does not come to rest')
    }
  }

  for (const connections of [1, 30])
    it(`moves once a second with ${connections} idle connection${connections === 1 ? '' : 's'}`, async () => {
      const opened = await openIdle(connections)
      await settled(opened)
      const { frames, paintings } = await countedIn(opened, 3000)
      // The clock and a status may each have a frame of their own. Smooth motion would paint 180 times.
      assert.ok(paintings >= 1 && paintings <= 10, `painted ${paintings} times in 3 s`)
      assert.ok(frames <= 10, `${frames} frames in 3 s`)
    })

  it('does nothing while it is hidden, and is up to date when it is visible again', async () => {
    const opened = await openIdle(1)
    const doing = opened.page.locator('.chip.connection .dim').first()
    opened.setVisible(false)
    await settled(opened)
    const before = await doing.textContent()
    assert.deepEqual(await countedIn(opened, 2500), { frames: 0, paintings: 0 })
    assert.equal(await doing.textContent(), before)
    opened.setVisible(true)
    await opened.page.waitForFunction(
      ([selector, was]) => {
        const { document } = globalThis as unknown as {
          document: { querySelector(selector: string): { readonly textContent: string } }
        }
        return document.querySelector(selector).textContent !== was
      },
      ['.chip.connection .dim', before] as const,
    )
  })
})
