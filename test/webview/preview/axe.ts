/** Accessibility issues that axe finds in a page. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Frame, Page } from 'playwright-core'
import type { ThemeName } from './themes.ts'

const script = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** The theme in which a test of all themes applies every rule. */
const COMPLETE: ThemeName = 'dark'
/** The rules that depend on the colors of a theme. */
const COLORS = ['color-contrast', 'link-in-text-block']

/**
 * Serious and critical issues, each with its element. A test of all themes gives its theme: elements and names are the
 * same in each, so that the others are checked for their colors only.
 */
export async function seriousIssues(page: Page | Frame, theme: ThemeName = COMPLETE): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(await readFile(script, 'utf8'))
  const options: RunOptions = {
    // Only what is needed: to describe every element that passes, and to load style sheets again, takes long.
    resultTypes: ['violations'],
    selectors: false,
    preload: false,
    // A busy machine is slower than axe waits for other frames. A test gives each frame.
    iframes: false,
    ...(theme !== COMPLETE && { runOnly: COLORS }),
  }
  const { violations } = await page.evaluate(
    (given) =>
      (globalThis as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(given),
    options,
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`))
}
