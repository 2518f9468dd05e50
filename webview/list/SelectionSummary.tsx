import * as l10n from '@vscode/l10n'
import { useMemo } from 'preact/hooks'
import { eventCount, formatBytes, formatCount } from '../format/count.ts'
import { formatDuration } from '../format/time.ts'
import { type Sum, sumUp } from '../state/events/ranges.ts'
import { usePage } from '../state/page.ts'
import { IconButton } from '../ui/buttons.tsx'
import { copyRows, MOST_COPIED } from './copy-rows.ts'

/** Totals of the selected events, if there are several. */
export function SelectionSummary() {
  const page = usePage()
  const { session, selection } = page
  void session.frame.value
  const { rows, columns } = session
  const ranges = selection.ranges.value
  const sum = useMemo(() => sumUp(ranges, rows, columns), [ranges, rows, columns])
  const name =
    sum.count > MOST_COPIED
      ? l10n.t('Copy the first {0} rows. A saved session has all', formatCount(MOST_COPIED))
      : l10n.t('Copy the selected rows')
  return (
    <div class={sum.count > 1 ? 'selection-summary' : 'visually-hidden'}>
      <span role="status" class="clip tabular">
        {sum.count > 1 && inWords(sum)}
      </span>
      {sum.count > 1 && <IconButton icon="copy" name={name} onClick={() => void copyRows(page)} />}
      {sum.count > MOST_COPIED && <span class="dim clip">{name}</span>}
    </div>
  )
}

/** `3 events selected · 1.2 kB · 20 ms apart` */
function inWords({ count, bytes, first, last }: Sum): string {
  const span = formatDuration(last - first)
  const apart = count === 2 ? l10n.t('{0} apart', span) : l10n.t('over {0}', span)
  return `${l10n.t('{0} selected', eventCount(count))} · ${formatBytes(bytes)} · ${apart}`
}
