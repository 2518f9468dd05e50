/** The scenes of the animation, in order. Each begins where the one before it has ended. */
import { once } from 'node:events'
import type { Locator } from 'playwright-core'
import { WebSocket } from 'ws'
import { SideBar } from '../../test/click/side-bar.ts'
import { TimelineHand } from '../../test/click/timeline.ts'
import type { Workbench } from '../../test/click/workbench.ts'
import type { Camera } from './camera.ts'

export interface Stage {
  readonly workbench: Workbench
  readonly camera: Camera
}

type Scene = (stage: Stage) => Promise<void>

/** The address of the built-in demo. */
const DEMO = '127.0.0.1:4820'

/** Milliseconds. */
const MOMENT = 5000
const TRIES = 6
/** A place in the window at which nothing reacts to the pointer. */
const AWAY = { x: 560, y: 380 }
const HIDE_LANES = 'Hide the lanes of the timeline'
const SHOW_LANES = 'Show the lanes of the timeline'

const CODE = 'prices.ts'

/** The files of the folder that is open, by path. */
export const FILES: Readonly<Record<string, string>> = {
  [CODE]: `// The prices of the shop, as they change.
const socket = new WebSocket('ws://${DEMO}/ticker')

socket.addEventListener('message', ({ data }) => {
  const { symbol, price } = JSON.parse(data)
  show(symbol, price)
})
`,
}

export async function film(stage: Stage): Promise<void> {
  const scenes: readonly Scene[] = [
    ...[openCode, connect],
    ...[startDemo, decode, filter, find],
    ...[openRequests, runRequest],
    ...[closeRequests, record],
  ]
  for (const scene of scenes) await scene(stage)
}

/** Not filmed: the example starts the server of the demo. Also waits for the theme, and until the extension is active. */
const openCode: Scene = async ({ workbench }) => {
  const { page } = workbench
  await page.locator('.monaco-workbench.vs-dark').waitFor()
  await workbench.command('Realtime: Create Example Requests')
  await lens(workbench, 'Connect').first().waitFor()
  await page.getByRole('treeitem', { name: CODE }).dblclick()
  await lens(workbench, 'Inspect').waitFor()
  await workbench.command('View: Toggle Primary Side Bar Visibility')
}

const connect: Scene = async ({ workbench, camera }) => {
  await camera.say(1, 'Connect to any URL from the command palette')
  await camera.still(800)
  await palette(workbench, camera, 'Realtime: Connect')
  await title(workbench, 'Connect').waitFor()
  await camera.still(300)
  await camera.type(`ws://${DEMO}/ticker`)
  await item(workbench, /^\s*WebSocket/).waitFor()
  await camera.still(600)
  await workbench.page.keyboard.press('Enter')
  await workbench.rows('trade').nth(3).waitFor()
  await workbench.page.locator('.quick-input-widget').waitFor({ state: 'hidden' })
  await camera.watch(5, 300)
}

/** Not filmed: all connections of the demo instead of the one, until one of them has reconnected. */
const startDemo: Scene = async ({ workbench }) => {
  const { panel } = workbench
  await workbench.command('Realtime: Stop the Demo')
  await clear(workbench)
  await workbench.command('Realtime: Start the Demo')
  await workbench.connection('/graphql').waitFor()
  const { canvas } = new TimelineHand(workbench)
  await canvas.and(panel.locator('[aria-label*="/events"][aria-label*="reconnects"]')).waitFor()
  await panel.getByRole('button', { name: HIDE_LANES }).click()
}

const decode: Scene = async ({ workbench, camera }) => {
  await camera.say(2, 'Messages say what they mean, in over 40 protocols')
  await camera.watch(3, 300)
  await workbench.connection('/socket.io/').scrollIntoViewIfNeeded()
  await camera.click(workbench.connection('/socket.io/').getByText('socket.io'))
  await workbench.rows('offer').first().waitFor()
  await camera.still(800)
  const bought = workbench.panel.getByRole('tabpanel').getByText('"bought"', { exact: true })
  await select({ workbench, camera }, workbench.rows(/↓.*buy.* ms/), bought)
  await camera.still(2000)
}

const filter: Scene = async ({ workbench, camera }) => {
  const { panel } = workbench
  await workbench.toggleConnection('/socket.io/')
  await panel.getByRole('button', { name: 'Close Details (Escape)' }).click()
  await panel.getByRole('button', { name: SHOW_LANES }).click()
  await panel.getByRole('button', { name: /^Live/ }).click()
  await workbench.connection('/ticker').scrollIntoViewIfNeeded()
  await new TimelineHand(workbench).section.evaluate((section) => {
    ;(section as unknown as { scrollTop: number }).scrollTop = 0
  })
  await camera.say(3, 'All connections on one clock, and a filter for what matters')
  await camera.watch(3, 300)
  await camera.click(panel.getByRole('combobox', { name: 'Filter' }))
  await camera.type('$.type == "trade" and $.price > 60')
  const found = workbench.rows(/trade.*price: /)
  await panel.getByText(/filtering/).waitFor({ state: 'detached' })
  await found.nth(4).waitFor()
  await camera.still(900)
  await select({ workbench, camera }, found, panel.getByRole('treeitem').filter({ hasText: '"venue"' }))
  await camera.still(1800)
}

const find: Scene = async ({ workbench, camera }) => {
  const { panel } = workbench
  await panel.getByRole('button', { name: 'Close Details (Escape)' }).click()
  await panel.getByRole('button', { name: HIDE_LANES }).click()
  await camera.say(4, 'Findings: what is wrong, with the events that show it')
  await camera.click(panel.getByRole('tab', { name: /^Findings/ }))
  const card = panel.getByRole('region', { name: 'Findings', exact: true }).getByRole('article').first()
  await card.waitFor()
  await camera.still(1800)
  await camera.click(card.getByRole('button', { name: /^Show .* events?$/ }))
  await workbench.rows(/\S/).nth(2).waitFor()
  await camera.still(2000)
}

/** Not filmed: the file of the example, beside the panel. */
const openRequests: Scene = async ({ workbench }) => {
  const { panel } = workbench
  await panel.getByRole('combobox', { name: 'Filter' }).fill('')
  await panel.getByRole('button', { name: SHOW_LANES }).click()
  await workbench.command('Realtime: Stop the Demo')
  await clear(workbench)
  // This also starts the server of the demo again.
  await workbench.command('Realtime: Create Example Requests')
  await lens(workbench, 'Connect').first().waitFor()
  await workbench.command('Realtime: Open Panel')
  await panel.getByRole('region').first().waitFor()
  await workbench.command('View: Move Editor into Right Group')
  await lens(workbench, 'Connect').first().waitFor()
}

const runRequest: Scene = async ({ workbench, camera }) => {
  await camera.say(5, 'Keep requests in a file, and run them by a click')
  await camera.still(1000)
  const connectLens = lens(workbench, 'Connect').first()
  await clickUntil({ workbench, camera }, () => connectLens, title(workbench, 'Secret API_TOKEN'))
  await camera.still(700)
  await camera.type('correct-horse')
  await workbench.page.keyboard.press('Enter')
  await workbench.rows('trade').nth(3).waitFor()
  await camera.watch(6, 350)
}

/** Not filmed: the panel alone, with the side bar. */
const closeRequests: Scene = async ({ workbench }) => {
  const { page } = workbench
  await page.getByRole('tab', { name: /^Realtime Inspector/ }).click()
  await workbench.command('View: Close Editors in Other Groups')
  await page.getByRole('tab', { name: /^requests\.http/ }).waitFor({ state: 'detached' })
  await clear(workbench)
  await new SideBar(page).open()
  // The pointer would leave a tooltip on the button.
  await page.mouse.move(AWAY.x, AWAY.y)
}

const record: Scene = async ({ workbench, camera }) => {
  const { page } = workbench
  const row = new SideBar(page).row('Servers', /Proxy :\d+/)
  await camera.say(6, 'Record your own app through a proxy')
  await palette(workbench, camera, 'Realtime: Start Rec')
  await title(workbench, 'Start Recording Proxy').waitFor()
  await camera.type(DEMO)
  await camera.still(500)
  await page.keyboard.press('Enter')
  await row.getByText('waiting for traffic').waitFor()
  await camera.still(1500)
  const [, port] = /Proxy :(\d+)/.exec(await row.innerText()) ?? []
  const app = new WebSocket(`ws://127.0.0.1:${port}/ticker`)
  try {
    await once(app, 'message')
    app.send('{"op":"subscribe","channel":"orders"}')
    await workbench.rows('trade').nth(3).waitFor()
    await camera.watch(6, 350)
    await camera.still(1500)
  } finally {
    app.terminate()
  }
}

/** Opens the palette and runs the command that the typed text finds first. */
async function palette({ page }: Workbench, camera: Camera, text: string): Promise<void> {
  await page.keyboard.press('F1')
  await page.locator('.quick-input-widget input[type="text"]').waitFor()
  await camera.type(text)
  await page.locator('.quick-input-list .monaco-list-row.focused').filter({ hasText: text }).waitFor()
  await camera.still(600)
  await page.keyboard.press('Enter')
}

/** Clicks the last of these rows that is whole in view, until its details are shown. */
const select = (stage: Stage, rows: Locator, shown: Locator): Promise<void> =>
  clickUntil(stage, () => lastInView(stage.workbench, rows), shown)

/** Clicks a target until something is shown: it may move away under the pointer. Only the last try is in the film. */
async function clickUntil(
  { camera }: Stage,
  target: () => Locator | Promise<Locator>,
  shown: Locator,
): Promise<void> {
  const before = camera.stills.length
  for (let tries = 0; tries < TRIES; tries++) {
    camera.stills.length = before
    await camera.click(await target())
    if (await isShown(shown)) return
  }
  throw new Error(`No click leads to ${shown}.`)
}

async function lastInView({ panel }: Workbench, rows: Locator): Promise<Locator> {
  const bottomOf = async (locator: Locator) => {
    const { y = 0, height = 0 } = (await locator.boundingBox()) ?? {}
    return y + height
  }
  const bottom = await bottomOf(panel.getByRole('grid', { name: 'Events' }))
  for (const row of (await rows.all()).reverse()) if ((await bottomOf(row)) <= bottom) return row
  throw new Error(`${rows} is not in view.`)
}

const isShown = (locator: Locator): Promise<boolean> =>
  locator.waitFor({ timeout: MOMENT }).then(
    () => true,
    () => false,
  )

/** Removes all events and the connections that have ended, and the note that says so. */
async function clear(workbench: Workbench): Promise<void> {
  await workbench.command('Realtime: Remove All Events')
  await workbench.panel.getByText(/^Cleared /).waitFor()
  await workbench.panel.getByRole('button', { name: 'Dismiss' }).click()
}

const title = ({ page }: Workbench, text: string): Locator =>
  page.locator('.quick-input-title').getByText(text, { exact: true })

const item = ({ page }: Workbench, text: string | RegExp): Locator =>
  page.locator('.quick-input-list .monaco-list-row.focused').filter({ hasText: text })

const lens = ({ page }: Workbench, text: string): Locator =>
  page.locator('.codelens-decoration a').filter({ hasText: text })
