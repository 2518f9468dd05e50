import * as l10n from '@vscode/l10n'
import { useEffect, useRef, useState } from 'preact/hooks'
import { isLive } from '../format/connection.ts'
import { formatBytes } from '../format/count.ts'
import { type PageState, usePage } from '../state/page.ts'
import { PlayerBar, SaveStream } from './PlayerBar.tsx'
import { StreamPlayer } from './player.ts'
import { streamOf } from './reader.ts'
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
    <section class="watch" aria-label={isVideo ? l10n.t('Video') : l10n.t('Sound')}>
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
        <span>{l10n.t('{0} read', formatBytes(state?.bytes ?? 0))}</span>
        {state?.playable?.by === 'whole' && state.phase === 'loading' && (
          <span>{l10n.t('plays once it has been downloaded')}</span>
        )}
        {state?.lost === true && <span class="tone-warn">{l10n.t('a part was dropped')}</span>}
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
      reader: streamOf(page, watch),
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
  const status = session.connection(connection)
  return status !== undefined && isLive(status.state)
}
