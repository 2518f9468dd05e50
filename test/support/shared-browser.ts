/**
 * The browser that the tests of a run share. All pages have one process: to start the browser, or a process for each
 * page, takes longer than most tests.
 */
import type { Browser, BrowserContext, Page, ViewportSize } from 'playwright-core'
import { launchHeadless, UNOPTIMIZED } from '../../scripts/browser.ts'
import { PATIENCE } from './patience.ts'

let browser: Promise<Browser> | undefined
let context: Promise<BrowserContext> | undefined

/** Opens a page. The browser starts with the first, and starts again if it has crashed. */
export async function openPage(viewport: ViewportSize = { width: 1280, height: 800 }): Promise<Page> {
  const running = await browser?.catch(() => undefined)
  if (running?.isConnected() !== true) {
    browser = launchHeadless('--renderer-process-limit=1', UNOPTIMIZED)
    context = browser.then(startContext)
  }
  const page = await (await (context as Promise<BrowserContext>)).newPage()
  await page.setViewportSize(viewport)
  return page
}

async function startContext(started: Browser): Promise<BrowserContext> {
  const shared = await started.newContext()
  shared.setDefaultTimeout(PATIENCE)
  // The process ends with its last page.
  await shared.newPage()
  return shared
}

/** Closes it with all its pages. The next page starts another one. */
export async function closeBrowser(): Promise<void> {
  const running = await browser?.catch(() => undefined)
  await running?.close()
}

// A hook of the whole run, as the file is loaded outside of a suite.
after(closeBrowser)
