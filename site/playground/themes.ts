/** The themes of the playground: the defaults of VS Code. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The names of VS Code. */
export const THEMES = { dark: 'Dark Modern', light: 'Light Modern' } as const

export type ThemeName = keyof typeof THEMES

/** By variable. Null for one that the theme does not have. */
export type ThemeColors = Readonly<Record<string, string | null>>

/** The colors of each, which `scripts/theme-colors.ts` writes. */
export const THEME_COLORS = join(import.meta.dirname, 'theme-colors.json')

const FONTS: Readonly<Record<string, string>> = {
  '--vscode-font-family': 'system-ui, "Segoe UI", Ubuntu, "Helvetica Neue", sans-serif',
  '--vscode-font-weight': 'normal',
  '--vscode-font-size': '13px',
  '--vscode-editor-font-family': 'ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace',
}

export async function readThemeColors(): Promise<Readonly<Record<ThemeName, ThemeColors>>> {
  return JSON.parse(await readFile(THEME_COLORS, 'utf8')) as Record<ThemeName, ThemeColors>
}

/** A style sheet with the variables that VS Code gives its webviews. The page names the theme in `data-theme`. */
export async function themeCss(): Promise<string> {
  const rules = Object.entries(await readThemeColors()).map(([name, colors]) => {
    const rule = { 'color-scheme': name, ...FONTS, ...colors }
    const lines = Object.entries(rule).flatMap(([property, value]) =>
      value === null ? [] : `  ${property}: ${value};\n`,
    )
    return `:root[data-theme="${name}"] {\n${lines.join('')}}\n`
  })
  return rules.join('\n')
}
