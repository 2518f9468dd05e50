import { useEffect, useRef, useState } from 'preact/hooks'
import type { EventDetail } from '../../src/shared/protocol.ts'
import { hexLine } from '../../src/shared/text/hex.ts'
import { DETAIL_ID } from '../state/keyboard.ts'
import { LoadMore } from './LoadMore.tsx'
import { hexLineCount, LINE_BYTES } from './payload-view.ts'

const LINE_HEIGHT = 18
const OVERSCAN = 8
/** Width in pixels below which a line has half as many bytes. */
const NARROW = 620

/** The payload as bytes: offset, hexadecimal, ASCII. Only lines in view are in the document. */
export function HexTab({ detail }: { detail: EventDetail }) {
  const bytes = detail.payload
  const { box, view } = useView()
  const lineBytes = view.width < NARROW ? LINE_BYTES.narrow : LINE_BYTES.wide
  const count = hexLineCount(bytes?.length ?? 0, lineBytes)
  const from = Math.max(0, Math.min(count, Math.floor(view.top / LINE_HEIGHT) - OVERSCAN))
  const to = Math.max(from, Math.min(count, Math.ceil((view.top + view.height) / LINE_HEIGHT) + OVERSCAN))
  if (bytes === undefined || bytes.length === 0)
    return <p class="hint">{detail.dropped ? 'This payload was dropped.' : 'No bytes.'}</p>
  const lines = Array.from({ length: to - from }, (_, i) => hexLine(bytes, from + i, lineBytes))
  return (
    <>
      <div ref={box} class="hex mono" style={{ height: `${count * LINE_HEIGHT}px` }}>
        <div style={{ transform: `translateY(${from * LINE_HEIGHT}px)` }}>
          {lines.map(({ offset, hex, ascii }) => (
            <div class="hex-line" key={offset}>
              <span class="dim">{offset}</span>
              <span>{hex}</span>
              <span class="hex-ascii">{ascii}</span>
            </div>
          ))}
        </div>
      </div>
      <LoadMore detail={detail} />
    </>
  )
}

/** The visible part of the dump, in pixels. */
function useView() {
  const box = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ top: 0, height: 600, width: NARROW })
  useEffect(() => {
    const scroller = document.getElementById(DETAIL_ID)
    if (scroller === null) return
    const read = () =>
      setView({
        top: scroller.scrollTop - (box.current?.offsetTop ?? 0),
        height: scroller.clientHeight,
        width: scroller.clientWidth,
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
