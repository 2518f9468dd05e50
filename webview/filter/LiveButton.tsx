import { formatCount, plural } from '../format/count.ts'
import { usePage } from '../state/page.ts'

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
    ? 'No answer'
    : catchingUp !== undefined
      ? `Catching up ${Math.floor((100 * catchingUp.done) / catchingUp.of)}\u00a0%`
      : page.isRecording
        ? 'Follow'
        : 'Live'
  return (
    <button
      type="button"
      class={`chip toggle live${isLive ? '' : ' paused'}`}
      aria-pressed={isLive}
      title={
        catchingUp !== undefined
          ? `The list has ${formatCount(catchingUp.done)} of ${plural(catchingUp.of, 'event')} so far`
          : isLive
            ? 'List and timeline follow new events'
            : 'Go to the newest event and follow new ones (End)'
      }
      onClick={() => page.goLive()}
    >
      <span class="live-dot" aria-hidden="true">
        {isLive ? '●' : '○'}
      </span>
      {label}
      {unseen > 0 && !page.isRecording && <span class="dim">{` ${formatCount(unseen)} new ↓`}</span>}
    </button>
  )
}
