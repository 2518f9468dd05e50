import * as l10n from '@vscode/l10n'
import type { EventDetail } from '../../src/shared/protocol.ts'
import { formatBytes } from '../format/count.ts'
import { usePage } from '../state/page.ts'
import { MOST_BYTES } from '../state/selection.ts'
import { LinkButton } from '../ui/buttons.tsx'

/** Says that the payload is longer, and loads more of it up to `MOST_BYTES`. Longer payloads are for an editor or a file. */
export function LoadMore({ detail }: { detail: EventDetail }) {
  const { selection } = usePage()
  const loaded = detail.payload?.length ?? 0
  if (detail.payload === undefined || loaded >= detail.size) return null
  const canLoad = loaded < MOST_BYTES
  return (
    <p class="hint">
      {l10n.t('The first {0} of {1}.', formatBytes(loaded), formatBytes(detail.size))}{' '}
      {canLoad ? (
        <LinkButton onClick={() => selection.loadMore()}>
          {detail.size <= MOST_BYTES ? l10n.t('Load all') : l10n.t('Load {0}', formatBytes(MOST_BYTES))}
        </LinkButton>
      ) : (
        l10n.t('Open it in the editor, or save it, to see all of it.')
      )}
    </p>
  )
}
