/** The browser that tests of the page share. */
import assert from 'node:assert/strict'
import { openPage } from '../../support/shared-browser.ts'
import { type OpenOptions, PanelBrowser, type PanelPage } from './driver.ts'
import { type Preview, servePreview } from './server.ts'

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
      const page = await new PanelBrowser(openPage, preview).open(options)
      pages.push(page)
      return page
    },
  }
}
