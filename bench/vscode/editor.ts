/** A separate VS Code with the production build, and access to its parts. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Frame, Page } from 'playwright-core'
import { NEWEST } from '../../scripts/code-server.ts'
import { startVsCodeServer } from '../../scripts/vscode-server.ts'
import { Workbench } from '../../test/click/workbench.ts'
import { type Companion, openCompanion } from './companion.ts'
import type { Histogram } from './quantiles.ts'

const HERE = import.meta.dirname
/** The field for a URL on the panel's first page. */
const URL_FIELD = '.url-row input'
/** Milliseconds in which the panel must open. */
const PATIENCE = 60_000

export interface Editor {
  readonly workbench: Workbench
  readonly companion: Companion
  /** A folder for saved files. It is removed with the editor. */
  readonly folder: string
  close(): Promise<void>
}

export async function openEditor(extension: string): Promise<Editor> {
  const folder = await mkdtemp(join(tmpdir(), 'realtime-bench-vscode-'))
  const portFile = join(folder, 'port')
  const server = await startVsCodeServer({
    ...{ release: NEWEST, folder, development: { extension } },
    installed: [join(HERE, 'companion')],
    // A run may exceed the default of 5,000,000.
    settings: { 'realtimeInspector.maxEvents': 10_000_000, 'realtimeInspector.confirmClose': false },
    env: { REALTIME_BENCH_PORT: portFile },
  })
  let workbench: Workbench | undefined
  const close = async () => {
    await workbench?.close()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    workbench = await Workbench.open(server.url)
    return { workbench, companion: await openCompanion(portFile), folder, close }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * Runs the command that opens the panel. Returns the milliseconds until its field is in the document and takes keys.
 * Polling the frames makes this a few milliseconds too long.
 */
export async function openPanel({ page, panel }: Workbench): Promise<number> {
  await page.keyboard.press('F1')
  await page.locator('.quick-input-widget input[type="text"]').fill('>Realtime: Open Panel')
  await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'Open Panel' }).first().waitFor()
  const started = performance.now()
  await page.keyboard.press('Enter')
  while (!(await hasField(page))) {
    if (performance.now() - started > PATIENCE)
      throw new Error(`The panel has no ${URL_FIELD} after a minute.`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  const interactive = performance.now() - started
  await panel.locator(URL_FIELD).fill('')
  return interactive
}

async function hasField(page: Page): Promise<boolean> {
  for (const frame of page.frames()) {
    // A frame that is being replaced cannot be evaluated.
    const found = frame.evaluate((selector) => document.querySelector(selector) !== null, URL_FIELD)
    if (await found.catch(() => false)) return true
  }
  return false
}

/** The extension's activation time, from VS Code's list of running extensions. */
export async function activationTimes(workbench: Workbench): Promise<string> {
  await workbench.command('Developer: Show Running Extensions')
  const row = workbench.page.locator('.runtime-extensions-editor .monaco-list-row')
  const ours = row
    .filter({ hasText: /realtime-inspector\.realtime-inspector(?!-)|Realtime Inspector(?! m)/ })
    .first()
  await row.first().hover()
  // The document has only the rows in view.
  for (let i = 0; i < 20 && (await ours.count()) === 0; i++) {
    await workbench.page.mouse.wheel(0, 300)
    await workbench.page.waitForTimeout(100)
  }
  return (await ours.locator('.activation-time').textContent()) ?? ''
}

export interface Observed {
  readonly painted: Histogram
  readonly followed: Histogram
  readonly newest: Histogram
  /** From the engine to the page. */
  readonly channel: Histogram
  /** Milliseconds between animation frames. */
  readonly gaps: readonly number[]
  /** Number of the last event painted. */
  readonly last: number
  /** Milliseconds by which relating the clocks through `SessionStatus.at` differs from relating them by wall clocks. */
  readonly clockError: number
}

interface InPage {
  readonly benchObserver: {
    start(): void
    stop(): Record<'painted' | 'followed' | 'newest' | 'channel', number[]> & {
      readonly bin: number
      readonly gaps: number[]
      readonly last: number
      readonly clockError: number
    }
    last(): number
    disconnect(): Promise<number>
  }
}

/** Calls the observer in the panel's page. */
export class Observer {
  readonly #frame: Frame

  private constructor(frame: Frame) {
    this.#frame = frame
  }

  static async attach({ page }: Workbench): Promise<Observer> {
    const outer = await (await page.waitForSelector('iframe.webview.ready')).contentFrame()
    const inner = await (await outer?.waitForSelector('iframe#active-frame'))?.contentFrame()
    if (inner === null || inner === undefined) throw new Error('The panel does not have a page.')
    await inner.evaluate(await readFile(join(HERE, 'observer.js'), 'utf8'))
    await inner.evaluate(() => (globalThis as unknown as InPage).benchObserver.start())
    return new Observer(inner)
  }

  last(): Promise<number> {
    return this.#frame.evaluate(() => (globalThis as unknown as InPage).benchObserver.last())
  }

  async stop(): Promise<Observed> {
    const { bin, painted, followed, newest, channel, ...rest } = await this.#frame.evaluate(() =>
      (globalThis as unknown as InPage).benchObserver.stop(),
    )
    const histogram = (counts: number[]): Histogram => ({ bin, counts })
    return {
      ...rest,
      painted: histogram(painted),
      followed: histogram(followed),
      newest: histogram(newest),
      channel: histogram(channel),
    }
  }

  disconnect(): Promise<number> {
    return this.#frame.evaluate(() => (globalThis as unknown as InPage).benchObserver.disconnect())
  }
}
