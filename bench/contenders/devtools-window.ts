/** Chromium receiving the load in a page, with its DevTools window open at the network panel. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchDebuggedChromium } from '../../scripts/browser.ts'
import { contend } from '../harness/contender.ts'

const TARGET = 'about:blank#target'

const profile = await mkdtemp(join(tmpdir(), 'realtime-bench-devtools-'))
process.on('exit', () => void rm(profile, { recursive: true, force: true }))
const context = await launchDebuggedChromium(profile)
const page = await context.newPage()
await page.goto(TARGET)
const [port] = (await readFile(join(profile, 'DevToolsActivePort'), 'utf8')).split('\n')
const address = `127.0.0.1:${port}`
const targets = (await (await fetch(`http://${address}/json/list`)).json()) as { id: string; url: string }[]
const id = targets.find(({ url }) => url === TARGET)?.id

const devtools = await context.newPage()
// Counts what the window has dealt with: after its own handler of each message of the protocol.
await devtools.addInitScript(`
  globalThis.benchCount = 0
  globalThis.WebSocket = class extends WebSocket {
    set onmessage(handler) {
      super.onmessage = (event) => {
        handler(event)
        if (/^.{0,40}"Network.(webSocketFrameReceived|eventSourceMessageReceived)"/.test(event.data)) benchCount++
      }
    }
  }
`)
await devtools.goto(
  `http://${address}/devtools/inspector.html?ws=${address}/devtools/page/${id}&panel=network`,
)
await devtools.getByRole('tab', { name: 'Network' }).waitFor()

await contend(
  async (url, expected) => {
    await page.goto(`${new URL(url).origin}/blank`)
    await devtools.evaluate('benchCount = 0')
    const isSse = new URL(url).pathname === '/sse'
    await page.evaluate(
      // Runs in the page; as text, for this project's types know no DOM.
      isSse ? `void new EventSource('${url}')` : `void new WebSocket('${url.replace('http:', 'ws:')}')`,
    )
    await devtools.evaluate(`new Promise((resolve) => {
      const timer = setInterval(() => {
        if (benchCount < ${expected}) return
        clearInterval(timer)
        resolve()
      }, 20)
    })`)
    return { count: Number(await devtools.evaluate('benchCount')) }
  },
  { others: true },
)
