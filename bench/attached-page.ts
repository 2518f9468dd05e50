/**
 * Measures what attaching costs a page that gets 1,000 messages a second: its frames, and the work of its main thread, with
 * and without `attach` in a process of its own: `node bench/attached-page.ts`, `-- --rounds N`, `-- --seconds N`. Needs
 * `npm run build`.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { WebSocketServer } from 'ws'
import { ROOT } from '../scripts/paths.ts'
import { startBrowser } from '../test/attach/browser.ts'
import { tempDir } from '../test/support/temp-dir.ts'

const RATE = 1000
/** Milliseconds between the bursts of the server. */
const BURST = 10
/** Counts frames, and reads each message as an app does. */
const PAGE = `<p></p><script>
  globalThis.frames_ = 0
  const step = () => { frames_++; requestAnimationFrame(step) }
  step()
  globalThis.messages = 0
  new WebSocket('ws' + location.origin.slice(4)).onmessage = ({ data }) => {
    messages++
    document.querySelector('p').textContent = JSON.parse(data).text
  }
</script>`

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '5' } },
})

interface Figures {
  readonly framesPerSecond: number
  readonly messagesPerSecond: number
  /** Share of the time in which the main thread works. */
  readonly work: number
}

const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE)
})
const message = JSON.stringify({ text: 'x'.repeat(88) })
new WebSocketServer({ server }).on('connection', (socket) => {
  const timer = setInterval(() => {
    for (let sent = 0; sent < (RATE * BURST) / 1000; sent++) socket.send(message)
  }, BURST)
  socket.on('close', () => clearInterval(timer))
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`

async function measure(isAttached: boolean): Promise<Figures> {
  const browser = await startBrowser()
  const file = join(tempDir(), 'attached.rtsession')
  const attached = isAttached
    ? spawn(process.execPath, [
        join(ROOT, 'dist', 'cli.js'),
        ...['attach', browser.endpoint, '--save', file, '--format', 'none'],
      ])
    : undefined
  if (attached !== undefined) await once(attached.stderr, 'data')
  const page = await browser.context.newPage()
  const devtools = await browser.context.newCDPSession(page)
  await devtools.send('Performance.enable')
  await page.goto(url)
  await page.waitForFunction('messages > 0')
  const read = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics')
    const { frames, messages } = (await page.evaluate('({ frames: frames_, messages })')) as {
      frames: number
      messages: number
    }
    const work = metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
    return { frames, messages, work, at: performance.now() }
  }
  const before = await read()
  await setTimeout(Number(values.seconds) * 1000)
  const after = await read()
  const seconds = (after.at - before.at) / 1000
  await browser.close()
  if (attached !== undefined) {
    if (attached.exitCode === null) await once(attached, 'exit')
    const recorded = (await readFile(file, 'utf8')).split('"type":"message"').length - 1
    if (recorded < after.messages - before.messages)
      throw new Error(`Only ${recorded} messages were recorded.`)
  }
  return {
    framesPerSecond: (after.frames - before.frames) / seconds,
    messagesPerSecond: (after.messages - before.messages) / seconds,
    work: (after.work - before.work) / seconds,
  }
}

const median = (numbers: readonly number[]) =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
const rounds: { readonly alone: Figures; readonly attached: Figures }[] = []
for (let round = 0; round < Number(values.rounds); round++)
  rounds.push({ alone: await measure(false), attached: await measure(true) })
for (const name of ['framesPerSecond', 'messagesPerSecond', 'work'] as const) {
  const alone = median(rounds.map((round) => round.alone[name]))
  const attached = median(rounds.map((round) => round.attached[name]))
  const ratio = median(rounds.map((round) => round.attached[name] / round.alone[name]))
  console.log(
    `${name}: ${alone.toFixed(3)} alone, ${attached.toFixed(3)} attached, ratio ${ratio.toFixed(3)}`,
  )
}
server.closeAllConnections()
server.close()
