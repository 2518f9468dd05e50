/**
 * Measures the panel's frames in Chromium with 1,000,000 events in the session and 20,000 arriving a second:
 * `node bench/panel.ts`, `-- --seconds N`, `-- --dist DIR` (the built panel), `-- --json FILE`.
 * The simulated host, which generates the events and clones every message, runs on the page's thread: its work is
 * part of every figure. Without a graphics card, the processor paints too.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { PanelBrowser, type PanelPage } from '../test/webview/preview/driver.ts'
import { measureFrames } from './harness/panel-frames.ts'

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

async function measure(panel: PanelPage, scene: keyof typeof SCENES) {
  await panel.page.getByRole('region', { name: /^Timeline/ }).focus()
  for (const key of SCENES[scene]) await panel.page.keyboard.press(key)
  await panel.painted()
  return { scene, ...(await measureFrames(panel, Number(values.seconds) * 1000)) }
}

const browser = await PanelBrowser.launch(values.dist)
const panel = await browser.open({ events: EVENTS })
await panel.tell('start', RATE)
const results: Awaited<ReturnType<typeof measure>>[] = []
for (const scene of Object.keys(SCENES) as (keyof typeof SCENES)[]) results.push(await measure(panel, scene))
await panel.tell('stop')
await panel.close()
await browser.close()
console.table(results)
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`)
