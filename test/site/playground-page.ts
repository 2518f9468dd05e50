/** Drives the playground of the built site in a browser. */
import assert from 'node:assert/strict'
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core'
import { PATIENCE } from '../support/patience.ts'
import { builtSite } from './built-site.ts'

/** What scripts in the page use of the browser. */
interface Globals {
  readonly DataTransfer: new () => { readonly items: { add(file: unknown): void } }
  readonly File: new (parts: readonly string[], name: string) => unknown
}

export class PlaygroundPage {
  readonly page: Page
  /** The panel's own document. */
  readonly panel: FrameLocator
  readonly #errors: string[] = []
  readonly #origins = new Set<string>()

  private constructor(page: Page) {
    this.page = page
    this.panel = page.frameLocator('iframe')
    page.on('pageerror', (error) => this.#errors.push(error.message))
    page.on('console', (message) => message.type() === 'error' && this.#errors.push(message.text()))
    page.on('request', (request) => this.#origins.add(new URL(request.url()).origin))
  }

  /** Opens the page in a context of its own. `search` is that of the URL. */
  static async open(
    browser: Browser,
    search = '',
    colorScheme: 'dark' | 'light' = 'dark',
  ): Promise<PlaygroundPage> {
    const { url } = await builtSite()
    const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 900 } })
    context.setDefaultTimeout(PATIENCE)
    const opened = new PlaygroundPage(await context.newPage())
    await opened.page.goto(new URL(`/playground.html${search}`, url).href)
    return opened
  }

  /** Closes the page. Fails if there were errors in it, or if it asked another origin. */
  async close(): Promise<void> {
    await this.page.context().close()
    assert.deepEqual(this.#errors, [])
    // Files for download have the origin, too.
    assert.deepEqual([...this.#origins], [new URL((await builtSite()).url).origin])
  }

  /** Waits until the list has that many rows, which is one for each event. */
  async hasRows(count: number): Promise<void> {
    await this.panel.locator(`[role=grid][aria-rowcount="${count + 1}"]`).waitFor()
  }

  rows(text: string | RegExp): Locator {
    return this.panel.getByRole('row').filter({ hasText: text })
  }

  async filter(text: string): Promise<void> {
    await this.panel
      .getByRole('textbox', { name: 'Filter' })
      .or(this.panel.getByRole('combobox', { name: 'Filter' }))
      .fill(text)
  }

  /** Drops a file on the panel. */
  async drop(name: string, text: string): Promise<void> {
    const dataTransfer = await this.panel.locator('body').evaluateHandle(
      (_, [fileName, content]) => {
        const { DataTransfer, File } = globalThis as unknown as Globals
        const transfer = new DataTransfer()
        transfer.items.add(new File([content], fileName))
        return transfer
      },
      [name, text] as const,
    )
    await this.panel.locator('body').dispatchEvent('drop', { dataTransfer })
    await this.page.locator(`iframe[title="The panel on ${name}"]`).waitFor()
  }
}
