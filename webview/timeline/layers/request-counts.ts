/** Paints requests that are too many to tell apart: how many were under way over time. */
import type { ExchangeCounts } from '../../../src/shared/exchange.ts'
import { largest } from '../../../src/shared/numbers.ts'
import type { Canvas } from '../canvas/canvas.ts'
import type { Role, Scene } from '../canvas/scene.ts'
import { block } from '../canvas/shapes.ts'
import { BAR_HEIGHT } from '../layout/bars.ts'
import { type LaneBox, xOf } from '../layout/layout.ts'

export function drawCounts(
  canvas: Canvas,
  { theme, layout, view }: Scene,
  box: LaneBox,
  { from, to, counts, waiting }: ExchangeCounts,
  color: Role,
): void {
  const most = largest(counts, 1)
  const bottom = box.top + box.traffic + BAR_HEIGHT
  const bucket = (to - from) / counts.length
  const right = layout.left + layout.plotWidth
  for (const [i, count] of counts.entries()) {
    if (count === 0) continue
    const start = Math.max(layout.left, Math.floor(xOf(layout, view, from + i * bucket)))
    const end = Math.min(right, Math.ceil(xOf(layout, view, from + (i + 1) * bucket)))
    if (end <= start) continue
    const height = Math.max(2, Math.round(BAR_HEIGHT * (Math.log1p(count) / Math.log1p(most))))
    block(canvas, theme[color], [start, bottom - height, end - start, height], 0.55)
    if ((waiting[i] ?? 0) > 0) block(canvas, theme.warn, [start, bottom - 3, end - start, 3])
  }
}
