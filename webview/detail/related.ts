/** What the tabs of the details get, and what the host is asked for each event. */
import { useEffect, useState } from 'preact/hooks'
import type { Related } from '../../src/shared/protocol/payloads.ts'
import type { EventDetail } from '../../src/shared/protocol.ts'
import { usePage } from '../state/page.ts'

/** The props of every tab of the details. */
export interface TabProps {
  readonly detail: EventDetail
  /** Undefined until known. */
  readonly related: Related | undefined
}

/** Undefined until known. */
export function useRelated(index: number): Related | undefined {
  const page = usePage()
  const [related, setRelated] = useState<Related>()
  useEffect(() => {
    let isCurrent = true
    void page.attempt(page.host.call('related', { index })).then((found) => isCurrent && setRelated(found))
    return () => {
      isCurrent = false
    }
  }, [page, index])
  return related
}

/** Tells the host which event its commands apply to. */
export function useNoteSelection(index: number | undefined, related: Related | undefined): void {
  const page = usePage()
  const previous = related?.previous ?? null
  useEffect(() => {
    void page.attempt(page.host.call('noteSelection', index === undefined ? null : { index, previous }))
  }, [page, index, previous])
}
