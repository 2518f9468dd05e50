/** The colours the canvas paints with, read from the page's own roles so that every theme is followed. */

const ROLES = ['in', 'out', 'control', 'error', 'warn', 'ok', 'dim', 'line', 'fg', 'bg', 'accent'] as const

export type Theme = Readonly<Record<(typeof ROLES)[number], string>> & {
  readonly font: string
  /** Lines and outlines are drawn stronger. */
  readonly highContrast: boolean
}

/** Reads the theme as it applies to `element`. */
export function readTheme(element: Element): Theme {
  const style = getComputedStyle(element)
  const colours = Object.fromEntries(ROLES.map((role) => [role, style.getPropertyValue(`--${role}`).trim()]))
  const highContrast = document.body.className.includes('high-contrast')
  return {
    ...(colours as Record<(typeof ROLES)[number], string>),
    // Borders are as strong as text there: too strong for lines that only guide the eye.
    ...(highContrast ? { line: `color-mix(in srgb, ${colours.line} 40%, ${colours.bg})` } : {}),
    font: style.fontFamily,
    highContrast,
  }
}
