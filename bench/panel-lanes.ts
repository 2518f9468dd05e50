/**
 * Measures the panel's frames in Chromium with 5,000 connections while the timeline is scrolled, panned and zoomed, while
 * the pointer moves over it, and while it follows 10,000 events a second: `node bench/panel-lanes.ts`, `-- --seconds N`,
 * `-- --dist DIR` (the built panel), `-- --scene NAME`, `-- --profile DIR` (a processor profile of each scene),
 * `-- --json FILE`. The work is processor time of the page's thread, so other processes do not count. Fails if it is more
 * than a 60th of a second for a frame.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { PanelBrowser, type PanelPage } from '../test/webview/preview/driver.ts'
import { type FrameFigures, type Motion, measureFrames } from './harness/panel-frames.ts'

const CONNECTIONS = 5000
/** Twenty seconds, and what comes in a second: each connection asks and is answered once. */
const EVENTS = 200_000
const RATE = 10_000
/** Milliseconds of a frame at 60 a second. */
const GOAL = 16.7

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    dist: { type: 'string' },
    scene: { type: 'string' },
    profile: { type: 'string' },
    json: { type: 'string' },
  },
})

interface Scene {
  /** Pressed before. */
  readonly keys: readonly string[]
  readonly motion?: Motion
  /** Whether events arrive. The work of the simulated host, which makes and copies them, is then included. */
  readonly isLive?: boolean
}

const SCENES: Readonly<Record<string, Scene>> = {
  scrolling: { keys: ['End', '+', '+'], motion: { scroll: 120 } },
  panning: { keys: ['End'], motion: { wheel: { x: 40, y: 0 } } },
  zooming: { keys: ['End'], motion: { wheel: { x: 0, y: 40 } } },
  pointing: { keys: ['End'], motion: { pointer: 8 } },
  'following now': { keys: ['End'], isLive: true },
  'following now, scrolling': { keys: ['End'], motion: { scroll: 120 }, isLive: true },
}

async function measure(panel: PanelPage, scene: string): Promise<FrameFigures> {
  const { keys, motion, isLive } = SCENES[scene] ?? { keys: [] }
  if (isLive) await panel.tell('start', RATE)
  await panel.page.getByRole('region', { name: /^Timeline/ }).focus()
  for (const key of keys) await panel.page.keyboard.press(key)
  await panel.painted()
  const figures = await profiled(panel, scene, () =>
    measureFrames(panel, Number(values.seconds) * 1000, motion),
  )
  if (isLive) await panel.tell('stop')
  return figures
}

async function profiled<T>(panel: PanelPage, scene: string, work: () => Promise<T>): Promise<T> {
  if (values.profile === undefined) return await work()
  const session = await panel.page.context().newCDPSession(panel.page)
  await session.send('Profiler.enable')
  await session.send('Profiler.start')
  const result = await work()
  const { profile } = await session.send('Profiler.stop')
  await session.detach()
  mkdirSync(values.profile, { recursive: true })
  writeFileSync(join(values.profile, `${scene.replaceAll(/\W+/g, '-')}.cpuprofile`), JSON.stringify(profile))
  return result
}

const browser = await PanelBrowser.launch(values.dist)
const crowd = { connections: CONNECTIONS, hasRequests: false }
const panel = await browser.open({ crowd, width: 1400, height: 900 })
await panel.tell('add', EVENTS)
await panel.page.locator(`[role=grid][aria-rowcount="${EVENTS + 1}"]`).waitFor({ timeout: 300_000 })
const results: (FrameFigures & { readonly scene: string })[] = []
for (const scene of Object.keys(SCENES))
  if (values.scene === undefined || values.scene === scene)
    results.push({ scene, ...(await measure(panel, scene)) })
await panel.close()
await browser.close()

console.table(results)
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`)
if (results.some(({ work }) => work > GOAL)) process.exitCode = 1
