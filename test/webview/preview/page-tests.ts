/** The browser that tests of the page share. */
import assert from 'node:assert/strict'
import { type OpenOptions, PanelBrowser, type PanelPage } from './driver.ts'

/**
 * Call within a `describe`: opens pages in a browser for these tests. Each is closed after its test, which fails if
 * there were errors in the page.
 */
export function pageTests(suite: Mocha.Suite): { open(options: OpenOptions): Promise<PanelPage> } {
  suite.timeout(120_000)
  let browser: PanelBrowser | undefined
  const pages: PanelPage[] = []

  before(async () => {
    browser = await PanelBrowser.launch()
  })

  after(() => browser?.close())

  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close()
  })

  return {
    open: async (options) => {
      assert.ok(browser, 'the browser runs only while tests do')
      const page = await browser.open(options)
      pages.push(page)
      return page
    },
  }
}
