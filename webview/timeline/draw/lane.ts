/** Paints a lane: its name, its traffic in the shape of its transport, its state band and its marks. */

import { TICK } from '../../state/timeline/densities.ts'
import { type Density, smooth } from '../../state/timeline/density.ts'
import type { Lane } from '../../state/timeline/model.ts'
import { CONTROL, IN, OUT } from '../../state/timeline/pyramid.ts'
import { FULL_IN, FULL_OUT, type LaneBox, tickHeight, xOf } from '../layout/layout.ts'
import type { Canvas } from './canvas.ts'
import { drawCycles } from './cycles.ts'
import type { Scene } from './scene.ts'
import { drawStates } from './states.ts'
import { ellipsize } from './text.ts'

/** Height of the throughput area of a stream, and pixels on each side over which it is averaged. */
const FULL_AREA = 30
const SMOOTHING = 8

/** The traffic of a lane, and the position of its first pixel. */
export interface PlacedDensity {
  readonly density: Density
  readonly left: number
}

export function drawLane(
  canvas: Canvas,
  scene: Scene,
  box: LaneBox,
  traffic: PlacedDensity | undefined,
): void {
  drawHead(canvas, scene, box)
  const lane = scene.model.lanes.get(box.connection)
  if (lane === undefined) return
  canvas.save()
  canvas.beginPath()
  canvas.rect(scene.layout.left, box.top, scene.layout.plotWidth, box.height)
  canvas.clip()
  if (box.shape === 'ticks') drawLine(canvas, scene, box)
  drawStates(canvas, scene, box, lane)
  if (traffic !== undefined && box.shape === 'ticks') drawTicks(canvas, scene, box, traffic, lane)
  if (traffic !== undefined && box.shape === 'area') drawArea(canvas, scene, box, traffic)
  if (box.shape === 'cycles') drawCycles(canvas, scene, box, lane)
  drawMarks(canvas, scene, box, lane)
  canvas.restore()
  drawSelected(canvas, scene, box)
}

function drawHead(canvas: Canvas, { layout, theme, head }: Scene, box: LaneBox): void {
  const { title, subtitle } = head(box.connection)
  const middle = box.top + box.height / 2
  canvas.fillStyle = theme.fg
  canvas.fillText(ellipsize(canvas, title, layout.left - 18), 10, middle - 3)
  canvas.fillStyle = theme.dim
  canvas.fillText(ellipsize(canvas, subtitle, layout.left - 18), 10, middle + 11)
}

/** The line between sent and received traffic. */
function drawLine(canvas: Canvas, { layout, theme }: Scene, box: LaneBox): void {
  canvas.fillStyle = theme.line
  canvas.fillRect(layout.left, box.base, layout.plotWidth, 1)
}

function drawTicks(
  canvas: Canvas,
  { theme }: Scene,
  box: LaneBox,
  { density, left }: PlacedDensity,
  { smallest, largest }: Lane,
): void {
  const { counts, largest: sizes, width } = density
  canvas.fillStyle = theme.in
  for (let pixel = 0; pixel < width; pixel++) {
    const received = counts[IN][pixel] ?? 0
    if (received === 0) continue
    const height = tickHeight(sizes[IN][pixel] ?? 0, smallest, largest, FULL_IN * box.scale)
    canvas.globalAlpha = theme.highContrast ? 1 : strength(received)
    canvas.fillRect(left + pixel * TICK, box.base + 1, TICK, Math.round(height))
  }
  canvas.globalAlpha = 1
  canvas.fillStyle = theme.out
  for (let pixel = 0; pixel < width; pixel++) {
    if ((counts[OUT][pixel] ?? 0) === 0) continue
    const height = Math.round(tickHeight(sizes[OUT][pixel] ?? 0, smallest, largest, FULL_OUT * box.scale))
    const x = left + pixel * TICK
    canvas.fillRect(x, box.base - height, TICK, height)
    disc(canvas, x + TICK / 2, box.base - height, 2.5)
  }
  canvas.fillStyle = theme.control
  for (let pixel = 0; pixel < width; pixel++)
    if ((counts[CONTROL][pixel] ?? 0) > 0)
      diamond(canvas, left + pixel * TICK + TICK / 2, box.base + 0.5, 3.5)
}

/** The opacity of a pixel grows with the logarithm of its events, so that a single event is still visible. */
function strength(count: number): number {
  return Math.min(1, 0.78 + 0.08 * Math.log2(count))
}

function disc(canvas: Canvas, x: number, y: number, radius: number): void {
  canvas.beginPath()
  canvas.arc(x, y, radius, 0, 2 * Math.PI)
  canvas.fill()
}

function diamond(canvas: Canvas, x: number, y: number, radius: number): void {
  canvas.beginPath()
  canvas.moveTo(x - radius, y)
  canvas.lineTo(x, y - radius)
  canvas.lineTo(x + radius, y)
  canvas.lineTo(x, y + radius)
  canvas.fill()
}

/** Throughput as an area, averaged over adjacent pixels so that single records form a curve. */
function drawArea(
  canvas: Canvas,
  { layout, theme, view, now }: Scene,
  box: LaneBox,
  traffic: PlacedDensity,
): void {
  const { received } = traffic.density
  // The future is unknown: it must not look like silence.
  const known = Math.max(0, Math.ceil((xOf(layout, view, now) - traffic.left) / TICK))
  const width = Math.min(traffic.density.width, known)
  const curve = smooth(received, SMOOTHING)
  let most = 0
  for (const bytes of curve) most = Math.max(most, bytes)
  const full = Math.round(FULL_AREA * box.scale)
  const floor = box.base + full
  canvas.fillStyle = theme.line
  canvas.fillRect(layout.left, floor, layout.plotWidth, 1)
  if (most === 0) return
  canvas.beginPath()
  let isFlowing = false
  for (let pixel = 0; pixel < width; pixel++) {
    const bytes = curve[pixel] ?? 0
    const x = traffic.left + (pixel + 0.5) * TICK
    // Without traffic there is no curve: the stream may not exist yet, or any more.
    if (bytes > 0 && !isFlowing) canvas.moveTo(x - TICK, floor)
    if (bytes > 0) canvas.lineTo(x, floor - 1 - (full - 1) * (bytes / most))
    else if (isFlowing) canvas.lineTo(x, floor)
    isFlowing = bytes > 0
  }
  if (isFlowing) canvas.lineTo(traffic.left + width * TICK, floor)
  canvas.fillStyle = theme.in
  canvas.globalAlpha = theme.highContrast ? 0.5 : 0.35
  canvas.fill()
  canvas.globalAlpha = 1
  canvas.strokeStyle = theme.in
  canvas.lineWidth = theme.highContrast ? 2 : 1
  canvas.stroke()
}

/** Least distance in pixels between two marks of a kind. */
const APART = 4

/** Errors as crosses, gaps as triangles. Of marks that would overlap, only the first is painted. */
function drawMarks(canvas: Canvas, scene: Scene, box: LaneBox, { errors, gaps }: Lane): void {
  const { layout, view, theme } = scene
  const y = box.top + 6
  const apart = (APART / layout.plotWidth) * (view.to - view.from)
  canvas.lineWidth = 2
  canvas.strokeStyle = theme.warn
  gaps.each(view.from, view.to, apart, (time) => triangle(canvas, xOf(layout, view, time), y))
  canvas.strokeStyle = theme.error
  errors.each(view.from, view.to, apart, (time) => cross(canvas, xOf(layout, view, time), y))
}

function cross(canvas: Canvas, x: number, y: number): void {
  canvas.beginPath()
  canvas.moveTo(x - 3, y - 3)
  canvas.lineTo(x + 3, y + 3)
  canvas.moveTo(x + 3, y - 3)
  canvas.lineTo(x - 3, y + 3)
  canvas.stroke()
}

function triangle(canvas: Canvas, x: number, y: number): void {
  canvas.beginPath()
  canvas.moveTo(x - 4, y + 3)
  canvas.lineTo(x, y - 4)
  canvas.lineTo(x + 4, y + 3)
  canvas.closePath()
  canvas.stroke()
}

function drawSelected(canvas: Canvas, { layout, view, selected, theme }: Scene, box: LaneBox): void {
  if (selected === undefined || selected.connection !== box.connection) return
  if (selected.time < view.from || selected.time > view.to) return
  const x = Math.round(xOf(layout, view, selected.time))
  canvas.strokeStyle = theme.accent
  canvas.lineWidth = theme.highContrast ? 2 : 1
  canvas.strokeRect(x - 3.5, box.top + 1.5, 7, box.height - 3)
}
