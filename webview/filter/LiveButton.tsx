import * as l10n from '@vscode/l10n'
import { eventCount, formatCount } from '../format/count.ts'
import { usePage } from '../state/page.ts'
import { Chip } from '../ui/buttons.tsx'

/** Shows whether list and timeline follow new events, and how many arrived since they stopped. A press starts both again. */
export function LiveButton() {
  const page = usePage()
  const { session, scroll, timeline } = page
  void session.frame.value
  if (page.isRecording && page.recording.replay === undefined) return null
  const { unseen } = scroll
  const isAnswered = session.frozenAt.value === undefined
  const catchingUp = session.catchingUp.value
  const isLive =
    isAnswered &&
    catchingUp === undefined &&
    scroll.following &&
    timeline.view.value.live &&
    session.pausedAt.value === undefined
  const label = !isAnswered
    ? l10n.t('No answer')
    : catchingUp !== undefined
      ? l10n.t('Catching up {0} %', Math.floor((100 * catchingUp.done) / catchingUp.of))
      : page.isRecording
        ? l10n.t('Follow')
        : l10n.t('Live')
  return (
    <Chip
      class={`toggle live${isLive ? '' : ' paused'}`}
      aria-pressed={isLive}
      title={
        catchingUp !== undefined
          ? l10n.t('The list has {0} of {1} so far', formatCount(catchingUp.done), eventCount(catchingUp.of))
          : isLive
            ? l10n.t('List and timeline follow new events')
            : l10n.t('Go to the newest event and follow new ones (End)')
      }
      onClick={() => page.goLive()}
    >
      <span class="live-dot" aria-hidden="true">
        {isLive ? '●' : '○'}
      </span>
      {label}
      {unseen > 0 && !page.isRecording && (
        <span class="dim"> {l10n.t('{0} new', formatCount(unseen))} ↓</span>
      )}
    </Chip>
  )
}
