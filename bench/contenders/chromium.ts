/** Chromium receives the load in a page, and every event is recorded through the DevTools protocol. */
import type { CDPSession } from 'playwright-core'
import { launchChromium } from '../../scripts/browser.ts'
import { contend } from '../harness/contender.ts'

const browser = await launchChromium()
const page = await browser.newPage()
const devtools: CDPSession = await page.context().newCDPSession(page)
await devtools.send('Network.enable')

await contend(
  async (url, expected) => {
    const isSse = new URL(url).pathname === '/sse'
    await page.goto(`${new URL(url).origin}/blank`)
    let seen: (payload: string) => void = () => {}
    const all = new Promise<number>((resolve) => {
      let count = 0
      seen = () => {
        count++
        if (count === expected) resolve(count)
      }
    })
    const onFrame = ({ response }: { response: { payloadData: string } }) => seen(response.payloadData)
    const onEvent = ({ data }: { data: string }) => seen(data)
    devtools.on('Network.webSocketFrameReceived', onFrame)
    devtools.on('Network.eventSourceMessageReceived', onEvent)
    await page.evaluate(
      // Runs in the page. It is text because this project is compiled without the DOM's types.
      isSse ? `void new EventSource('${url}')` : `void new WebSocket('${url.replace('http:', 'ws:')}')`,
    )
    const count = await all
    devtools.off('Network.webSocketFrameReceived', onFrame)
    devtools.off('Network.eventSourceMessageReceived', onEvent)
    return { count }
  },
  { others: true },
)
