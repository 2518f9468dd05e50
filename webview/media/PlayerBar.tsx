import * as l10n from '@vscode/l10n'
import { useEffect, useState } from 'preact/hooks'
import { usePage } from '../state/page.ts'
import { Chip, IconButton, LinkButton } from '../ui/buttons.tsx'
import type { StreamPlayer } from './player.ts'
import { formatClockTime, trackOf } from './seek-bar.ts'
import type { Watch } from './use-watch.ts'

/** Seconds that an arrow key moves. */
const STEP = 5
const EVENTS = ['timeupdate', 'play', 'pause', 'seeked', 'volumechange', 'ended', 'loadedmetadata']

/** The controls of a player: play, position, sound, and the button to the newest part. */
export function PlayerBar({ element, player }: { element: HTMLMediaElement; player: StreamPlayer }) {
  useRepaint(element)
  const { buffered, ended, phase } = player.state.value
  const { from, loaded, end } = trackOf(buffered, element.duration)
  const { currentTime, paused, muted } = element
  // A pause or new data interrupts `play`, which is not a failure.
  const toggle = () => (paused ? void element.play().catch(() => {}) : element.pause())
  const seek = (time: number) => {
    element.currentTime = Math.max(from, Math.min(loaded, time))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const act = keyActions[event.key]
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target instanceof HTMLButtonElement && event.key === ' ') return
    event.preventDefault()
    act()
  }
  const mute = () => {
    element.muted = !element.muted
  }
  const keyActions: Readonly<Record<string, () => void>> = {
    ' ': toggle,
    k: toggle,
    ArrowLeft: () => seek(element.currentTime - STEP),
    ArrowRight: () => seek(element.currentTime + STEP),
    Home: () => seek(from),
    End: () => player.live(),
    m: mute,
  }
  const percent = (time: number) => `${end > from ? (100 * (time - from)) / (end - from) : 0}%`
  const position = l10n.t('{0} of {1}', formatClockTime(currentTime), formatClockTime(end))
  return (
    <div class="player" role="group" aria-label={l10n.t('Player')} onKeyDown={onKeyDown}>
      <IconButton
        icon={paused ? 'debug-start' : 'debug-pause'}
        name={paused ? l10n.t('Play') : l10n.t('Pause')}
        onClick={toggle}
      />
      <div class="player-track">
        <div class="player-buffered" aria-hidden="true">
          {buffered.map(([start, stop]) => (
            <span key={start} style={{ left: percent(start), right: `calc(100% - ${percent(stop)})` }} />
          ))}
        </div>
        <input
          type="range"
          aria-label={l10n.t('Position')}
          aria-valuetext={
            loaded < end ? l10n.t('{0}, loaded to {1}', position, formatClockTime(loaded)) : position
          }
          min={from}
          max={Math.max(end, from + 0.01)}
          step={0.01}
          value={currentTime}
          disabled={phase !== 'ready'}
          onInput={({ currentTarget }) => seek(Number(currentTarget.value))}
        />
      </div>
      <span class="player-time">{position}</span>
      <IconButton
        icon={muted ? 'mute' : 'unmute'}
        name={muted ? l10n.t('Sound on') : l10n.t('Sound off')}
        onClick={mute}
      />
      {!ended && phase === 'ready' && (
        <Chip class="small" onClick={() => player.live()}>
          {l10n.t('Newest')}
        </Chip>
      )}
    </div>
  )
}

/** Renders again when the state of the element changes. */
function useRepaint(element: HTMLMediaElement): void {
  const [, repaint] = useState(0)
  useEffect(() => {
    const listening = new AbortController()
    for (const name of EVENTS)
      element.addEventListener(name, () => repaint((count) => count + 1), { signal: listening.signal })
    return () => listening.abort()
  }, [element])
}

/** Saves every byte of the stream to a file. */
export function SaveStream({ watch }: { watch: Watch }) {
  const page = usePage()
  return (
    <LinkButton onClick={() => void page.call('savePayload', { index: watch.open, whole: true }, 0)}>
      {l10n.t('Save stream…')}
    </LinkButton>
  )
}
