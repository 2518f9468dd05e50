/** The browser that the tests of a run share: starting one takes longer than most of them. */
import type { Browser } from 'playwright-core'
import { launchHeadless } from '../../scripts/browser.ts'

let browser: Promise<Browser> | undefined

/** Resolves to the browser, which starts with the first test that needs it. Each `newPage` has storage of its own. */
export async function sharedBrowser(): Promise<Browser> {
  const running = await browser?.catch(() => undefined)
  if (running?.isConnected() !== true) browser = launchHeadless()
  return (await browser) as Browser
}

// A hook of the whole run, as the file is loaded outside of a suite.
after(async () => {
  const running = await browser?.catch(() => undefined)
  await running?.close()
})
