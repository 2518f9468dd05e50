import type { ComponentChildren } from 'preact'

interface TooltipProps {
  readonly x: number
  readonly y: number
  /** Width of what it stands in: it turns left where it would stick out. */
  readonly within: number
  readonly children: ComponentChildren
}

/** A few lines beside the pointer; hidden from screen readers, which have the summary and the list. */
export function Tooltip({ x, y, within, children }: TooltipProps) {
  const side = x > within / 2 ? { right: `${within - x + 12}px` } : { left: `${x + 12}px` }
  return (
    <div class="timeline-tip" style={{ top: `${y + 12}px`, ...side }} aria-hidden="true">
      {children}
    </div>
  )
}
