/** Chromium for tests. It also runs as root and without a display. */
import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { findChromium, findHeadless } from './system.ts'

const ARGUMENTS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
]

/** Milliseconds: a busy machine takes long to start a browser. */
const START_TIMEOUT = 180_000

export function launchChromium(...more: string[]): Promise<Browser> {
  const args = [...ARGUMENTS, ...more]
  return chromium.launch({ executablePath: findChromium(), args, timeout: START_TIMEOUT })
}

/** For pages that are open too briefly to gain from optimized code: to compile it takes more processor time than it saves. */
export const UNOPTIMIZED = '--js-flags=--no-maglev --no-turbofan'

/** Chromium's engine without the windows of the browser, which take half of the CPU time of a page. */
export function launchHeadless(...more: string[]): Promise<Browser> {
  const args = [...ARGUMENTS, ...more]
  return chromium.launch({ executablePath: findHeadless(), args, timeout: START_TIMEOUT })
}

/** Uses a profile in this folder. Chromium writes the DevTools protocol's port to `DevToolsActivePort` in it. */
export function launchDebuggedChromium(profile: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    executablePath: findChromium(),
    timeout: START_TIMEOUT,
    args: [...ARGUMENTS, '--remote-debugging-port=0'],
  })
}
