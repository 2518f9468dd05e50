import * as l10n from '@vscode/l10n'
import { useEffect, useState } from 'preact/hooks'
import type { ReplaySpeed } from '../../src/shared/status.ts'
import { formatSessionTime } from '../format/time.ts'
import { usePage } from '../state/page.ts'
import { onReplayKey } from '../state/recording.ts'
import { Chip, IconButton } from '../ui/buttons.tsx'
import { Icon } from '../ui/Icon.tsx'

const SPEEDS: readonly ReplaySpeed[] = [0.25, 0.5, 1, 2, 4, 10, 100, 'max']
/** Milliseconds between two updates of the position if the user prefers reduced motion. */
const CALM = 200

/** Controls to play the recording: play, step, position, speed, and a way back to the whole recording. */
export function ReplayBar() {
  const { recording, session } = usePage()
  const { replay } = recording
  const isPlaying = replay?.playing === true
  const position = usePosition(isPlaying)
  const end = replay?.end ?? session.now()
  const start = Math.min(replay?.start ?? 0, end)
  const speed = replay?.speed ?? 1
  const said = l10n.t('{0} of {1}', formatSessionTime(position), formatSessionTime(end))
  return (
    <div
      class="bar replay"
      role="group"
      aria-label={l10n.t('Replay. Space plays and pauses, full stop steps to the next event.')}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return
        const isOwn = event.target instanceof HTMLButtonElement || event.target instanceof HTMLSelectElement
        if (isOwn && event.key === ' ') return
        if (onReplayKey(recording, event.key)) event.preventDefault()
      }}
    >
      <IconButton
        icon={isPlaying ? 'debug-pause' : 'play'}
        name={isPlaying ? l10n.t('Pause the replay') : l10n.t('Play the recording')}
        onClick={() => recording.toggle()}
      />
      <IconButton
        icon="debug-step-over"
        name={l10n.t('Step to the next event')}
        onClick={() => recording.do({ do: 'step' })}
      />
      <input
        type="range"
        class="replay-position"
        aria-label={l10n.t('Position')}
        aria-valuetext={said}
        min={start}
        max={Math.max(end, start + 1)}
        step="any"
        value={position}
        onInput={({ currentTarget }) => recording.seek(Number(currentTarget.value))}
      />
      <span class="tabular mono">
        {formatSessionTime(position)} <span class="dim">/ {formatSessionTime(end)}</span>
      </span>
      <select
        class="chip"
        aria-label={l10n.t('Speed')}
        value={String(speed)}
        onChange={({ currentTarget: { value } }) =>
          recording.do({ do: 'speed', speed: value === 'max' ? 'max' : Number(value) })
        }
      >
        {SPEEDS.map((each) => (
          <option key={each} value={String(each)}>
            {each === 'max' ? l10n.t('max') : `${each}×`}
          </option>
        ))}
      </select>
      <Chip
        class="toggle"
        aria-pressed={replay?.loop === true}
        title={l10n.t('Start again at the end')}
        onClick={() => recording.do({ do: 'loop', loop: replay?.loop !== true })}
      >
        <Icon name="sync" />
        {l10n.t('Loop')}
      </Chip>
      {replay !== undefined && (
        <Chip
          title={l10n.t('End the replay and show the whole recording')}
          onClick={() => recording.do({ do: 'stop' })}
        >
          {l10n.t('Show all')}
        </Chip>
      )}
    </div>
  )
}

/** The session time, painted while it advances. */
function usePosition(isPlaying: boolean): number {
  const { session } = usePage()
  const [, repaint] = useState(0)
  useEffect(() => {
    if (!isPlaying) return
    const reduced = matchMedia('(prefers-reduced-motion: reduce)')
    let last = 0
    let handle = requestAnimationFrame(function frame(time) {
      handle = requestAnimationFrame(frame)
      if (reduced.matches && time - last < CALM) return
      last = time
      repaint(time)
    })
    return () => cancelAnimationFrame(handle)
  }, [isPlaying])
  return session.now()
}
