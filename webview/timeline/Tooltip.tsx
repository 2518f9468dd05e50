import type { ComponentChildren } from 'preact'

interface TooltipProps {
  /** Position of the pointer in the page. The tooltip is on the side with more room. */
  readonly x: number
  readonly y: number
  readonly children: ComponentChildren
}

const BESIDE = 12

/** A few lines beside the pointer. Hidden from screen readers, which have the description and the list. */
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
