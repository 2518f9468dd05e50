/** What belongs to the event in the details, asked for once it is there. */
import { useEffect, useState } from 'preact/hooks'
import type { Related } from '../../src/shared/protocol/payloads.ts'
import { usePanel } from '../panel.ts'

/** Undefined until it is known. */
export function useRelated(index: number): Related | undefined {
  const panel = usePanel()
  const [related, setRelated] = useState<Related>()
  useEffect(() => {
    let isCurrent = true
    void panel.attempt(panel.host.call('related', { index })).then((found) => isCurrent && setRelated(found))
    return () => {
      isCurrent = false
    }
  }, [panel, index])
  return related
}

/** Tells the host what its commands are about. */
export function useNoteSelection(index: number | undefined, related: Related | undefined): void {
  const panel = usePanel()
  const previous = related?.previous ?? null
  useEffect(() => {
    void panel.attempt(panel.host.call('noteSelection', index === undefined ? null : { index, previous }))
  }, [panel, index, previous])
}
