/** The selected rows as text for the clipboard. */

import type { EventSummary } from '../state/events/event-summary.ts'
import { rowsIn } from '../state/events/ranges.ts'
import { rowAsText } from '../state/list/columns.ts'
import type { PageState } from '../state/page.ts'
import { TIME_MODES, timeBaseOf } from '../state/time-column.ts'

/** Rows copied at most. A session file can have more. */
export const MOST_COPIED = 10_000
/** Previews in one request. */
const BATCH = 1000

/** Copies the selected rows, at most the first `MOST_COPIED`, as tab-separated lines. Reads their previews from the host. */
export async function copyRows(page: PageState): Promise<void> {
  const { session, selection } = page
  const timeOfRow = timesOf(page)
  const indexes = rowsIn(selection.ranges.value, session.rows, MOST_COPIED)
  const lines: string[] = []
  const names = page.looks.names.value
  const columns = page.columns.value
  for (let from = 0; from < indexes.length; from += BATCH) {
    const batch = indexes.slice(from, from + BATCH)
    const previews = await page.call('previews', { indexes: batch })
    if (previews === undefined) return
    batch.forEach((index, i) => {
      const row = session.summaryOf(index, previews[i])
      if (row === undefined) return
      const connection = names.get(row.connectionId) ?? row.connection
      lines.push(rowAsText({ row, time: timeOfRow(row), connection, preview: previews[i] }, columns))
    })
  }
  if (lines.length > 0) page.copy(lines.join('\n'))
}

/** Writes the time of a row as the list shows it. */
function timesOf({ session, selection, layout }: PageState): (row: EventSummary) => string {
  const { columns, rows } = session
  const mode = TIME_MODES[layout.current.value.time]
  const base = timeBaseOf(session, selection.index)
  return ({ index, time }) =>
    mode.text(time, base, () => columns.timeOf(rows.eventAt(rows.rankOf(index) - 1)))
}
