/** Chromium for tests, as it runs anywhere: also as root, without a display. */
import { type Browser, chromium } from 'playwright-core'
import { findChromium } from './system.ts'

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
      ...['--disable-background-networking', '--disable-component-update'],
    ],
  })
}
