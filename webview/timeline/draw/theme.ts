/** The colours the canvas paints with, read from the page's own roles so that every theme is followed. */

import { ROLES, type Role, type Theme } from './scene.ts'

/** Reads the theme as it applies to `element`. */
export function readTheme(element: Element): Theme {
  const style = getComputedStyle(element)
  const colours = Object.fromEntries(ROLES.map((role) => [role, style.getPropertyValue(`--${role}`).trim()]))
  const highContrast = document.body.className.includes('high-contrast')
  return {
    ...(colours as Record<Role, string>),
    // Borders are as strong as text there: too strong for lines that only guide the eye.
    ...(highContrast ? { line: `color-mix(in srgb, ${colours.line} 40%, ${colours.bg})` } : {}),
    font: style.fontFamily,
    highContrast,
  }
}
