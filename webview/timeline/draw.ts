/** Paints a scene: what spans all lanes here, the lanes one by one. */
import { Density, fillFromEvents, fillFromPyramid } from './density.ts'
import { drawLane } from './draw-lane.ts'
import { xOf } from './layout.ts'
import { CONTROL, IN, OUT } from './pyramid.ts'
import { formatTick, stepFor, ticks } from './scale.ts'
import type { Scene } from './scene.ts'

/** CSS pixels that are summed up into one tick. */
export const TICK = 2

type Canvas = CanvasRenderingContext2D

/** Paints the whole timeline; the context is scaled so that units are CSS pixels. */
export function draw(canvas: Canvas, scene: Scene): void {
  const { layout, theme } = scene
  canvas.clearRect(0, 0, layout.width, layout.height)
  canvas.font = `11px ${theme.font}`
  canvas.textBaseline = 'alphabetic'
  drawAxis(canvas, scene)
  const densities = laneDensities(scene)
  for (const lane of layout.lanes) drawLane(canvas, scene, lane, densities.get(lane.connection))
  drawNotes(canvas, scene)
  drawRange(canvas, scene)
  drawCursor(canvas, scene)
  drawOverview(canvas, scene)
  drawBrush(canvas, scene)
}

function laneDensities({ layout, view, model, columns }: Scene): Map<number, Density> {
  const width = Math.max(1, Math.floor(layout.plotWidth / TICK))
  const densities = new Map<number, Density>()
  const fine = new Map<number, Density>()
  for (const { connection } of layout.lanes) {
    const lane = model.lanes.get(connection)
    if (lane === undefined) continue
    const density = new Density(width)
    densities.set(connection, density)
    if (!fillFromPyramid(density, lane.traffic, view)) fine.set(connection, density)
  }
  if (fine.size > 0) fillFromEvents(fine, columns, view)
  return densities
}

function drawAxis(canvas: Canvas, { layout, view, theme }: Scene): void {
  const step = stepFor(view.to - view.from, layout.plotWidth, 84)
  canvas.lineWidth = 1
  canvas.strokeStyle = theme.line
  canvas.fillStyle = theme.dim
  canvas.beginPath()
  for (const time of ticks(view.from, view.to, step)) {
    const x = Math.round(xOf(layout, view, time)) + 0.5
    canvas.moveTo(x, layout.axisTop)
    canvas.lineTo(x, layout.height)
    const label = formatTick(time, step)
    if (x + canvas.measureText(label).width + 4 < layout.width)
      canvas.fillText(label, x + 3, layout.axisTop + 12)
  }
  canvas.stroke()
}

function drawOverview(canvas: Canvas, { layout, whole, now, model, theme }: Scene): void {
  const { top, height } = layout.overview
  const bottom = top + height
  canvas.fillStyle = theme.dim
  canvas.fillText(
    layout.left > 100 ? `whole session ${formatTick(now, 1000)}` : formatTick(now, 1000),
    10,
    top + 18,
  )
  const density = new Density(Math.max(1, Math.floor(layout.plotWidth / TICK)))
  fillFromPyramid(density, model.total, { from: 0, to: whole })
  let most = 1
  const sums = density.counts[IN].map(
    (count, i) => count + (density.counts[OUT][i] ?? 0) + (density.counts[CONTROL][i] ?? 0),
  )
  for (const sum of sums) most = Math.max(most, sum)
  canvas.fillStyle = theme.in
  canvas.globalAlpha = 0.65
  sums.forEach((sum, i) => {
    if (sum === 0) return
    const tick = 2 + (height - 6) * (Math.log1p(sum) / Math.log1p(most))
    canvas.fillRect(layout.left + i * TICK, bottom - tick, TICK - 0.5, tick)
  })
  canvas.globalAlpha = 1
}

/** The stretch in view, on the overview. */
function drawBrush(canvas: Canvas, { layout, view, whole, theme }: Scene): void {
  const { top, height } = layout.overview
  const right = layout.left + layout.plotWidth
  const left = Math.min(Math.max(layout.left, xOf(layout, { from: 0, to: whole }, view.from)), right - 6)
  const width = Math.max(6, Math.min(right, xOf(layout, { from: 0, to: whole }, view.to)) - left)
  canvas.fillStyle = theme.accent
  canvas.globalAlpha = 0.18
  canvas.fillRect(left, top, width, height)
  canvas.globalAlpha = 1
  canvas.strokeStyle = theme.accent
  canvas.lineWidth = theme.highContrast ? 2 : 1
  canvas.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1)
}

function drawNotes(canvas: Canvas, { layout, view, model, theme, says }: Scene): void {
  for (const { time, event } of model.notes) {
    if (time < view.from || time > view.to) continue
    const x = Math.round(xOf(layout, view, time)) + 0.5
    canvas.strokeStyle = theme.accent
    canvas.lineWidth = 1
    canvas.setLineDash([2, 2])
    canvas.beginPath()
    canvas.moveTo(x, layout.axisTop)
    canvas.lineTo(x, layout.height)
    canvas.stroke()
    canvas.setLineDash([])
    canvas.fillStyle = theme.accent
    canvas.fillRect(x - 0.5, layout.axisTop, 7, 9)
    const text = says(event)
    if (text !== undefined) canvas.fillText(text, x + 10, layout.axisTop + 9, 160)
  }
}

function drawRange(canvas: Canvas, { layout, view, range, theme }: Scene): void {
  if (range === undefined) return
  const left = Math.max(layout.left, xOf(layout, view, range.from))
  const right = Math.min(layout.left + layout.plotWidth, xOf(layout, view, range.to))
  if (right <= left) return
  canvas.fillStyle = theme.accent
  canvas.globalAlpha = 0.14
  canvas.fillRect(left, layout.lanesTop, right - left, layout.height - layout.lanesTop)
  canvas.globalAlpha = 1
  canvas.strokeStyle = theme.accent
  canvas.lineWidth = 1
  canvas.strokeRect(
    left + 0.5,
    layout.lanesTop + 0.5,
    Math.max(1, right - left - 1),
    layout.height - layout.lanesTop - 1,
  )
}

function drawCursor(canvas: Canvas, { layout, view, cursor, theme }: Scene): void {
  if (cursor === undefined || cursor < view.from || cursor > view.to) return
  const x = Math.round(xOf(layout, view, cursor)) + 0.5
  canvas.strokeStyle = theme.dim
  canvas.lineWidth = 1
  canvas.beginPath()
  canvas.moveTo(x, layout.axisTop)
  canvas.lineTo(x, layout.height)
  canvas.stroke()
}
