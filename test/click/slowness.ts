/**
 * A slow machine for the pages of a browser. Their processes are stopped for most of the time, which leaves the processor
 * to others. The throttle of the DevTools protocol keeps it busy.
 */
import { setTimeout } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { signal } from './servers.ts'

/** How many times slower the pages become. */
const SLOWER = 6
/** Milliseconds in which the processes run between two stops: shorter than what a user notices. */
const SLICE = 10

/** Makes the pages of the browser of this page slow, until the function that it returns is called. */
export async function slowDown(page: Page): Promise<() => Promise<void>> {
  const session = await page.context().browser()?.newBrowserCDPSession()
  if (session === undefined)
    throw new Error('A page of a persistent context cannot be made slow. Open it in another context.')
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const ids = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id)
  let isSlow = true
  const turns = async () => {
    while (isSlow) {
      for (const id of ids) signal(id, 'SIGSTOP')
      await setTimeout(SLICE * (SLOWER - 1))
      for (const id of ids) signal(id, 'SIGCONT')
      await setTimeout(SLICE)
    }
  }
  const ended = turns()
  return () => {
    isSlow = false
    return ended
  }
}
