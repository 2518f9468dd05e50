import type { EventDetail } from '../../src/shared/protocol.ts'
import { formatBytes } from '../format/count.ts'
import { usePage } from '../state/page.ts'
import { MOST_BYTES } from '../state/selection.ts'

/** Says that the payload is longer, and loads more of it up to `MOST_BYTES`. Longer payloads are for an editor or a file. */
export function LoadMore({ detail }: { detail: EventDetail }) {
  const { selection } = usePage()
  const loaded = detail.payload?.length ?? 0
  if (detail.payload === undefined || loaded >= detail.size) return null
  const canLoad = loaded < MOST_BYTES
  return (
    <p class="hint">
      {`The first ${formatBytes(loaded)} of ${formatBytes(detail.size)}. `}
      {canLoad ? (
        <button type="button" class="link" onClick={() => selection.loadMore()}>
          {detail.size <= MOST_BYTES ? 'Load all' : `Load ${formatBytes(MOST_BYTES)}`}
        </button>
      ) : (
        'Open it in the editor, or save it, to see all of it.'
      )}
    </p>
  )
}
