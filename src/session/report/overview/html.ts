/** Writes the figures of many recordings as one HTML file without scripts. */
import type { RecordingsOverview } from '../../../shared/report/overview.ts'
import { escapeHtml, pageHtml, rowHtml, tableHtml } from '../html-page.ts'
import { OVERVIEW_HEADS, overviewCells, overviewTitle } from './cells.ts'

export function overviewHtml(overview: RecordingsOverview): string {
  const cells = overviewCells(overview)
  const rows = cells.slice(0, -1).map((row) => rowHtml(row))
  return pageHtml({
    title: overviewTitle(overview),
    main: `${tableHtml('Recordings', OVERVIEW_HEADS, rows, rowHtml(cells.at(-1) ?? []))}
${unreadHtml(overview)}`,
    footer: '',
  })
}

function unreadHtml({ unread }: RecordingsOverview): string {
  if (unread.length === 0) return ''
  const items = unread.map(({ file, reason }) => `<dt>${escapeHtml(file)}</dt><dd>${escapeHtml(reason)}</dd>`)
  return `<section>
<h2>Not read</h2>
<dl class="details">${items.join('\n')}</dl>
</section>
`
}
