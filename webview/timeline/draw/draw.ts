/** Paints a scene: here what spans all lanes, elsewhere each lane. */

import { formatTick } from '../../format/time.ts'
import { gridOf, offsetOf, TICK } from '../../state/timeline/densities.ts'
import { xOf } from '../layout/layout.ts'
import { stepFor, ticks } from '../layout/scale.ts'
import type { Canvas } from './canvas.ts'
import { drawDropped } from './dropped.ts'
import { drawLane } from './lane.ts'
import { drawOverview } from './overview.ts'
import type { Scene } from './scene.ts'
import { ellipsize } from './text.ts'

/** Height of the axis' line of text. */
const AXIS_TEXT = 16

/** Paints the whole timeline; the context is scaled so that units are CSS pixels. */
export function draw(canvas: Canvas, scene: Scene): void {
  const { layout, theme } = scene
  canvas.clearRect(0, 0, layout.width, layout.height)
  canvas.font = `11px ${theme.font}`
  canvas.textBaseline = 'alphabetic'
  drawAxis(canvas, scene)
  const grid = gridOf(scene.view, layout.plotWidth / TICK)
  const connections = layout.lanes.map(({ connection }) => connection)
  const densities = scene.densities.update(grid, scene.model, scene.columns, connections)
  const offset = offsetOf(grid, scene.view)
  canvas.save()
  canvas.beginPath()
  canvas.rect(0, layout.lanesTop, layout.width, layout.height - layout.lanesTop)
  canvas.clip()
  for (const lane of layout.lanes) {
    const density = densities.get(lane.connection)
    drawLane(canvas, scene, lane, density && { density, left: layout.left + offset })
  }
  canvas.restore()
  drawOverview(canvas, scene)
  drawDropped(canvas, scene)
  drawNotes(canvas, scene)
  drawRange(canvas, scene)
  drawCursor(canvas, scene)
  drawPlayhead(canvas, scene)
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

/** Width of a note's flag, and largest and smallest width of the text beside it. */
const FLAG = 7
const MOST_WORDS = 180
const LEAST_WORDS = 20

/** Notes: a line across the lanes, a flag on the axis, and as much of the text as fits before the next flag. */
function drawNotes(canvas: Canvas, { layout, view, model, theme, says }: Scene): void {
  const inView = model.notes.filter(({ time }) => time >= view.from && time <= view.to)
  const places = inView.map(({ time }) => Math.round(xOf(layout, view, time)) + 0.5)
  inView.forEach(({ event }, i) => {
    const x = places[i] ?? 0
    canvas.strokeStyle = theme.accent
    canvas.lineWidth = 1
    canvas.setLineDash([2, 2])
    canvas.beginPath()
    canvas.moveTo(x, layout.axisTop)
    canvas.lineTo(x, layout.height)
    canvas.stroke()
    canvas.setLineDash([])
    canvas.fillStyle = theme.accent
    canvas.fillRect(x - 0.5, layout.axisTop, FLAG, 9)
    const start = x + FLAG + 3
    const room = Math.min(MOST_WORDS, (places[i + 1] ?? layout.left + layout.plotWidth) - start - 4)
    const text = room < LEAST_WORDS ? '' : ellipsize(canvas, says(event) ?? '', room)
    if (text === '') return
    // The text is on the axis: it must not cover the times there.
    canvas.fillStyle = theme.bg
    canvas.fillRect(x + FLAG - 0.5, layout.axisTop, canvas.measureText(text).width + 8, AXIS_TEXT)
    canvas.fillStyle = theme.fg
    canvas.fillText(text, start, layout.axisTop + 10)
  })
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

/** The time under the pointer: a line through the lanes, and the time on the axis. */
function drawCursor(canvas: Canvas, { layout, view, cursor, theme }: Scene): void {
  if (cursor === undefined || cursor < view.from || cursor > view.to) return
  const x = Math.round(xOf(layout, view, cursor)) + 0.5
  canvas.strokeStyle = theme.dim
  canvas.lineWidth = 1
  canvas.beginPath()
  canvas.moveTo(x, layout.axisTop)
  canvas.lineTo(x, layout.height)
  canvas.stroke()
  const label = formatTick(cursor, (view.to - view.from) / layout.plotWidth)
  const width = canvas.measureText(label).width + 8
  const left = Math.min(Math.max(layout.left, x - width / 2), layout.left + layout.plotWidth - width)
  canvas.fillStyle = theme.fg
  canvas.fillRect(left, layout.axisTop + 1, width, 15)
  canvas.fillStyle = theme.bg
  canvas.fillText(label, left + 4, layout.axisTop + 12)
}

/** The position of a replay: a line through the lanes, with a handle on the axis. */
function drawPlayhead(canvas: Canvas, { layout, view, playhead, theme }: Scene): void {
  if (playhead === undefined || playhead < view.from || playhead > view.to) return
  const x = Math.round(xOf(layout, view, playhead))
  canvas.fillStyle = theme.fg
  canvas.fillRect(x - 1, layout.axisTop, 2, layout.height - layout.axisTop)
  canvas.beginPath()
  canvas.moveTo(x - 6, layout.axisTop)
  canvas.lineTo(x + 6, layout.axisTop)
  canvas.lineTo(x, layout.axisTop + 9)
  canvas.fill()
}
