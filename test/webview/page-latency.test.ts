/** The curve of delays in the page: a real server, the real engine, a real browser. */
import { serveHttp } from '../support/loopback.ts'
import { panelOpener } from './live/live-panel.ts'

/** One event in so many is late, by so many milliseconds. */
const LATE_EVERY = 10
const LATE = 400

describe('the curve of delays in the page', () => {
  const openPanel = panelOpener()

  it('appears below the lane of a connection whose messages carry a time, and says what it shows', async () => {
    const url = await serveHttp((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      let count = 0
      const timer = setInterval(() => {
        const late = count % LATE_EVERY === 0 ? LATE : 0
        response.write(`data: ${JSON.stringify({ price: 5, at: Date.now() - late, n: count++ })}\n\n`)
      }, 30)
      response.on('close', () => clearInterval(timer))
    })
    const opened = await openPanel()
    const { page } = opened
    await opened.connect({ url, transport: 'sse', asBrowser: true })
    const canvas = page.locator('.timeline canvas')
    await page.locator('.timeline canvas[aria-label*="delivery p50"]').waitFor()
    const box = await canvas.boundingBox()
    if (box === null) throw new Error('The timeline is not shown.')
    // The floor of the curve is near the lower edge of the only lane.
    const tip = page.locator('.timeline-tip')
    for (let x = box.width - 40; x > box.width / 2; x -= 8) {
      await page.mouse.move(box.x + x, box.y + box.height - 12)
      if (/later than the fastest/.test((await tip.textContent()) ?? '')) break
    }
    await tip.getByText('later than the fastest').waitFor()
    await tip.getByText('· at').waitFor()
  })
})
