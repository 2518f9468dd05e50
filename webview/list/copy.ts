/** The selected rows as text for the clipboard. */
import type { Panel } from '../panel.ts'
import { rowsIn } from './ranges.ts'
import { readRow, rowAsText, timeOf } from './row.ts'
import { timeText } from './time-column.ts'

/** Rows copied at most; more belong in a session file. */
export const MOST_COPIED = 10_000
/** Previews asked for at once. */
const BATCH = 1000

/** Copies the selected rows, the first `MOST_COPIED` of them, as tab-separated lines; reads the previews that are not held. */
export async function copyRows(panel: Panel): Promise<void> {
  const { session, selection, host } = panel
  const timeOfRow = timesOf(panel)
  const indexes = rowsIn(selection.ranges.value, session.rows, MOST_COPIED)
  const lines: string[] = []
  for (let from = 0; from < indexes.length; from += BATCH) {
    const batch = indexes.slice(from, from + BATCH)
    const previews = await panel.attempt(host.call('previews', { indexes: batch }))
    if (previews === undefined) return
    batch.forEach((index, i) => {
      const row = readRow(session.columns, session.eventNames, session.status.value, index, previews[i])
      if (row !== undefined) lines.push(rowAsText(row, timeOfRow(index), previews[i]?.text ?? ''))
    })
  }
  if (lines.length > 0) panel.copy(lines.join('\n'))
}

/** How the list writes the times of events now. */
function timesOf({ session, selection, layout }: Panel): (index: number) => string {
  const { columns, rows } = session
  const { time: mode } = layout.current.value
  const base = {
    startedAt: session.status.value?.startedAt,
    selected: selection.index === undefined ? undefined : timeOf(columns, selection.index),
  }
  return (index) =>
    timeText(mode, base, timeOf(columns, index) ?? 0, () =>
      timeOf(columns, rows.eventAt(rows.rankOf(index) - 1)),
    )
}
