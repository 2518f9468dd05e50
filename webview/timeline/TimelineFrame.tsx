import * as l10n from '@vscode/l10n'
import { useRef } from 'preact/hooks'
import { usePage } from '../state/page.ts'
import { IconButton } from '../ui/buttons.tsx'
import { LANES_TOP, STRIP_HEIGHT } from './layout/layout.ts'
import { Timeline } from './Timeline.tsx'

/** Least height with lanes, and the largest one, as a share of the window. */
const LEAST = 94
const MOST_SHARE = 0.7
const STEP = 16

/** The timeline with a button that folds its lanes, and a line below it that changes its height. */
export function TimelineFrame() {
  const { layout, findings } = usePage()
  const lanesTop = LANES_TOP + (findings.hasMarks.value ? STRIP_HEIGHT : 0)
  const frame = useRef<HTMLDivElement>(null)
  const { folded, timeline: height } = layout.current.value
  const resize = (pixels: number) => {
    const most = Math.max(LEAST, innerHeight * MOST_SHARE)
    layout.change({ timeline: Math.round(Math.min(most, Math.max(LEAST, pixels))), folded: false })
  }
  const current = () => frame.current?.querySelector('.timeline')?.clientHeight ?? LEAST
  const fold = () => layout.change({ folded: !folded })
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowUp') resize(current() - STEP)
    else if (event.key === 'ArrowDown') resize(current() + STEP)
    else if (event.key === 'Enter') fold()
    else if (event.key === 'Home') layout.change({ timeline: null, folded: false })
    else return
    event.preventDefault()
  }
  const size = folded ? lanesTop : height
  return (
    <div
      ref={frame}
      class={`timeline-frame${findings.hasMarks.value ? ' has-findings' : ''}${folded ? ' folded' : ''}${size === null ? '' : ' sized'}`}
      style={size === null ? undefined : { '--timeline-height': `${size}px` }}
    >
      <IconButton
        class="icon-button timeline-fold"
        icon={folded ? 'chevron-right' : 'chevron-down'}
        name={folded ? l10n.t('Show the lanes of the timeline') : l10n.t('Hide the lanes of the timeline')}
        aria-expanded={!folded}
        onClick={fold}
      />
      <Timeline />
      <div
        class="timeline-sash"
        role="separator"
        tabIndex={0}
        aria-label={l10n.t('Height of the timeline')}
        aria-orientation="horizontal"
        aria-valuenow={Math.round(size ?? current())}
        aria-valuemin={lanesTop}
        title={l10n.t('Drag to change the height. Double-click for the usual one')}
        onKeyDown={onKeyDown}
        onDblClick={() => layout.change({ timeline: null, folded: false })}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={(event) => {
          const top = frame.current?.getBoundingClientRect().top
          if (top !== undefined && (event.buttons & 1) !== 0) resize(event.clientY - top)
        }}
      />
    </div>
  )
}
