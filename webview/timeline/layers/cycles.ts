/** Paints the cycles of a poll: a bar from request to response, filled by outcome, with a text if it fits. */
import * as l10n from '@vscode/l10n'
import { formatBytes } from '../../format/count.ts'
import { formatDuration } from '../../format/time.ts'
import { fillFromPyramid, scratchDensity } from '../../state/timeline/density.ts'
import type { Lane } from '../../state/timeline/model.ts'
import { CONTROL, IN, OUT } from '../../state/timeline/pyramid.ts'
import type { Cycle } from '../../state/timeline/spans.ts'
import type { Canvas } from '../canvas/canvas.ts'
import type { Role, Scene } from '../canvas/scene.ts'
import { fitting } from '../canvas/text.ts'
import { type LaneBox, xOf } from '../layout/layout.ts'

const BAR = 17
/** Height of a line of text. */
const LEAST_BAR = 14
/** Pixels per bar below which outcomes are summed up for each pixel: bars would touch each other. */
const CROWDED = 2

function barHeight({ scale }: LaneBox): number {
  return Math.max(LEAST_BAR, Math.round(BAR * scale))
}

/** Paints in `color` what brought data. */
export function drawCycles(canvas: Canvas, scene: Scene, box: LaneBox, lane: Lane, color: Role): void {
  const { layout, view, now } = scene
  if (
    lane.cycles.countIn(view.from, view.to) > layout.plotWidth / CROWDED &&
    drawCrowd(canvas, scene, box, lane, color)
  )
    return
  for (const cycle of lane.cycles.between(view.from, view.to, now)) {
    const left = Math.max(layout.left - 4, xOf(layout, view, cycle.start))
    const right = Math.min(layout.left + layout.plotWidth + 4, xOf(layout, view, cycle.end ?? now))
    drawBar(canvas, scene, box, cycle, left, Math.max(left + 2, right - 1), color)
  }
}

/** A column for each pixel: errors on top of data on top of empty responses, so that no error is hidden. */
function drawCrowd(
  canvas: Canvas,
  { layout, view, theme }: Scene,
  box: LaneBox,
  lane: Lane,
  color: Role,
): boolean {
  const density = scratchDensity(layout.plotWidth)
  if (!fillFromPyramid(density, lane.outcomes, view)) return false
  const bar = barHeight(box)
  for (let pixel = 0; pixel < density.width; pixel++) {
    const x = layout.left + pixel
    column(x, density.counts[CONTROL][pixel], theme.dim, bar, 0.4)
    column(x, density.counts[IN][pixel], theme[color], bar, 0.7)
    column(x, density.counts[OUT][pixel], theme.error, bar / 2, 1)
  }
  return true

  function column(x: number, count: number | undefined, color: string, height: number, alpha: number): void {
    if (count === undefined || count === 0) return
    canvas.globalAlpha = alpha
    canvas.fillStyle = color
    canvas.fillRect(x, box.base, 1, height)
    canvas.globalAlpha = 1
  }
}

function drawBar(
  canvas: Canvas,
  { theme, now }: Scene,
  box: LaneBox,
  cycle: Cycle,
  left: number,
  right: number,
  data: Role,
): void {
  const top = box.base
  const height = barHeight(box)
  const color = theme[cycle.outcome === 'data' ? data : cycle.outcome === 'error' ? 'error' : 'dim']
  canvas.beginPath()
  canvas.roundRect(left + 0.5, top + 0.5, Math.max(1, right - left - 1), height - 1, 3)
  canvas.fillStyle = color
  canvas.globalAlpha = FILL[cycle.outcome]
  canvas.fill()
  canvas.globalAlpha = 0.8
  canvas.strokeStyle = color
  canvas.lineWidth = 1
  if (cycle.outcome === 'held') canvas.setLineDash([4, 3])
  canvas.stroke()
  canvas.setLineDash([])
  canvas.globalAlpha = 1
  const start = Math.max(left, box.left) + 6
  if (right - start < 18) return
  canvas.fillStyle = cycle.outcome === 'error' ? theme.error : theme.fg
  canvas.fillText(fitting(canvas, textsOf(cycle, now), right - start - 4), start, top + height / 2 + 4)
}

const FILL: Readonly<Record<Cycle['outcome'], number>> = { data: 0.4, empty: 0.1, error: 0.35, held: 0.05 }

/** Looked up once: there may be hundreds of cycles in each frame. */
const HOLDING = l10n.t('held {0} so far')
const EMPTY_FOR = l10n.t('empty {0}')
const EMPTY = l10n.t('empty')
const FAILED = l10n.t('× failed')
const AFTER = l10n.t('{0} after {1}')

/** A cycle in words, with shorter and shorter texts. */
function textsOf({ outcome, bytes, status, start, end }: Cycle, now: number): readonly string[] {
  const lasted = formatDuration((end ?? now) - start)
  switch (outcome) {
    case 'held':
      return [HOLDING.replace('{0}', lasted), lasted]
    case 'empty':
      return [EMPTY_FOR.replace('{0}', lasted), EMPTY]
    case 'error':
      return status === 0 ? [FAILED, '×'] : [`× ${status}`, '×']
    case 'data':
      return [AFTER.replace('{0}', formatBytes(bytes)).replace('{1}', lasted), formatBytes(bytes)]
  }
}
