/** The workbench in Chromium: palette, tabs, and the panel in its frames. */
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, errors, type FrameLocator, type Locator, type Page } from 'playwright-core'
import { launchChromium } from '../../scripts/browser.ts'
import { ARTIFACTS } from '../../scripts/paths.ts'
import { eventually } from '../support/eventually.ts'
import { PATIENCE } from '../support/patience.ts'

/** Of its window. */
export const SIZE = { width: 1400, height: 900 }
const TWO_FRAMES = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))'
/** The input of a quick pick or input box. */
const FIELD = '.quick-input-widget input[type="text"]'

export class Workbench {
  readonly page: Page
  /** The panel's own document. */
  readonly panel: FrameLocator
  /** The browser that closes with it. */
  readonly #browser: Browser | undefined

  private constructor(page: Page, browser?: Browser) {
    this.page = page
    this.#browser = browser
    this.panel = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame')
  }

  /** Opens a workbench at its URL in a page, or in a Chromium of its own. */
  static async open(url: string, page?: Page): Promise<Workbench> {
    if (page === undefined) {
      const browser = await launchChromium()
      return await new Workbench(await browser.newPage({ viewport: SIZE }), browser).#goto(url)
    }
    return await new Workbench(page).#goto(url)
  }

  async #goto(url: string): Promise<Workbench> {
    this.page.setDefaultTimeout(PATIENCE)
    await this.page.goto(url)
    await this.ready()
    return this
  }

  /** Waits until the workbench accepts commands. */
  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench').waitFor()
    await this.page.locator('.explorer-folders-view').waitFor()
  }

  /** Runs a command by its title from the palette. */
  async command(title: string): Promise<void> {
    await this.#inPalette(`>${title}`, (patience) => this.#choose(title, patience))
  }

  /** Opens the palette, types, and waits until it lists an item. */
  async search(text: string, item: string): Promise<void> {
    await this.#inPalette(text, (patience) => this.#items(item).first().waitFor({ timeout: patience }))
  }

  /**
   * Opens the palette and uses it. It does not show commands that are contributed after it opened. It closes, or never
   * opens, if the focus moves at that moment, for example when a panel loads. Then it is opened again.
   */
  async #inPalette(text: string, use: (patience: number) => Promise<void>): Promise<void> {
    const deadline = performance.now() + PATIENCE
    for (let patience = 2000; !(await this.#tryPalette(text, patience, use)); patience *= 2) {
      if (performance.now() > deadline) throw new Error(`The palette lists nothing for ${text}.`)
      await this.page.keyboard.press('Escape')
    }
  }

  /** Whether the palette opened, and stayed open until it was used. */
  async #tryPalette(
    text: string,
    patience: number,
    use: (patience: number) => Promise<void>,
  ): Promise<boolean> {
    await this.page.keyboard.press('F1')
    try {
      await this.page.locator(FIELD).fill(text, { timeout: patience })
      await use(patience)
      return true
    } catch (error) {
      if (error instanceof errors.TimeoutError) return false
      throw error
    }
  }

  /** Picks the item of the open quick pick that shows the text. */
  async pick(text: string | RegExp): Promise<void> {
    await this.#choose(text, PATIENCE)
  }

  /** With keys: the list reuses its rows for other items, so a click could hit another one. */
  async #choose(text: string | RegExp, patience: number): Promise<void> {
    await this.#items(text).first().waitFor({ timeout: patience })
    const focused = this.#items(text).and(this.page.locator('.focused'))
    const deadline = performance.now() + patience
    // The list shows typed text and pressed keys a frame later.
    const isFocused = async () => {
      await this.page.evaluate(TWO_FRAMES)
      return (await focused.count()) > 0
    }
    while (!(await isFocused())) {
      if (performance.now() > deadline) throw new errors.TimeoutError(`No key reaches the item ${text}.`)
      await this.page.keyboard.press('ArrowDown')
    }
    await this.page.keyboard.press('Enter')
  }

  #items(text: string | RegExp): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text })
  }

  /** Types into the open quick pick or input box. */
  async type(text: string): Promise<void> {
    await this.page.locator(FIELD).fill(text)
  }

  /** "Realtime: Connect to…" up to the request for a URL. */
  async askForUrl(): Promise<void> {
    const title = this.page.locator('.quick-input-title').getByText('Connect', { exact: true })
    const isAsked = () =>
      title.waitFor({ timeout: 5000 }).then(
        () => true,
        () => false,
      )
    // A panel that loads takes the focus from the palette, also between choosing a command and pressing its key.
    const deadline = performance.now() + PATIENCE
    do await this.command('Realtime: Connect to')
    while (!(await isAsked()) && performance.now() < deadline)
  }

  /** Types a URL until it is offered: before that, recent URLs are. A request that is just opening may drop what is typed. */
  async typeUrl(url: string): Promise<void> {
    const offered = this.#items(/Configure…/).filter({ hasText: url })
    await eventually(async () => {
      await this.type(url)
      await assert.doesNotReject(offered.waitFor({ timeout: 10_000 }), `${url} is offered`)
    })
  }

  /** "Realtime: Connect to…" with the first transport offered for the URL, or the one named. */
  async connect(url: string, meaning: RegExp = /WebSocket|HTTP/): Promise<void> {
    await this.askForUrl()
    await this.typeUrl(url)
    await this.pick(meaning)
  }

  /** Changes the color theme by its name, and waits until the panel has the class of its kind. */
  async theme(name: string, bodyClass: string): Promise<void> {
    await this.command('Preferences: Color Theme')
    await this.type(name)
    await this.pick(name)
    await this.panel.locator(`body.${bodyClass}`).waitFor()
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' })
  }

  /** The rows in view that show the text. */
  rows(text: string | RegExp): Locator {
    return this.panel.getByRole('row').filter({ hasText: text })
  }

  /** The connection in the strip whose URL has this path. A press narrows the list to it. */
  connection(path: string): Locator {
    return this.panel
      .getByRole('list', { name: 'Connections' })
      .getByRole('listitem')
      .filter({ has: this.panel.locator(`[title*="${path}"]`) })
  }

  /** Shows only the events of this connection, or all events again. */
  async toggleConnection(path: string): Promise<void> {
    await this.connection(path).locator('[aria-pressed]').click()
  }

  async screenshot(name: string): Promise<void> {
    await mkdir(ARTIFACTS, { recursive: true })
    await this.page.screenshot({ path: join(ARTIFACTS, `${name}.png`) })
  }

  async close(): Promise<void> {
    await this.page.close()
    await this.#browser?.close()
  }
}
