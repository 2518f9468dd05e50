/** Paints the overview, a strip of the whole session: traffic over time, broken connections, and the span in view. */

import * as l10n from '@vscode/l10n'
import { formatTick } from '../../format/time.ts'
import { TICK } from '../../state/timeline/densities.ts'
import { fillFromPyramid, scratchDensity } from '../../state/timeline/density.ts'
import { CONTROL, FINEST, IN, OUT } from '../../state/timeline/pyramid.ts'
import type { Canvas } from '../canvas/canvas.ts'
import type { Scene } from '../canvas/scene.ts'
import { block } from '../canvas/shapes.ts'
import { brushOf, timeAt, xOf } from '../layout/layout.ts'

/** Height of the marks of waits and errors, along the lower edge. */
const BREAK = 3
/** Left edge of the name, beside the button that folds the lanes. */
const NAME_LEFT = 30
/** Width of an error's mark, and least width of a wait's. */
const ERROR = 3
const LEAST_WAIT = 2

export function drawOverview(canvas: Canvas, scene: Scene): void {
  const { layout, now, whole, playhead, theme } = scene
  const { top, height } = layout.overview
  canvas.fillStyle = theme.dim
  const time = formatTick(playhead === undefined ? now : whole.to, 1000)
  canvas.fillText(layout.left > 120 ? l10n.t('whole session {0}', time) : time, NAME_LEFT, top + 18)
  block(canvas, theme.line, [layout.left, top + height - 1, layout.plotWidth, 1])
  drawTraffic(canvas, scene)
  drawBreaks(canvas, scene)
  drawBrush(canvas, scene)
  drawPlayhead(canvas, scene)
}

function drawPlayhead(canvas: Canvas, { layout, whole, playhead, theme }: Scene): void {
  if (playhead === undefined) return
  const { top, height } = layout.overview
  const x = Math.round(xOf(layout, whole, playhead))
  block(canvas, theme.fg, [x - 1, top, 2, height])
  canvas.beginPath()
  canvas.arc(x, top + 4, 4, 0, 2 * Math.PI)
  canvas.fill()
}

function drawTraffic(canvas: Canvas, { layout, whole, model, theme }: Scene): void {
  const bottom = layout.overview.top + layout.overview.height
  const width = layout.plotWidth / TICK
  const density = scratchDensity(width)
  fillFromPyramid(density, model.total, whole, FINEST)
  const sum = (i: number) =>
    (density.counts[IN][i] ?? 0) + (density.counts[OUT][i] ?? 0) + (density.counts[CONTROL][i] ?? 0)
  let most = 1
  for (let i = 0; i < width; i++) most = Math.max(most, sum(i))
  canvas.fillStyle = theme.dim
  canvas.globalAlpha = theme.highContrast ? 1 : 0.6
  for (let i = 0; i < width; i++) {
    const events = sum(i)
    if (events === 0) continue
    const tick = Math.round(2 + (layout.overview.height - 10) * (Math.log1p(events) / Math.log1p(most)))
    canvas.fillRect(layout.left + i * TICK, bottom - BREAK - 1 - tick, TICK, tick)
  }
  canvas.globalAlpha = 1
}

/** Waits and errors of all lanes. What is on the same pixel is painted once, however many lanes there are. */
function drawBreaks(canvas: Canvas, { layout, whole, model, now, theme }: Scene): void {
  const y = layout.overview.top + layout.overview.height - BREAK
  const { left, plotWidth } = layout
  const pixelOf = (time: number) => Math.floor(xOf(layout, whole, time)) - left
  const waits = new Uint8Array(plotWidth)
  for (const { states } of model.broken) {
    let marked = 0
    states.eachWait(now, (start, end) => {
      const from = Math.max(marked, pixelOf(start))
      marked = Math.max(marked, Math.ceil(xOf(layout, whole, end)) - left, pixelOf(start) + LEAST_WAIT)
      waits.fill(1, from, marked)
      return timeAt(layout, whole, left + marked)
    })
  }
  canvas.fillStyle = theme.warn
  for (let pixel = waits.indexOf(1); pixel >= 0; ) {
    const end = waits.indexOf(0, pixel)
    const right = end < 0 ? plotWidth : end
    canvas.fillRect(left + pixel, y, right - pixel, BREAK)
    pixel = end < 0 ? -1 : waits.indexOf(1, end)
  }
  const errors = new Uint8Array(plotWidth + 1)
  const perPixel = (whole.to - whole.from) / plotWidth
  for (const lane of model.broken)
    lane.errors.each(whole.from, whole.to, ERROR * perPixel, (time) => {
      errors[pixelOf(time)] = 1
    })
  canvas.fillStyle = theme.error
  for (let pixel = errors.indexOf(1); pixel >= 0; pixel = errors.indexOf(1, pixel + 1))
    canvas.fillRect(left + pixel - 1, y - BREAK, ERROR, 2 * BREAK)
}

function drawBrush(canvas: Canvas, { layout, view, whole, theme }: Scene): void {
  const { top, height } = layout.overview
  const { left, width } = brushOf(layout, view, whole)
  block(canvas, theme.accent, [left, top, width, height], theme.highContrast ? 0.1 : 0.2)
  canvas.strokeStyle = theme.accent
  canvas.lineWidth = theme.highContrast ? 2 : 1
  canvas.strokeRect(Math.round(left) + 0.5, top + 0.5, Math.round(width) - 1, height - 1)
  canvas.fillStyle = theme.accent
  for (const x of [left, left + width - 3]) canvas.fillRect(Math.round(x), top + height / 2 - 5, 3, 10)
}
