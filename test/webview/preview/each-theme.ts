/** Checks what a page shows in every theme, without loading it again. */
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { ARTIFACTS } from '../../../scripts/paths.ts'
import { THEMES, type ThemeName } from './themes.ts'

/** REALTIME_PICTURES=1 keeps a picture of each page in each theme, for people to look at. */
const KEEPS_PICTURES = process.env.REALTIME_PICTURES === '1'

/** The globals of the page that scripts in it use. */
interface Globals {
  readonly document: {
    readonly body: { className: string }
    querySelector(selector: string): {
      href: string
      getAttribute(name: string): string | null
      addEventListener(type: string, listener: (event: unknown) => void): void
    }
  }
  requestAnimationFrame(run: () => void): void
}

/**
 * Runs a check in each theme, with the page in the state that the test has made. A picture with this name remains if the
 * check fails. The page has loaded in the theme dark, and has it again in the end.
 */
export async function inEachTheme(
  page: Page,
  name: string,
  check: (theme: ThemeName) => Promise<void>,
): Promise<void> {
  for (const theme of Object.keys(THEMES) as ThemeName[]) {
    await changeTheme(page, theme)
    const picture = { path: join(ARTIFACTS, `${name}-${theme}.png`) }
    await check(theme).catch(async (error: unknown) => {
      await page.screenshot(picture).catch(() => {})
      throw new Error(`The check failed in the theme ${theme}.`, { cause: error })
    })
    if (KEEPS_PICTURES) await page.screenshot(picture)
  }
  await changeTheme(page, 'dark')
}

/** Changes the theme like VS Code: the variables, then the class of the body. Waits until the page is painted. */
async function changeTheme(page: Page, theme: ThemeName): Promise<void> {
  await page.evaluate(
    async ({ href, body }) => {
      const { document, requestAnimationFrame } = globalThis as unknown as Globals
      const sheet = document.querySelector('link[href^="theme.css"]')
      if (sheet.getAttribute('href') === href) return
      await new Promise((loaded, failed) => {
        sheet.addEventListener('load', loaded)
        sheet.addEventListener('error', failed)
        sheet.href = href
      })
      document.body.className = body
      await new Promise<void>((painted) =>
        requestAnimationFrame(() => requestAnimationFrame(() => painted())),
      )
    },
    { href: `theme.css?theme=${theme}`, body: THEMES[theme].body },
  )
}
