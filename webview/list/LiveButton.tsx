import { formatCount } from '../format/count.ts'
import { usePanel } from '../panel.ts'

/** Says whether the list follows what comes, how much came since it stopped, and starts it again. */
export function LiveButton() {
  const { session, scroll } = usePanel()
  void session.frame.value
  const { following, unseen } = scroll
  const resume = () => {
    scroll.follow()
    session.touch()
  }
  return (
    <button
      type="button"
      class={`chip toggle live${following ? '' : ' paused'}`}
      aria-pressed={following}
      title={following ? 'The list follows the newest event' : 'Go to the newest event and follow (End)'}
      onClick={resume}
    >
      <span class="live-dot" aria-hidden="true">
        {following ? '●' : '○'}
      </span>
      Live
      {unseen > 0 && <span class="dim">{` ${formatCount(unseen)} new ↓`}</span>}
    </button>
  )
}
