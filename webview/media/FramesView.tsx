import * as l10n from '@vscode/l10n'
import { useEffect, useRef, useState } from 'preact/hooks'
import { formatBytes, formatCount } from '../format/count.ts'
import { type PageState, usePage } from '../state/page.ts'
import { MOST_BYTES } from '../state/selection.ts'
import { IconButton, LinkButton } from '../ui/buttons.tsx'
import { useObjectUrl } from '../ui/hooks.ts'
import { frameRate, newestFrame } from './frames.ts'
import { useImage } from './use-image.ts'
import type { Watch } from './use-watch.ts'

interface Frame {
  readonly index: number
  readonly url: string
  readonly bytes: number
  readonly rate: number | undefined
}

/** A stream of pictures: shows the newest one, as fast as the page can. */
export function FramesView({ watch }: { watch: Watch }) {
  const page = usePage()
  const [isPaused, setPaused] = useState(() => matchMedia('(prefers-reduced-motion: reduce)').matches)
  const { frame, shown } = useNewestFrame(page, watch, isPaused)
  const { size, isBroken, handlers } = useImage(shown)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== ' ' || event.target !== event.currentTarget) return
    event.preventDefault()
    setPaused(!isPaused)
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys of the player work from here.
    <section class="watch" aria-label={l10n.t('Stream of pictures')} tabIndex={0} onKeyDown={onKeyDown}>
      {frame !== undefined && (
        <img class="watch-picture" src={frame.url} alt={l10n.t('Newest frame of the stream')} {...handlers} />
      )}
      {isBroken && <p class="hint tone-warn">{l10n.t('This frame is not a complete picture.')}</p>}
      <div class="watch-bar">
        <IconButton
          icon={isPaused ? 'debug-start' : 'debug-pause'}
          name={isPaused ? l10n.t('Play') : l10n.t('Pause')}
          onClick={() => setPaused(!isPaused)}
        />
        {frame !== undefined && (
          <>
            <span class="watch-fps">
              {frame.rate === undefined ? '' : l10n.t('{0} fps', frame.rate.toFixed(1))}
            </span>
            <span>{size}</span>
            <span>{formatBytes(frame.bytes)}</span>
            <LinkButton onClick={() => page.reveal(frame.index)}>
              {`#${formatCount(frame.index + 1)}`}
            </LinkButton>
            <LinkButton
              onClick={() => void page.call('savePayload', { index: frame.index, whole: false }, 0)}
            >
              {l10n.t('Save frame…')}
            </LinkButton>
          </>
        )}
      </div>
    </section>
  )
}

/** The newest frame. The next one is read after the last one was shown; faster ones are skipped. */
function useNewestFrame(page: PageState, { connection, media, open }: Watch, isPaused: boolean) {
  const [frame, setFrame] = useState<Frame>()
  const [isReady, setReady] = useState(true)
  const last = useRef(open)
  const { columns } = page.session
  const tick = page.session.frame.value
  useEffect(() => {
    if (!isReady || (isPaused && frame !== undefined)) return
    const index = newestFrame(columns, connection, last.current)
    if (index === undefined) return
    last.current = index
    setReady(false)
    void readFrame(page, index, media.type).then((read) => {
      if (read === undefined) setReady(true)
      else setFrame({ ...read, rate: frameRate(columns, connection, index) })
    })
  }, [page, columns, connection, media.type, tick, isReady, isPaused, frame])
  useObjectUrl(frame?.url)
  return { frame, shown: () => setReady(true) }
}

async function readFrame(
  page: PageState,
  index: number,
  type: string,
): Promise<Omit<Frame, 'rate'> | undefined> {
  const detail = await page.call('detail', { index, maxBytes: MOST_BYTES })
  const bytes = detail?.payload
  if (bytes === undefined || bytes.length === 0) return undefined
  return { index, bytes: bytes.length, url: URL.createObjectURL(new Blob([bytes], { type })) }
}
