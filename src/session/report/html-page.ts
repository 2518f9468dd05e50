/** The parts of HTML that reports have in common. Pages have no scripts. */
import { REPORT_STYLE } from './html-style.ts'

export interface PageParts {
  /** A text, which is also below the heading. */
  readonly title: string
  /** HTML. */
  readonly main: string
  /** HTML. */
  readonly footer: string
}

/** A whole page. */
export function pageHtml({ title, main, footer }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Realtime report, ${escapeHtml(title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<header><h1>Realtime report</h1><p>${escapeHtml(title)}</p></header>
${main}</main>
<footer>${footer}</footer>
</body>
</html>
`
}

/** Text from a session as text, also within quotes, without characters that control a terminal. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll(/\p{Cc}/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** A table of figures. `rows` and `total` are HTML. */
export function tableHtml(
  label: string,
  heads: readonly string[],
  rows: readonly string[],
  total: string,
): string {
  return `<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table class="connections">
<thead><tr>${heads.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
<tfoot>${total}</tfoot>
</table></div>`
}

/** A row of texts. The first one is its name: `stripe` is HTML before it, and `title` a text that explains it. */
export function rowHtml([name = '', ...cells]: readonly string[], stripe = '', title = ''): string {
  const rest = cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')
  return `<tr><th scope="row" title="${escapeHtml(title)}">${stripe}${escapeHtml(name)}</th>${rest}</tr>`
}
