/** Drives the built page in a browser, with the fake host. */
import assert from 'node:assert/strict'
import type { Page, ViewportSize } from 'playwright-core'
import { launchHeadless } from '../../../scripts/browser.ts'
import type { SavedMessage } from '../../../src/shared/compose/shelf.ts'
import type { Finding } from '../../../src/shared/finding.ts'
import type { FakeHost } from './host.ts'
import { type Preview, servePreview } from './server.ts'
import type { Story } from './story.ts'
import type { ThemeName } from './themes.ts'

export interface OpenOptions {
  readonly theme?: ThemeName
  readonly width?: number
  readonly height?: number
  /** Number of events of the generated session, or a story to show instead. */
  readonly events?: number
  readonly story?: Story
  /** Generate events of so many connections instead. */
  readonly crowd?: { readonly connections: number; readonly hasRequests: boolean }
  /** What the rules have found. */
  readonly findings?: readonly Finding[]
  /** The messages that were saved before. */
  readonly saved?: readonly SavedMessage[]
  /** Translations of the page's texts. */
  readonly bundle?: Readonly<Record<string, string>>
}

/** The globals of the page that scripts in it use. */
interface Globals {
  readonly fake: Record<string, (...given: unknown[]) => never>
  requestAnimationFrame(run: () => void): void
}

type OpenPage = (viewport: ViewportSize) => Promise<Page>

/** The served page and the browser that shows it. */
export class PanelBrowser {
  readonly #openPage: OpenPage
  readonly #preview: Preview
  readonly #end: () => Promise<void>

  constructor(openPage: OpenPage, preview: Preview, end = async () => {}) {
    this.#openPage = openPage
    this.#preview = preview
    this.#end = end
  }

  /** Starts a browser, which `close` ends. `dist` contains the built panel. */
  static async launch(dist?: string): Promise<PanelBrowser> {
    const browser = await launchHeadless()
    const preview = await servePreview(dist)
    return new PanelBrowser(
      (viewport) => browser.newPage({ viewport }),
      preview,
      () => browser.close(),
    )
  }

  async open({
    theme = 'dark',
    width = 1280,
    height = 800,
    events = 0,
    story,
    crowd,
    findings,
    saved,
    bundle,
  }: OpenOptions): Promise<PanelPage> {
    const page = await this.#openPage({ width, height })
    const panel = new PanelPage(page)
    if (story !== undefined) await page.addInitScript({ content: `fakeStory = ${JSON.stringify(story)}` })
    if (crowd !== undefined) await page.addInitScript({ content: `fakeCrowd = ${JSON.stringify(crowd)}` })
    if (findings !== undefined)
      await page.addInitScript({ content: `fakeFindings = ${JSON.stringify(findings)}` })
    if (saved !== undefined)
      await page.addInitScript({
        content: `fakeShelf = ${JSON.stringify({ messages: saved, variables: {} })}`,
      })
    // The body has to have it before the page's module runs, which is after the document was parsed.
    if (bundle !== undefined)
      await page.addInitScript({
        content: `document.addEventListener('readystatechange', () => {
          document.body.dataset.l10n ??= ${JSON.stringify(JSON.stringify(bundle))}
        })`,
      })
    await page.goto(this.#preview.url(theme, events))
    const count = story?.previews.length ?? events
    if (count > 0) await page.locator(`[role=grid][aria-rowcount="${count + 1}"]`).waitFor()
    return panel
  }

  async close(): Promise<void> {
    await this.#end()
    this.#preview.server.close()
  }
}

export class PanelPage {
  readonly page: Page
  readonly #errors: string[] = []

  constructor(page: Page) {
    this.page = page
    page.on('pageerror', (error) => this.#errors.push(error.message))
    page.on('console', (message) => message.type() === 'error' && this.#errors.push(message.text()))
  }

  /** Closes the page. Fails if there were errors in it. */
  async close(): Promise<void> {
    await this.page.close()
    assert.deepEqual(this.#errors, [])
  }

  /** Calls a method of the fake host. */
  tell<K extends keyof FakeHost>(
    handle: K,
    ...args: Parameters<FakeHost[K]>
  ): Promise<ReturnType<FakeHost[K]>> {
    return this.page.evaluate(
      ([name, values]) => (globalThis as unknown as Globals).fake[name]?.(...values) as never,
      [handle, args] as const,
    )
  }

  /** Waits until the page has called a method as often as that. Resolves to the parameters of every such call. */
  async called(method: string, times = 1): Promise<unknown[]> {
    for (;;) {
      const calls = await this.tell('calls')
      const params = calls.filter((call) => call.method === method).map((call) => call.params)
      if (params.length >= times) return params
      await this.painted()
    }
  }

  /** Waits until changes are painted. */
  painted(): Promise<unknown> {
    return this.page.evaluate(
      () =>
        new Promise((resolve) => {
          const { requestAnimationFrame } = globalThis as unknown as Globals
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(undefined)))
        }),
    )
  }
}
