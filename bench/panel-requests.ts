/**
 * Measures the panel's frames in Chromium with 1,000 connections, each of which asks and is answered once a second, as a
 * ratio to the same connections without bars of requests: `node bench/panel-requests.ts`, `-- --seconds N`,
 * `-- --dist DIR` (the built panel), `-- --json FILE`. The work is processor time of the page's thread, so other
 * processes do not count. Fails if it is more than a 60th of a second for a frame without traffic.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { PanelBrowser, type PanelPage } from '../test/webview/preview/driver.ts'
import { type FrameFigures, type Motion, measureFrames } from './harness/panel-frames.ts'

const CONNECTIONS = 1000
/** Two minutes, and what comes in a second. */
const EVENTS = 240_000
const RATE = 2000
/** Milliseconds of a frame at 60 a second. */
const GOAL = 16.7

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '4' }, dist: { type: 'string' }, json: { type: 'string' } },
})

interface Scene {
  /** Pressed before. */
  readonly keys: readonly string[]
  readonly motion?: Motion
  /** Whether events arrive. The work of the simulated host, which copies the status of every connection, is then included. */
  readonly isLive?: boolean
}

/** What the timeline does while frames are measured. */
const SCENES: Readonly<Record<string, Scene>> = {
  'panning, 10 seconds in view': { keys: ['End'], motion: { wheel: { x: 40, y: 0 } } },
  'panning, 2 minutes in view': {
    keys: ['End', '-', '-', '-', '-', '-', '-'],
    motion: { wheel: { x: 40, y: 0 } },
  },
  'zooming out and in': { keys: ['End'], motion: { wheel: { x: 0, y: 40 } } },
  'following now, 10 seconds in view': { keys: ['End'], isLive: true },
  'following now, 2 minutes in view': { keys: ['End', '-', '-', '-', '-', '-', '-'], isLive: true },
}

async function measure(panel: PanelPage, scene: string): Promise<FrameFigures> {
  const { keys, motion, isLive } = SCENES[scene] ?? { keys: [] }
  if (isLive) await panel.tell('start', RATE)
  await panel.page.getByRole('region', { name: /^Timeline/ }).focus()
  for (const key of keys) await panel.page.keyboard.press(key)
  await panel.painted()
  const figures = await measureFrames(panel, Number(values.seconds) * 1000, motion)
  if (isLive) await panel.tell('stop')
  return figures
}

const browser = await PanelBrowser.launch(values.dist)
const measured: (FrameFigures & { readonly scene: string; readonly hasRequests: boolean })[] = []
for (const hasRequests of [false, true]) {
  const crowd = { connections: CONNECTIONS, hasRequests }
  const panel = await browser.open({ events: EVENTS, crowd, width: 1400, height: 900 })
  for (const scene of Object.keys(SCENES))
    measured.push({ scene, hasRequests, ...(await measure(panel, scene)) })
  await panel.close()
}
await browser.close()

const results = Object.keys(SCENES).map((scene) => {
  const [without, withBars] = [false, true].map((has) =>
    measured.find((each) => each.scene === scene && each.hasRequests === has),
  )
  const ratio = Number(((withBars?.work ?? 0) / (without?.work || 1)).toFixed(2))
  return {
    scene,
    'p50 without': without?.p50,
    p50: withBars?.p50,
    p95: withBars?.p95,
    'work without': without?.work,
    work: withBars?.work,
    ratio,
  }
})
console.table(results)
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`)
if (results.some(({ scene, work = 0 }) => SCENES[scene]?.isLive !== true && work > GOAL)) process.exitCode = 1
