/** The selected rows as text for the clipboard. */

import { type EventSummary, summarizeEvent, timeOf } from '../state/events/event-summary.ts'
import { rowsIn } from '../state/events/ranges.ts'
import { rowAsText } from '../state/list-columns.ts'
import type { PageState } from '../state/page.ts'
import { TIME_MODES } from '../state/time-column.ts'

/** Rows copied at most. A session file can have more. */
export const MOST_COPIED = 10_000
/** Previews in one request. */
const BATCH = 1000

/** Copies the selected rows, at most the first `MOST_COPIED`, as tab-separated lines. Reads their previews from the host. */
export async function copyRows(page: PageState): Promise<void> {
  const { session, selection, host } = page
  const timeOfRow = timesOf(page)
  const indexes = rowsIn(selection.ranges.value, session.rows, MOST_COPIED)
  const lines: string[] = []
  for (let from = 0; from < indexes.length; from += BATCH) {
    const batch = indexes.slice(from, from + BATCH)
    const previews = await page.attempt(host.call('previews', { indexes: batch }))
    if (previews === undefined) return
    batch.forEach((index, i) => {
      const row = summarizeEvent(
        session.columns,
        session.eventNames,
        session.status.value,
        index,
        previews[i],
      )
      if (row !== undefined) lines.push(rowAsText({ row, time: timeOfRow(row), preview: previews[i]?.text }))
    })
  }
  if (lines.length > 0) page.copy(lines.join('\n'))
}

/** Writes the time of a row as the list shows it. */
function timesOf({ session, selection, layout }: PageState): (row: EventSummary) => string {
  const { columns, rows } = session
  const mode = TIME_MODES[layout.current.value.time]
  const base = {
    startedAt: session.status.value?.startedAt,
    selected: selection.index === undefined ? undefined : timeOf(columns, selection.index),
  }
  return ({ index, time }) =>
    mode.text(time, base, () => timeOf(columns, rows.eventAt(rows.rankOf(index) - 1)))
}
