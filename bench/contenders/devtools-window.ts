/** Chromium receives the load in a page, with its DevTools window open at the network panel. */
import { rmSync } from 'node:fs'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchDebuggedChromium } from '../../scripts/browser.ts'
import { contend } from '../harness/contender.ts'

const TARGET = 'about:blank#target'

const profile = await mkdtemp(join(tmpdir(), 'realtime-bench-devtools-'))
const context = await launchDebuggedChromium(profile)
// This listener runs after the one that kills the browser, which listens to the same event.
process.on('exit', () => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }))
const page = await context.newPage()
await page.goto(TARGET)
const [port] = (await readFile(join(profile, 'DevToolsActivePort'), 'utf8')).split('\n')
const address = `127.0.0.1:${port}`
const targets = (await (await fetch(`http://${address}/json/list`)).json()) as { id: string; url: string }[]
const id = targets.find(({ url }) => url === TARGET)?.id

const devtools = await context.newPage()
// Counts the protocol messages that the window has handled.
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

/** Opens the address in the page with the API that its path stands for. It is text because this project is compiled without the DOM's types. */
async function open(url: URL): Promise<void> {
  const isSse = url.pathname === '/sse'
  await page.evaluate(
    isSse ? `void new EventSource('${url}')` : `void new WebSocket('${url.href.replace('http:', 'ws:')}')`,
  )
}

/** Resolves to whether the window counts that many messages in time. */
function counted(expected: number, milliseconds: number): Promise<boolean> {
  return devtools.evaluate(`new Promise((resolve) => {
    const until = performance.now() + ${milliseconds}
    const timer = setInterval(() => {
      if (benchCount < ${expected} && performance.now() < until) return
      clearInterval(timer)
      resolve(benchCount >= ${expected})
    }, 20)
  })`)
}

/** The window records a page only after it has noticed the navigation. */
async function settle(url: URL): Promise<void> {
  const probe = new URL(url)
  probe.searchParams.set('count', '1')
  do await open(probe)
  while (!(await counted(1, 1000)))
  await devtools.evaluate('benchCount = 0')
}

await contend(
  async (address, expected) => {
    const url = new URL(address)
    await page.goto(`${url.origin}/blank`)
    await devtools.evaluate('benchCount = 0')
    await settle(url)
    await open(url)
    await counted(expected, 100_000)
    return { count: Number(await devtools.evaluate('benchCount')) }
  },
  { others: true },
)
