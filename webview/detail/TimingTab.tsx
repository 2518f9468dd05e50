import * as l10n from '@vscode/l10n'
import type { Related } from '../../src/shared/protocol/payloads.ts'
import { formatBytes, formatCount } from '../format/count.ts'
import { formatDuration, formatSessionTime, formatWallClock } from '../format/time.ts'
import { wireSizeOf } from '../state/events/event-summary.ts'
import { type PageState, usePage } from '../state/page.ts'
import { Entries } from './Entries.tsx'
import { type Entry, phasesOf, timingEntries, wireText } from './fields.ts'
import { useHandshake } from './handshake.ts'
import type { TabProps } from './tab.ts'
import { Waterfall } from './Waterfall.tsx'

const OPEN: ReadonlySet<string> = new Set(['open'])

/** Times of the event, its size on the wire, and the phases of its request. */
export function TimingTab({ detail, related }: TabProps) {
  const page = usePage()
  const handshake = useHandshake(detail)
  const { session } = page
  const { columns } = session
  const status = session.status.value
  const row = session.summaryOf(detail.index)
  const time = columns.timeOf(detail.index)
  const entries: Entry[] = []
  if (time !== undefined) {
    entries.push({ name: l10n.t('Session time'), value: formatSessionTime(time) })
    if (status !== undefined)
      entries.push({ name: l10n.t('Wall clock'), value: formatWallClock(status.startedAt, time) })
  }
  if (row !== undefined && row.delta !== '')
    entries.push({ name: l10n.t('Since the previous'), value: `${row.delta} ms` })
  const opening = columns.findBefore(detail.index, OPEN)
  const openedAt = opening === undefined ? undefined : columns.timeOf(opening)
  // A connection that opens at time 0 opened earlier: the session was cleared since.
  if (time !== undefined && openedAt !== undefined && openedAt > 0)
    entries.push({ name: l10n.t('Since open'), value: formatDuration(time - openedAt) })
  if (row?.bytes !== undefined) {
    entries.push({ name: l10n.t('Payload'), value: formatBytes(row.bytes) })
    entries.push({
      name: l10n.t('On the wire'),
      value: wireText(detail.fields, detail.size, wireSizeOf(columns, detail.index)),
    })
  }
  // Of a message, the phases are those of the response that brought it.
  const answer = handshake?.isOwn || handshake?.answer?.type === 'response' ? handshake.answer : undefined
  return (
    <>
      <Entries
        entries={[...entries, ...pairEntries(page, detail.index, related), ...timingEntries(detail.fields)]}
      />
      <Waterfall phases={phasesOf(answer ?? {})} />
    </>
  )
}

/** The answer to a ping or to a request, or what the event answers. */
function pairEntries(page: PageState, index: number, related: Related | undefined): Entry[] {
  const pair = related?.pair
  if (pair === undefined || pair === null) return []
  const isRequest = pair.request === index
  const other = isRequest ? pair.response : pair.request
  const name = `#${formatCount(other + 1)}`
  const took = formatDuration(pair.took)
  const what = reasonOf(pair)
  return [
    {
      name: isRequest ? l10n.t('Answered') : l10n.t('Answers'),
      value: isRequest
        ? l10n.t('by {0} after {1} · {2}', name, took, what)
        : l10n.t('{0}, {1} before · {2}', name, took, what),
      open: () => page.reveal(other),
    },
  ]
}

function reasonOf({ by }: NonNullable<Related['pair']>): string {
  if (by === 'protocol') return l10n.t('as its protocol says')
  return by === 'ping' ? l10n.t('same data') : l10n.t('same id')
}
