/** Paints one lane: its name, its traffic in its transport's shape, its state band, its marks. */
import type { Density } from './density.ts'
import { drawCycles } from './draw-cycles.ts'
import { drawStates } from './draw-states.ts'
import { ellipsize } from './draw-text.ts'
import { type LaneBox, tickHeight, xOf } from './layout.ts'
import { CONTROL, IN, OUT } from './pyramid.ts'
import type { Scene } from './scene.ts'

type Canvas = CanvasRenderingContext2D

/** Height a tick has at most: below the line for what came, above it for what was sent. */
const FULL_IN = 20
const FULL_OUT = 15
/** Height of the area of a stream's throughput. */
const FULL_AREA = 28

export function drawLane(canvas: Canvas, scene: Scene, box: LaneBox, density: Density | undefined): void {
  drawHead(canvas, scene, box)
  const lane = scene.model.lanes.get(box.connection)
  if (lane === undefined) return
  canvas.save()
  canvas.beginPath()
  canvas.rect(scene.layout.left, box.top, scene.layout.plotWidth, box.height)
  canvas.clip()
  if (density !== undefined) {
    if (box.shape === 'ticks') drawTicks(canvas, scene, box, density, lane.largest)
    if (box.shape === 'area') drawArea(canvas, scene, box, density)
  }
  if (box.shape === 'cycles') drawCycles(canvas, scene, box, lane)
  drawStates(canvas, scene, box, lane)
  drawMarks(canvas, scene, box)
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

function drawTicks(
  canvas: Canvas,
  { layout, theme }: Scene,
  box: LaneBox,
  density: Density,
  largest: number,
): void {
  const pitch = layout.plotWidth / density.width
  const width = Math.max(1, pitch - 0.5)
  canvas.fillStyle = theme.line
  canvas.fillRect(layout.left, box.base, layout.plotWidth, 1)
  for (let pixel = 0; pixel < density.width; pixel++) {
    const x = layout.left + pixel * pitch
    const received = density.counts[IN][pixel] ?? 0
    if (received > 0) {
      const height = tickHeight(density.largest[IN][pixel] ?? 0, largest, FULL_IN)
      canvas.globalAlpha = strength(received)
      canvas.fillStyle = theme.in
      canvas.fillRect(x, box.base + 1, width, height)
    }
    const sent = density.counts[OUT][pixel] ?? 0
    if (sent > 0) {
      const height = tickHeight(density.largest[OUT][pixel] ?? 0, largest, FULL_OUT)
      canvas.globalAlpha = 1
      canvas.fillStyle = theme.out
      canvas.fillRect(x, box.base - height, width, height)
      disc(canvas, x + width / 2, box.base - height, 2)
    }
    if ((density.counts[CONTROL][pixel] ?? 0) > 0) {
      canvas.globalAlpha = 1
      canvas.fillStyle = theme.control
      diamond(canvas, x + width / 2, box.base, 3.5)
    }
  }
  canvas.globalAlpha = 1
}

/** Many events in a pixel are stronger than one, by the logarithm, so that one is still seen. */
function strength(count: number): number {
  return Math.min(1, 0.6 + 0.13 * Math.log2(count))
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

function drawArea(canvas: Canvas, { layout, theme }: Scene, box: LaneBox, density: Density): void {
  let most = 0
  for (const bytes of density.received) most = Math.max(most, bytes)
  const floor = box.base + FULL_AREA
  canvas.fillStyle = theme.line
  canvas.fillRect(layout.left, floor, layout.plotWidth, 1)
  if (most === 0) return
  const pitch = layout.plotWidth / density.width
  const height = (pixel: number) => {
    const bytes = density.received[pixel] ?? 0
    return bytes === 0 ? 0 : 2 + (FULL_AREA - 2) * (bytes / most)
  }
  canvas.beginPath()
  canvas.moveTo(layout.left, floor)
  for (let pixel = 0; pixel < density.width; pixel++) {
    const x = layout.left + pixel * pitch
    canvas.lineTo(x, floor - height(pixel))
    canvas.lineTo(x + pitch, floor - height(pixel))
  }
  canvas.lineTo(layout.left + layout.plotWidth, floor)
  canvas.closePath()
  canvas.fillStyle = theme.in
  canvas.globalAlpha = 0.35
  canvas.fill()
  canvas.globalAlpha = 1
  canvas.strokeStyle = theme.in
  canvas.lineWidth = 1
  canvas.stroke()
}

function drawMarks(canvas: Canvas, { layout, view, model, theme }: Scene, box: LaneBox): void {
  for (const mark of model.lanes.get(box.connection)?.marks ?? []) {
    if (mark.time < view.from || mark.time > view.to) continue
    const x = xOf(layout, view, mark.time)
    const y = box.top + 6
    canvas.strokeStyle = mark.type === 'error' ? theme.error : theme.warn
    canvas.lineWidth = 2
    canvas.beginPath()
    if (mark.type === 'error') {
      canvas.moveTo(x - 3, y - 3)
      canvas.lineTo(x + 3, y + 3)
      canvas.moveTo(x + 3, y - 3)
      canvas.lineTo(x - 3, y + 3)
    } else {
      canvas.moveTo(x - 4, y + 3)
      canvas.lineTo(x, y - 4)
      canvas.lineTo(x + 4, y + 3)
      canvas.closePath()
    }
    canvas.stroke()
  }
}

function drawSelected(canvas: Canvas, { layout, view, selected, theme }: Scene, box: LaneBox): void {
  if (selected === undefined || selected.connection !== box.connection) return
  if (selected.time < view.from || selected.time > view.to) return
  const x = Math.round(xOf(layout, view, selected.time))
  canvas.strokeStyle = theme.accent
  canvas.lineWidth = theme.highContrast ? 2 : 1
  canvas.strokeRect(x - 3.5, box.top + 1.5, 7, box.height - 3)
}
