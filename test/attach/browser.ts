/** A Chromium with a DevTools endpoint. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext } from 'playwright-core'
import { launchDebuggedChromium } from '../../scripts/browser.ts'

export interface DebuggedBrowser {
  readonly context: BrowserContext
  /** An `http:` URL. */
  readonly endpoint: string
  close(): Promise<void>
}

export async function startBrowser(): Promise<DebuggedBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'attach-'))
  const context = await launchDebuggedChromium(profile)
  const [port] = (await readFile(join(profile, 'DevToolsActivePort'), 'utf8')).split('\n')
  return {
    context,
    endpoint: `http://127.0.0.1:${port}`,
    async close() {
      await context.close()
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
