import { useEffect, useState } from 'preact/hooks'
import type { EventDetail } from '../../src/shared/protocol.ts'
import { usePanel } from '../panel.ts'
import { Entries } from './Entries.tsx'
import { type Fields, handshakeEntries, headerEntries } from './fields.ts'

const WITH_HEADERS: ReadonlySet<string> = new Set(['open', 'response'])

/** The headers of the event, or of the handshake or answer that brought it. */
export function HeadersTab({ detail }: { detail: EventDetail }) {
  const own = headerEntries(detail.fields)
  const opened = useOpening(detail.index, own.length === 0)
  const fields = own.length > 0 ? detail.fields : opened
  if (fields === undefined) return <p class="hint">No headers are known for this event.</p>
  return (
    <>
      {own.length === 0 && <p class="hint">From the handshake or answer that brought this event.</p>}
      <Entries entries={handshakeEntries(fields)} />
      <Entries title="Headers" entries={headerEntries(fields)} />
    </>
  )
}

/** The fields of the last `open` or `response` before an event on its connection. */
function useOpening(index: number, isWanted: boolean): Fields | undefined {
  const panel = usePanel()
  const [fields, setFields] = useState<Fields>()
  useEffect(() => {
    const opening = isWanted ? panel.session.columns.findBefore(index, WITH_HEADERS) : undefined
    if (opening === undefined) return
    let isCurrent = true
    void panel
      .attempt(panel.host.call('detail', { index: opening, maxBytes: 0 }))
      .then((found) => isCurrent && setFields(found?.fields))
    return () => {
      isCurrent = false
    }
  }, [panel, index, isWanted])
  return fields
}
