import * as l10n from '@vscode/l10n'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { EventDetail } from '../../src/shared/protocol.ts'
import { formatCount } from '../format/count.ts'
import { DETAIL_ID } from '../state/keyboard.ts'
import type { MarkedBytes } from '../state/marked-bytes.ts'
import { usePage } from '../state/page.ts'
import { MOST_BYTES } from '../state/selection.ts'
import { LinkButton } from '../ui/buttons.tsx'
import { HexLines } from './HexLines.tsx'
import { LoadMore } from './LoadMore.tsx'
import { hexLineCount, LINE_BYTES } from './payload-view.ts'

const LINE_HEIGHT = 18
const OVERSCAN = 8
/** Width in pixels below which a line has half as many bytes. */
const NARROW = 620

/** Lines above the marked bytes that stay in view. */
const CONTEXT = 3

/** The payload as bytes: offset, hexadecimal, ASCII. Only lines in view are in the document. */
export function HexTab({ detail }: { detail: EventDetail }) {
  const { markedBytes } = usePage()
  const bytes = detail.payload
  const { box, view } = useView()
  const lineBytes = view.width < NARROW ? LINE_BYTES.narrow : LINE_BYTES.wide
  const count = hexLineCount(bytes?.length ?? 0, lineBytes)
  const from = Math.max(0, Math.min(count, Math.floor(view.top / LINE_HEIGHT) - OVERSCAN))
  const to = Math.max(from, Math.min(count, Math.ceil((view.top + view.height) / LINE_HEIGHT) + OVERSCAN))
  const marked = markedBytes.value?.index === detail.index ? markedBytes.value : undefined
  useShown(box, marked, detail, view.isRead ? lineBytes : undefined)
  if (bytes === undefined || bytes.length === 0)
    return <p class="hint">{detail.dropped ? l10n.t('This payload was dropped.') : l10n.t('No bytes.')}</p>
  return (
    <>
      <LoadMore detail={detail} />
      {marked !== undefined && <Marked marked={marked} />}
      <div ref={box} class="hex mono" style={{ height: `${count * LINE_HEIGHT}px` }}>
        <div style={{ transform: `translateY(${from * LINE_HEIGHT}px)` }}>
          <HexLines
            payload={bytes}
            lineBytes={lineBytes}
            lines={{ from, to }}
            shown={{ from: 0, to: bytes.length }}
            marked={marked}
          />
        </div>
      </div>
    </>
  )
}

/** Says what is marked. It stays in view. */
function Marked({ marked: { name, from, to } }: { marked: MarkedBytes }) {
  const { markedBytes } = usePage()
  return (
    <p class="hint hex-mark">
      {to - from === 1
        ? l10n.t('{0}: byte {1}', name, formatCount(from))
        : l10n.t('{0}: bytes {1} to {2}', name, formatCount(from), formatCount(to - 1))}{' '}
      <LinkButton
        onClick={() => {
          markedBytes.value = undefined
        }}
      >
        {l10n.t('Remove Mark')}
      </LinkButton>
    </p>
  )
}

/** Loads the marked bytes and scrolls to them. `lineBytes` is undefined until the size of the view is known. */
function useShown(
  box: { readonly current: HTMLDivElement | null },
  marked: MarkedBytes | undefined,
  { payload, size }: EventDetail,
  lineBytes: number | undefined,
): void {
  const { selection } = usePage()
  const loaded = payload?.length ?? 0
  const isLoaded = marked !== undefined && marked.from < loaded
  const canLoad = marked !== undefined && marked.to > loaded && loaded < Math.min(size, MOST_BYTES)
  useEffect(() => {
    if (canLoad) selection.loadMore()
  }, [canLoad])
  useEffect(() => {
    const scroller = document.getElementById(DETAIL_ID)
    if (!isLoaded || lineBytes === undefined || scroller === null || box.current === null) return
    const line = Math.floor(marked.from / lineBytes)
    scroller.scrollTop = box.current.offsetTop + (line - CONTEXT) * LINE_HEIGHT
  }, [marked, isLoaded, lineBytes])
}

/** The visible part of the dump, in pixels. */
function useView() {
  const box = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ top: 0, height: 600, width: NARROW, isRead: false })
  useEffect(() => {
    const scroller = document.getElementById(DETAIL_ID)
    if (scroller === null) return
    const read = () =>
      setView({
        top: scroller.scrollTop - (box.current?.offsetTop ?? 0),
        height: scroller.clientHeight,
        width: scroller.clientWidth,
        isRead: true,
      })
    const observer = new ResizeObserver(read)
    observer.observe(scroller)
    scroller.addEventListener('scroll', read, { passive: true })
    return () => {
      observer.disconnect()
      scroller.removeEventListener('scroll', read)
    }
  }, [])
  return { box, view }
}
