import * as l10n from '@vscode/l10n'
import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { usePage } from '../state/page.ts'
import { useResize } from '../ui/hooks.ts'

/** Width in pixels below which the second pane is below the first. */
const NARROW = 800
const STEP = 0.02
/** Least height in pixels of a second pane below the first: its tabs and some lines. */
const LEAST_BELOW = 190

interface SplitProps {
  readonly first: ComponentChildren
  readonly second: ComponentChildren
  /** Whether to show the second pane. */
  readonly hasSecond: boolean
}

/** Two panes beside or below each other, with a separator for mouse and keys. */
export function Split({ first, second, hasSecond }: SplitProps) {
  const { layout } = usePage()
  const box = useRef<HTMLDivElement>(null)
  const [isNarrow, setNarrow] = useState(false)
  useResize(box, ({ clientWidth }) => setNarrow(clientWidth < NARROW))
  const key = isNarrow ? 'below' : 'beside'
  const share = layout.current.value[key]
  const setShare = (value: number) => layout.change({ [key]: Math.min(0.8, Math.max(0.15, value)) })
  const onKeyDown = (event: KeyboardEvent) => {
    const grow = isNarrow ? 'ArrowUp' : 'ArrowLeft'
    const shrink = isNarrow ? 'ArrowDown' : 'ArrowRight'
    if (event.key !== grow && event.key !== shrink) return
    event.preventDefault()
    setShare(share + (event.key === grow ? STEP : -STEP))
  }
  const onPointerMove = (event: PointerEvent) => {
    const rect = box.current?.getBoundingClientRect()
    if (rect === undefined || (event.buttons & 1) === 0) return
    setShare(
      isNarrow ? (rect.bottom - event.clientY) / rect.height : (rect.right - event.clientX) / rect.width,
    )
  }
  const least = isNarrow ? LEAST_BELOW : 0
  const tracks = hasSecond
    ? `minmax(0, 1fr) 1px minmax(${least}px, ${(share * 100).toFixed(1)}%)`
    : 'minmax(0, 1fr)'
  return (
    <div
      ref={box}
      class={`split ${isNarrow ? 'narrow' : 'wide'}`}
      style={isNarrow ? { gridTemplateRows: tracks } : { gridTemplateColumns: tracks }}
    >
      {first}
      {hasSecond && (
        <div
          class="sash"
          role="separator"
          tabIndex={0}
          aria-label={l10n.t('Size of the details')}
          aria-orientation={isNarrow ? 'horizontal' : 'vertical'}
          aria-valuenow={Math.round(share * 100)}
          aria-valuemin={15}
          aria-valuemax={80}
          onKeyDown={onKeyDown}
          onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
          onPointerMove={onPointerMove}
        />
      )}
      {hasSecond && second}
    </div>
  )
}
