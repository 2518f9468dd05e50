/** What belongs to the event in the details, asked for once it is there. */
import { useEffect, useState } from 'preact/hooks'
import type { Related } from '../../src/shared/protocol/payloads.ts'
import type { EventDetail } from '../../src/shared/protocol.ts'
import { usePage } from '../state/page.ts'

/** What every tab of the details is given. */
export interface TabProps {
  readonly detail: EventDetail
  /** Undefined until it is known. */
  readonly related: Related | undefined
}

/** Undefined until it is known. */
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

/** Tells the host what its commands are about. */
export function useNoteSelection(index: number | undefined, related: Related | undefined): void {
  const page = usePage()
  const previous = related?.previous ?? null
  useEffect(() => {
    void page.attempt(page.host.call('noteSelection', index === undefined ? null : { index, previous }))
  }, [page, index, previous])
}
