/** What the page asks the host for each event that it shows in full. */
import { useEffect } from 'preact/hooks'
import type { Related } from '../../src/shared/protocol/payloads.ts'
import { usePage } from '../state/page.ts'
import { useLoaded } from '../ui/hooks.ts'

/** Undefined until known. */
export function useRelated(index: number): Related | undefined {
  const page = usePage()
  return useLoaded(() => page.call('related', { index }), [page, index])
}

/** Tells the host which event its commands apply to. */
export function useNoteSelection(index: number | undefined, related: Related | undefined): void {
  const page = usePage()
  const previous = related?.previous ?? null
  useEffect(() => {
    void page.call('noteSelection', index === undefined ? null : { index, previous })
  }, [page, index, previous])
}
