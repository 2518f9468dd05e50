import { useMemo } from 'preact/hooks'
import { sniffMedia } from '../../src/shared/media.ts'
import type { Alike, Related } from '../../src/shared/protocol/payloads.ts'
import type { EventDetail } from '../../src/shared/protocol.ts'
import { formatBytes, formatCount } from '../format/count.ts'
import { formatWallClock } from '../format/time.ts'
import { summarizeEvent, timeOf, wireSizeOf } from '../state/events/event-summary.ts'
import { usePage } from '../state/page.ts'
import { Entries } from './Entries.tsx'
import { type Entry, otherEntries, wireText } from './fields.ts'
import { JsonTreeView } from './JsonTreeView.tsx'
import { LoadMore } from './LoadMore.tsx'
import { PayloadActions } from './PayloadActions.tsx'
import { PayloadImage } from './PayloadImage.tsx'
import { PayloadText } from './PayloadText.tsx'
import { describePayload, type PayloadView, viewPayload } from './payload-view.ts'
import type { TabProps } from './related.ts'
import { ViewBar } from './ViewBar.tsx'

/** The payload in readable form, a summary of the event, and actions. */
export function PayloadTab({ detail, related }: TabProps) {
  const { payload, size } = detail
  const view = useMemo(() => payload && viewPayload(payload, size), [payload, size])
  return (
    <>
      <Body detail={detail} view={view} />
      <LoadMore detail={detail} />
      <Entries entries={useSummary(detail, view, related)} />
      {view === undefined && <Entries entries={otherEntries(detail.fields)} />}
      <PayloadActions detail={detail} view={view} related={related} />
    </>
  )
}

function Body({ detail, view }: { detail: EventDetail; view: PayloadView | undefined }) {
  const { layout } = usePage()
  const { json, wrap } = layout.current.value
  const media = useMemo(() => detail.payload && sniffMedia(detail.payload), [detail.payload])
  if (detail.dropped)
    return <p class="hint tone-warn">This payload was dropped. Its size and time are still known.</p>
  if (view === undefined) {
    const { message, reason, text } = detail.fields
    const said = [message, reason, text].find((value) => typeof value === 'string' && value !== '')
    return typeof said === 'string' ? <p class="said">{said}</p> : null
  }
  if (view.form === 'none') return <p class="hint">The payload is empty.</p>
  if (media?.kind === 'image' && detail.payload !== undefined)
    return (
      <>
        <PayloadImage bytes={detail.payload} media={media} />
        {view.form !== 'binary' && <PayloadText view={view} wrap={wrap} />}
      </>
    )
  if (view.form === 'binary')
    return (
      <p class="hint">
        {media === undefined
          ? 'Binary: see the Hex tab.'
          : `A piece of ${media.type}: the Watch tab plays the stream, the Hex tab shows the bytes.`}
      </p>
    )
  return (
    <>
      <ViewBar form={view.form} />
      {view.form === 'json' && json === 'tree' ? (
        <JsonTreeView text={view.text} />
      ) : (
        <PayloadText view={view} wrap={wrap} />
      )}
    </>
  )
}

function useSummary(
  detail: EventDetail,
  view: PayloadView | undefined,
  related: Related | undefined,
): Entry[] {
  const { session } = usePage()
  const { columns, eventNames } = session
  const status = session.status.value
  const row = summarizeEvent(columns, eventNames, status, detail.index)
  const entries: Entry[] = [
    {
      name: 'Event',
      value: [`#${formatCount(detail.index + 1)}`, row?.type, row?.connection].filter(Boolean).join(' · '),
    },
  ]
  if (view !== undefined) {
    entries.push({ name: 'Payload', value: describePayload(view, detail.size) })
    entries.push({
      name: 'On the wire',
      value: wireText(detail.fields, detail.size, wireSizeOf(columns, detail.index)),
    })
  }
  const time = timeOf(columns, detail.index)
  if (time !== undefined && status !== undefined) {
    const delta = row === undefined || row.delta === '' ? '' : ` (+${row.delta} ms)`
    const name = row?.kind.direction === 'out' ? 'Sent' : 'Arrived'
    entries.push({ name, value: formatWallClock(status.startedAt, time) + delta })
  }
  if (related?.alike)
    entries.push({ name: 'Same kind as', value: describeAlike(related.name, related.alike) })
  if (view !== undefined)
    for (const name of ['event', 'id'])
      if (typeof detail.fields[name] === 'string')
        entries.push({ name: name === 'id' ? 'Event id' : 'Event type', value: detail.fields[name] })
  if (detail.fields.sameId === true)
    entries.push({ name: 'Event id', value: 'the same as on the last event with an id' })
  if (Array.isArray(detail.fields.oddities))
    entries.push({ name: 'Odd', value: detail.fields.oddities.join('; ') })
  return entries
}

function describeAlike(name: string, { count, among, medianSize }: Alike): string {
  return `${formatCount(count)} of the ${formatCount(among)} before: “${name}” · median ${formatBytes(medianSize)}`
}
