import type { Related } from '../../src/shared/protocol/payloads.ts'
import { formatBytes, formatCount } from '../format/count.ts'
import { formatDuration, formatSessionTime, formatWallClock } from '../format/time.ts'
import { summarizeEvent, timeOf, wireSizeOf } from '../state/events/event-summary.ts'
import { type PageState, usePage } from '../state/page.ts'
import { Entries } from './Entries.tsx'
import { type Entry, timingEntries, wireText } from './fields.ts'
import type { TabProps } from './related.ts'

const OPEN: ReadonlySet<string> = new Set(['open'])

/** Times of the event and its size on the wire. */
export function TimingTab({ detail, related }: TabProps) {
  const page = usePage()
  const { session } = page
  const { columns, eventNames } = session
  const status = session.status.value
  const row = summarizeEvent(columns, eventNames, status, detail.index)
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
  // A connection that opens at time 0 opened earlier: the session was cleared since.
  if (time !== undefined && openedAt !== undefined && openedAt > 0)
    entries.push({ name: 'Since open', value: formatDuration(time - openedAt) })
  if (row?.bytes !== undefined) {
    entries.push({ name: 'Payload', value: formatBytes(row.bytes) })
    entries.push({
      name: 'On the wire',
      value: wireText(detail.fields, detail.size, wireSizeOf(columns, detail.index)),
    })
  }
  return (
    <Entries
      entries={[...entries, ...pairEntries(page, detail.index, related), ...timingEntries(detail.fields)]}
    />
  )
}

/** The response to a ping or to a message with an id, or the request of a response. */
function pairEntries(page: PageState, index: number, related: Related | undefined): Entry[] {
  const pair = related?.pair
  if (pair === undefined || pair === null) return []
  const isRequest = pair.request === index
  const other = isRequest ? pair.response : pair.request
  const name = `#${formatCount(other + 1)}`
  const took = formatDuration(pair.took)
  const what = pair.by === 'ping' ? 'same data' : 'same id'
  return [
    {
      name: isRequest ? 'Answered' : 'Answers',
      value: isRequest ? `by ${name} after ${took} · ${what}` : `${name}, ${took} before · ${what}`,
      open: () => page.reveal(other),
    },
  ]
}
