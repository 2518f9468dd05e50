import * as l10n from '@vscode/l10n'
import { formatCount } from '../format/count.ts'
import { usePage } from '../state/page.ts'
import { Chip } from '../ui/buttons.tsx'
import { Icon } from '../ui/Icon.tsx'

/** Freezes list and timeline while the capture continues, and shows how many events arrived meanwhile. */
export function PauseButton() {
  const page = usePage()
  const { session } = page
  const isPaused = session.pausedAt.value !== undefined
  const held = isPaused ? Math.max(0, (session.status.value?.events ?? 0) - session.columns.end) : 0
  return (
    <Chip
      class={`pause${isPaused ? ' on' : ''}`}
      aria-pressed={isPaused}
      title={
        isPaused
          ? l10n.t('Show the events since then, and continue')
          : l10n.t('Freeze the list and the timeline. Events are still captured')
      }
      onClick={() => page.setPaused(!isPaused)}
    >
      <Icon name={isPaused ? 'debug-continue' : 'debug-pause'} />
      <span>{isPaused ? l10n.t('Resume') : l10n.t('Pause')}</span>
      {held > 0 && <span class="dim tabular">{l10n.t('{0} new', formatCount(held))}</span>}
    </Chip>
  )
}
