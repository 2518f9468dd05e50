import { formatCount } from '../format/count.ts'
import { usePage } from '../state/page.ts'
import { Icon } from '../ui/Icon.tsx'

/** Freezes list and timeline while the capture continues, and shows how many events arrived meanwhile. */
export function PauseButton() {
  const page = usePage()
  const { session } = page
  const isPaused = session.pausedAt.value !== undefined
  const held = isPaused ? Math.max(0, (session.status.value?.events ?? 0) - session.columns.end) : 0
  return (
    <button
      type="button"
      class={`chip pause${isPaused ? ' on' : ''}`}
      aria-pressed={isPaused}
      title={
        isPaused
          ? 'Show the events since then, and continue'
          : 'Freeze the list and the timeline. The capture continues'
      }
      onClick={() => page.setPaused(!isPaused)}
    >
      <Icon name={isPaused ? 'debug-continue' : 'debug-pause'} />
      <span>{isPaused ? 'Resume' : 'Pause'}</span>
      {held > 0 && <span class="dim tabular">{formatCount(held)} new</span>}
    </button>
  )
}
