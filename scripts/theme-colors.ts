/**
 * Writes the colors that VS Code's default themes have for the panel, for the playground: `node scripts/theme-colors.ts`. Run it
 * if the panel uses another color, or if the newest VS Code has others.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { THEME_COLORS, THEMES, type ThemeColors, type ThemeName } from '../site/playground/themes.ts'
import { launchHeadless } from './browser.ts'
import { NEWEST } from './code-server.ts'
import { ROOT } from './paths.ts'
import { startVsCodeServer } from './vscode-server.ts'

/** What the settings of the editor say, not its theme. */
const FONT = /-font-(?:family|size|weight)$/

/** Milliseconds for the editor to load a theme. */
const TIMEOUT = 120_000

/** What a script in the page uses of the browser. */
interface Styles {
  getComputedStyle(element: unknown): { getPropertyValue(name: string): string }
}

/** The variables with colors that the style sheets and the scripts of the panel, and of the elements in it, use. */
export async function usedColors(): Promise<string[]> {
  const folders = ['webview', 'node_modules/@vscode-elements/elements/dist/vscode-button']
  const texts = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(join(ROOT, folder), { recursive: true })
      const files = names.filter((name) => /\.(?:css|js|tsx?)$/.test(name))
      return await Promise.all(files.map((name) => readFile(join(ROOT, folder, name), 'utf8')))
    }),
  )
  const used = texts.flat().flatMap((text) => text.match(/--vscode-[a-z][\w-]*/gi) ?? [])
  return [...new Set(used)].filter((name) => !FONT.test(name)).toSorted()
}

/** Reads them from a workbench with a theme. Null for one that the theme does not have. */
async function colorsOf(theme: string, variables: readonly string[]): Promise<ThemeColors> {
  const folder = await mkdtemp(join(tmpdir(), 'realtime-inspector-themes-'))
  const settings = { 'workbench.colorTheme': theme, 'window.autoDetectColorScheme': false }
  const server = await startVsCodeServer({ release: NEWEST, folder, installed: [ROOT], settings })
  const browser = await launchHeadless()
  try {
    const page = await browser.newPage()
    await page.goto(server.url)
    // Until the theme is loaded, there are the colors of none.
    const loaded = theme.toLowerCase().replaceAll(' ', '_')
    const styles = page.locator(`.monaco-workbench[class*="${loaded}-json"]`)
    await styles.waitFor({ timeout: TIMEOUT })
    const values = await styles.evaluate((element, names) => {
      const { getComputedStyle } = globalThis as unknown as Styles
      const style = getComputedStyle(element)
      return names.map((name) => [name, style.getPropertyValue(name).trim()] as const)
    }, variables)
    return Object.fromEntries(values.map(([name, value]) => [name, value || null]))
  } finally {
    await browser.close()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  const variables = await usedColors()
  const colors: Partial<Record<ThemeName, ThemeColors>> = {}
  for (const [name, theme] of Object.entries(THEMES))
    colors[name as ThemeName] = await colorsOf(theme, variables)
  await writeFile(THEME_COLORS, `${JSON.stringify(colors, null, 2)}\n`)
}
