import type { EventDetail } from '../../src/shared/protocol.ts'
import { formatBytes } from '../format/count.ts'
import { formatDuration, formatSessionTime, formatWallClock } from '../format/time.ts'
import { readRow, timeOf, wireSizeOf } from '../list/row.ts'
import { usePanel } from '../panel.ts'
import { Entries } from './Entries.tsx'
import { type Entry, timingEntries, wireText } from './fields.ts'

const OPEN: ReadonlySet<string> = new Set(['open'])

/** When the event came, after what, and what it took on the wire. */
export function TimingTab({ detail }: { detail: EventDetail }) {
  const { session } = usePanel()
  const { columns, labels } = session
  const status = session.status.value
  const row = readRow(columns, labels, status, detail.index)
  const time = timeOf(columns, detail.index)
  const entries: Entry[] = []
  if (time !== undefined) {
    entries.push({ name: 'Session time', value: formatSessionTime(time) })
    if (status !== undefined)
      entries.push({ name: 'Wall clock', value: formatWallClock(status.startedAt, time) })
  }
  if (row !== undefined && row.delta !== '')
    entries.push({ name: 'Since the previous', value: `${row.delta} ms` })
  const opening = columns.findBefore(detail.index, OPEN)
  const openedAt = opening === undefined ? undefined : timeOf(columns, opening)
  if (time !== undefined && openedAt !== undefined)
    entries.push({ name: 'Since open', value: formatDuration(time - openedAt) })
  if (row?.bytes !== undefined) {
    entries.push({ name: 'Payload', value: formatBytes(row.bytes) })
    entries.push({
      name: 'On the wire',
      value: wireText(detail.fields, detail.size, wireSizeOf(columns, detail.index)),
    })
  }
  return <Entries entries={[...entries, ...timingEntries(detail.fields)]} />
}
