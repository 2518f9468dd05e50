import { useMemo } from 'preact/hooks'
import type { EventDetail } from '../../src/shared/protocol.ts'
import { formatBytes, formatCount } from '../format/count.ts'
import { formatWallClock } from '../format/time.ts'
import { readRow, timeOf, wireSizeOf } from '../list/row.ts'
import { usePanel } from '../panel.ts'
import { MOST_BYTES } from '../store/selection.ts'
import { Entries } from './Entries.tsx'
import { type Entry, otherEntries, wireText } from './fields.ts'
import { toHex } from './hex.ts'
import { describePayload, highlight, type PayloadView, splitBlocks, viewPayload } from './payload.ts'

/** Longest text in characters that is coloured; longer is shown plain. */
const MOST_HIGHLIGHTED = 256 * 1024

/** The payload as text, and a summary of the event. */
export function PayloadTab({ detail }: { detail: EventDetail }) {
  const { payload, size } = detail
  const view = useMemo(() => payload && viewPayload(payload, size), [payload, size])
  return (
    <>
      <Body detail={detail} view={view} />
      <LoadMore detail={detail} />
      <Entries entries={useSummary(detail, view)} />
      {view === undefined && <Entries entries={otherEntries(detail.fields)} />}
      {payload !== undefined && view !== undefined && size > 0 && (
        <CopyButtons payload={payload} view={view} />
      )}
    </>
  )
}

function Body({ detail, view }: { detail: EventDetail; view: PayloadView | undefined }) {
  if (detail.dropped)
    return (
      <p class="hint tone-warn">This payload was dropped at the spool's bound; its size and time are kept.</p>
    )
  if (view === undefined) {
    const { message, reason, text } = detail.fields
    const said = [message, reason, text].find((value) => typeof value === 'string' && value !== '')
    return typeof said === 'string' ? <p class="said">{said}</p> : null
  }
  if (view.form === 'none') return <p class="hint">The payload is empty.</p>
  if (view.form === 'binary') return <p class="hint">Binary: see the Hex tab.</p>
  return <PayloadText view={view} />
}

function PayloadText({ view: { form, text } }: { view: PayloadView }) {
  const isColoured = form === 'json' && text.length <= MOST_HIGHLIGHTED
  const blocks = useMemo(() => splitBlocks(text), [text])
  return (
    <pre class="payload mono">
      {blocks.map((block, i) => (
        <code class="block" key={`${i}`}>
          {isColoured
            ? highlight(block).map(({ role, text: piece }, k) =>
                role === 'plain' ? (
                  piece
                ) : (
                  <span class={`json-${role}`} key={`${k}`}>
                    {piece}
                  </span>
                ),
              )
            : block}
        </code>
      ))}
    </pre>
  )
}

/** Says that the payload goes on, and loads more of it, up to the bound. */
export function LoadMore({ detail }: { detail: EventDetail }) {
  const { selection } = usePanel()
  const loaded = detail.payload?.length ?? 0
  if (detail.payload === undefined || loaded >= detail.size) return null
  const canLoad = loaded < MOST_BYTES
  return (
    <p class="hint">
      {`The first ${formatBytes(loaded)} of ${formatBytes(detail.size)}. `}
      {canLoad && (
        <button type="button" class="link" onClick={() => selection.loadMore()}>
          {detail.size <= MOST_BYTES ? 'Load all' : `Load ${formatBytes(MOST_BYTES)}`}
        </button>
      )}
      {!canLoad && 'Save the session to have it whole.'}
    </p>
  )
}

function useSummary(detail: EventDetail, view: PayloadView | undefined): Entry[] {
  const { session } = usePanel()
  const { columns, labels } = session
  const status = session.status.value
  const row = readRow(columns, labels, status, detail.index)
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
  if (view !== undefined)
    for (const name of ['event', 'id'])
      if (typeof detail.fields[name] === 'string')
        entries.push({ name: name === 'id' ? 'Event id' : 'Event type', value: detail.fields[name] })
  return entries
}

function CopyButtons({ payload, view }: { payload: Uint8Array; view: PayloadView }) {
  const panel = usePanel()
  return (
    <div class="copy-buttons">
      <span class="dim">Copy as</span>
      {view.form !== 'binary' && (
        <button type="button" class="link" onClick={() => panel.copy(new TextDecoder().decode(payload))}>
          text
        </button>
      )}
      {view.form === 'json' && (
        <button type="button" class="link" onClick={() => panel.copy(view.text)}>
          formatted JSON
        </button>
      )}
      <button type="button" class="link" onClick={() => panel.copy(toHex(payload))}>
        hex
      </button>
    </div>
  )
}
