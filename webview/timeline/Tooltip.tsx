import type { ComponentChildren } from 'preact'

interface TooltipProps {
  /** The pointer in the page: the lines stand beside it, where there is more room. */
  readonly x: number
  readonly y: number
  readonly children: ComponentChildren
}

const BESIDE = 12

/** A few lines beside the pointer; hidden from screen readers, which have the summary and the list. */
export function Tooltip({ x, y, children }: TooltipProps) {
  const { clientWidth, clientHeight } = document.documentElement
  const across =
    x > clientWidth / 2 ? { right: `${clientWidth - x + BESIDE}px` } : { left: `${x + BESIDE}px` }
  const down =
    y > clientHeight / 2 ? { bottom: `${clientHeight - y + BESIDE}px` } : { top: `${y + BESIDE}px` }
  return (
    <div class="timeline-tip" style={{ ...across, ...down }} aria-hidden="true">
      {children}
    </div>
  )
}
