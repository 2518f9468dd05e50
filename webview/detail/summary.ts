/** The summary of an event that the details show below what it says. */
import * as l10n from '@vscode/l10n'
import type { Alike, Related } from '../../src/shared/protocol/payloads.ts'
import type { EventDetail } from '../../src/shared/protocol.ts'
import { formatBytes, formatCount } from '../format/count.ts'
import { fullLocation, locationIn } from '../format/source-location.ts'
import { formatWallClock } from '../format/time.ts'
import { can } from '../state/can.ts'
import { wireSizeOf } from '../state/events/event-summary.ts'
import { usePage } from '../state/page.ts'
import { type Entry, wireText } from './fields.ts'
import { describePayload, type PayloadView } from './payload-view.ts'

/** What sent a message that the user did not send. */
const SENDERS: ReadonlyMap<unknown, string> = new Map([
  ['protocol', l10n.t('the protocol that is spoken')],
  ['rule', l10n.t('a rule')],
  ['keep-alive', l10n.t('a keep-alive')],
])

/** What the event is, its sizes and its time. */
export function useSummary(
  detail: EventDetail,
  view: PayloadView | undefined,
  related: Related | undefined,
): Entry[] {
  const page = usePage()
  const { session, previews } = page
  const { columns } = session
  const status = session.status.value
  const row = session.summaryOf(detail.index, previews.get(detail.index))
  const entries: Entry[] = [
    {
      name: l10n.t('Event'),
      value: [`#${formatCount(detail.index + 1)}`, row?.type, row?.connection].filter(Boolean).join(' · '),
    },
  ]
  if (view !== undefined) {
    entries.push({ name: l10n.t('Payload'), value: describePayload(view, detail.size) })
    entries.push({
      name: l10n.t('On the wire'),
      value: wireText(detail.fields, detail.size, wireSizeOf(columns, detail.index)),
    })
  }
  const time = columns.timeOf(detail.index)
  if (time !== undefined && status !== undefined) {
    const delta = row === undefined || row.delta === '' ? '' : ` (+${row.delta} ms)`
    const name = row?.kind.direction === 'out' ? l10n.t('Sent') : l10n.t('Arrived')
    entries.push({ name, value: formatWallClock(status.startedAt, time) + delta })
  }
  const sender = SENDERS.get(detail.fields.automatic)
  if (sender !== undefined) entries.push({ name: l10n.t('Sent by'), value: sender })
  const code = locationIn(detail.fields.initiator)
  if (code !== undefined)
    entries.push({
      name: l10n.t('Code'),
      value: fullLocation(code),
      ...(can(page, 'goToCode') && { open: () => void page.call('goToCode', code, 0) }),
    })
  if (related?.alike)
    entries.push({ name: l10n.t('Similar to'), value: describeAlike(related.name, related.alike) })
  if (view !== undefined)
    for (const name of ['event', 'id'])
      if (typeof detail.fields[name] === 'string')
        entries.push({
          name: name === 'id' ? l10n.t('Event id') : l10n.t('Event type'),
          value: detail.fields[name],
        })
  if (detail.fields.sameId === true)
    entries.push({
      name: l10n.t('Event id'),
      value: l10n.t('the same as that of the last event that had one'),
    })
  if (Array.isArray(detail.fields.oddities))
    entries.push({ name: l10n.t('Irregularities'), value: detail.fields.oddities.join('; ') })
  if (Array.isArray(detail.fields.faults))
    entries.push({ name: l10n.t('Faults on Purpose'), value: detail.fields.faults.join(', ') })
  return entries
}

function describeAlike(name: string, { count, among, medianSize }: Alike): string {
  return l10n.t(
    '{0} of the {1} before: “{2}” · median {3}',
    formatCount(count),
    formatCount(among),
    name,
    formatBytes(medianSize),
  )
}
