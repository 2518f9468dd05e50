import { formatCount } from '../format/count.ts'
import { usePanel } from '../panel.ts'

/** Says whether list and timeline follow what comes, how much came since the list stopped, and starts both again. */
export function LiveButton() {
  const panel = usePanel()
  const { session, scroll, timeline } = panel
  void session.frame.value
  if (panel.isRecording && panel.recording.replay === undefined) return null
  const { unseen } = scroll
  const isAnswered = session.frozenAt.value === undefined
  const isLive =
    isAnswered && scroll.following && timeline.view.value.live && session.pausedAt.value === undefined
  return (
    <button
      type="button"
      class={`chip toggle live${isLive ? '' : ' paused'}`}
      aria-pressed={isLive}
      title={
        isLive ? 'List and timeline follow what comes' : 'Go to the newest event and follow what comes (End)'
      }
      onClick={() => panel.goLive()}
    >
      <span class="live-dot" aria-hidden="true">
        {isLive ? '●' : '○'}
      </span>
      {!isAnswered ? 'No answer' : panel.isRecording ? 'Follow' : 'Live'}
      {unseen > 0 && !panel.isRecording && <span class="dim">{` ${formatCount(unseen)} new ↓`}</span>}
    </button>
  )
}
