/**
 * Measures the panel's frames in Chromium with 1,000,000 events in the session and 20,000 arriving a second:
 * `node bench/panel.ts`, `-- --seconds N`, `-- --dist DIR` (the built panel), `-- --json FILE`.
 * The simulated host, which generates the events and clones every message, runs on the page's thread: its work is
 * part of every figure. Without a graphics card, the processor paints too.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { PanelBrowser, type PanelPage } from '../test/webview/preview/driver.ts'

const EVENTS = 1_000_000
const RATE = 20_000

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '5' }, dist: { type: 'string' }, json: { type: 'string' } },
})

/** Views of the timeline while frames are measured, and the keys that select them. */
const SCENES = {
  'following now, 10 seconds in view': ['End'],
  'following now, 2 minutes in view': ['End', '-', '-', '-', '-', '-', '-'],
  'the whole session in view': ['0'],
  'standing at the start': ['Home'],
} as const

interface Figures {
  readonly scene: string
  readonly frames: number
  /** Milliseconds between frames. */
  readonly p50: number
  readonly p95: number
  readonly longest: number
  /** Milliseconds of work for each frame on the page's thread: scripts alone, and with layout and painting. */
  readonly scripts: number
  readonly work: number
}

/** The parts of the DOM that the script in the page uses. */
interface Frames {
  requestAnimationFrame(run: (time: number) => void): void
}

/** Measures all frames for some seconds. */
function frameTimes(panel: PanelPage, ms: number): Promise<number[]> {
  return panel.page.evaluate(
    (span) =>
      new Promise<number[]>((resolve) => {
        const { requestAnimationFrame } = globalThis as unknown as Frames
        const times: number[] = []
        const next = (time: number) => {
          times.push(time)
          if (time - (times[0] ?? time) < span) requestAnimationFrame(next)
          else resolve(times)
        }
        requestAnimationFrame(next)
      }),
    ms,
  )
}

async function measure(panel: PanelPage, scene: keyof typeof SCENES): Promise<Figures> {
  await panel.page.getByRole('region', { name: /^Timeline/ }).focus()
  for (const key of SCENES[scene]) await panel.page.keyboard.press(key)
  await panel.painted()
  const session = await panel.page.context().newCDPSession(panel.page)
  await session.send('Performance.enable')
  const spent = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    const seconds = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0
    return { scripts: seconds('ScriptDuration') * 1000, work: seconds('TaskDuration') * 1000 }
  }
  const before = await spent()
  const times = await frameTimes(panel, Number(values.seconds) * 1000)
  const after = await spent()
  await session.detach()
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? time))
  gaps.sort((a, b) => a - b)
  const quantile = (share: number) => gaps[Math.min(gaps.length - 1, Math.floor(share * gaps.length))] ?? 0
  const round = (value: number) => Number(value.toFixed(1))
  return {
    scene,
    frames: gaps.length,
    p50: round(quantile(0.5)),
    p95: round(quantile(0.95)),
    longest: round(quantile(1)),
    scripts: round((after.scripts - before.scripts) / gaps.length),
    work: round((after.work - before.work) / gaps.length),
  }
}

const browser = await PanelBrowser.launch(values.dist)
const panel = await browser.open({ events: EVENTS })
await panel.tell('start', RATE)
const results: Figures[] = []
for (const scene of Object.keys(SCENES) as (keyof typeof SCENES)[]) results.push(await measure(panel, scene))
await panel.tell('stop')
await panel.close()
await browser.close()
console.table(results)
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`)
