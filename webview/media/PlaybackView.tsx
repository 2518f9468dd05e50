import { useEffect, useRef, useState } from 'preact/hooks'
import { isLive } from '../format/connection.ts'
import { formatBytes } from '../format/count.ts'
import { type PageState, usePage } from '../state/page.ts'
import { PlayerBar, SaveStream } from './PlayerBar.tsx'
import { StreamPlayer } from './player.ts'
import { StreamReader } from './reader.ts'
import type { Watch } from './use-watch.ts'

/** Sound or video that plays while it downloads. */
export function PlaybackView({ watch }: { watch: Watch }) {
  const page = usePage()
  const element = useRef<HTMLVideoElement>(null)
  const player = usePlayer(page, watch, element)
  const state = player?.state.value
  // The session's events announce new data: the player reads at once.
  const tick = page.session.frame.value
  useEffect(() => player?.poke(), [player, tick])
  const isVideo = watch.media.kind === 'video'
  return (
    <section class="watch" aria-label={isVideo ? 'Video' : 'Sound'}>
      <video
        ref={element}
        class={`watch-picture ${isVideo ? '' : 'is-sound'}`}
        muted={isVideo}
        playsInline
        hidden={state?.phase === 'refused'}
      />
      {state?.phase === 'refused' && (
        <p class="hint tone-warn" role="alert">
          {state.refusal}
        </p>
      )}
      {player !== undefined && element.current !== null && state?.phase !== 'refused' && (
        <PlayerBar element={element.current} player={player} />
      )}
      <p class="watch-bar dim">
        <span>{state?.playable?.mime ?? watch.media.type}</span>
        <span>{`${formatBytes(state?.bytes ?? 0)} read`}</span>
        {state?.playable?.by === 'whole' && state.phase === 'loading' && (
          <span>plays after the download</span>
        )}
        {state?.lost === true && <span class="tone-warn">a part was dropped</span>}
        <SaveStream watch={watch} />
      </p>
    </section>
  )
}

function usePlayer(page: PageState, watch: Watch, element: { readonly current: HTMLVideoElement | null }) {
  const [player, setPlayer] = useState<StreamPlayer>()
  const { connection, open, media, contentType } = watch
  useEffect(() => {
    if (element.current === null) return
    const video = element.current
    const made = new StreamPlayer({
      element: video,
      reader: new StreamReader(
        (from, maxBytes) => page.host.call('stream', { connection, from, maxBytes }),
        open + 1,
      ),
      media,
      contentType,
      isOver: () => !isConnected(page, connection),
    })
    setPlayer(made)
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches
    // A muted video may start by itself. If the browser does not allow it, the user presses Play.
    if (media.kind === 'video' && !isStill) void video.play().catch(() => {})
    return () => made.dispose()
  }, [page, connection, open, media, contentType, element])
  return player
}

function isConnected({ session }: PageState, connection: number): boolean {
  const status = session.status.value?.connections.find(({ id }) => id === connection)
  return status !== undefined && isLive(status.state)
}
