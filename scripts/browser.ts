/** Chromium for tests, as it runs anywhere: also as root, without a display. */
import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { findChromium } from './system.ts'

const ARGUMENTS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
]

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: ARGUMENTS })
}

/** With a profile in this folder, which then says in `DevToolsActivePort` where DevTools' protocol is served. */
export function launchDebuggedChromium(profile: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    executablePath: findChromium(),
    args: [...ARGUMENTS, '--remote-debugging-port=0'],
  })
}
