/** The browser that tests of the page share. */
import assert from 'node:assert/strict'
import { openPage } from '../../support/shared-browser.ts'
import { PanelBrowser, type OpenOptions as PanelOptions, type PanelPage } from './driver.ts'
import { type Preview, servePreview } from './server.ts'

interface OpenOptions extends PanelOptions {
  /**
   * Whether the page may move smoothly. By default, it is asked to reduce motion: to draw each frame takes more processor
   * time than most tests. Tests of motion allow it, and so do those of live panels and of `page.test.ts`.
   */
  readonly moves?: boolean
}

/**
 * Call within a `describe`: opens pages in a browser for these tests. Each is closed after its test, which fails if
 * there were errors in the page.
 */
export function pageTests(): { open(options: OpenOptions): Promise<PanelPage> } {
  let preview: Preview | undefined
  const pages: PanelPage[] = []

  before(async () => {
    preview = await servePreview()
  })

  after(() => preview?.server.close())

  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close()
  })

  return {
    open: async (options) => {
      assert.ok(preview, 'pages open only while tests run')
      const { moves = false, ...shown } = options
      const openCalm: typeof openPage = async (viewport) => {
        const page = await openPage(viewport)
        if (!moves) await page.emulateMedia({ reducedMotion: 'reduce' })
        return page
      }
      const page = await new PanelBrowser(openCalm, preview).open(shown)
      pages.push(page)
      return page
    },
  }
}
