/** Paints a lane: its name, its traffic in the shape of its transport, its state band and its marks. */

import * as l10n from '@vscode/l10n'
import { largest } from '../../../src/shared/numbers.ts'
import { type Grid, TICK } from '../../state/timeline/densities.ts'
import { type Density, smooth } from '../../state/timeline/density.ts'
import type { Lane } from '../../state/timeline/model.ts'
import { bucketOf, CONTROL, IN, OUT } from '../../state/timeline/pyramid.ts'
import type { Canvas } from '../canvas/canvas.ts'
import type { LaneHead, Role, Scene } from '../canvas/scene.ts'
import { block, clipped, line, trace } from '../canvas/shapes.ts'
import { ellipsizeName, fitting } from '../canvas/text.ts'
import { FULL_IN, FULL_OUT, floorOf, foldOf, type LaneBox, tickHeight, xOf } from '../layout/layout.ts'
import { drawCycles } from './cycles.ts'
import { drawExchanges } from './exchanges.ts'
import { drawLatency } from './latency.ts'
import { drawStates } from './states.ts'

/** Pixels on each side over which the throughput of a stream is averaged. */
const SMOOTHING = 8

/** The traffic of a lane, and the position of its first pixel. */
export interface PlacedDensity {
  readonly density: Density
  readonly left: number
  readonly grid: Grid
}

export function drawLane(
  canvas: Canvas,
  scene: Scene,
  box: LaneBox,
  traffic: PlacedDensity | undefined,
): void {
  if (box.shared !== undefined) {
    drawShared(canvas, scene, box, box.shared)
    return
  }
  const head = scene.head(box.connection)
  drawHead(canvas, scene, box, head)
  const { color } = head
  const lane = scene.model.lanes.get(box.connection)
  if (lane === undefined) return
  const { layout, theme } = scene
  clipped(canvas, [layout.left, box.top, layout.plotWidth, box.height], () => {
    // The line that the traffic is on.
    if (box.shape !== 'cycles') block(canvas, theme.line, [layout.left, floorOf(box), layout.plotWidth, 1])
    drawStates(canvas, scene, box, lane, color)
    if (traffic !== undefined && box.shape === 'ticks') drawTicks(canvas, scene, box, traffic, lane, color)
    if (traffic !== undefined && box.shape === 'area') drawStream(canvas, scene, box, traffic, lane, color)
    if (box.shape === 'cycles') drawCycles(canvas, scene, box, lane, color)
    if (box.rows > 0) drawExchanges(canvas, scene, box, lane, head)
    if (box.latency > 0) drawLatency(canvas, scene, box, color)
    drawMarks(canvas, scene, box, lane)
  })
  drawSelected(canvas, scene, box)
}

/** The stripe in the color of the connection, before its name. */
const STRIPE = { left: 8, width: 3 }
const NAME_LEFT = 16
/** Distance of two lines, of the first from the edge, and of its baseline from its middle. */
const LINE = 14
const HEAD_MARGIN = 2
const TITLE = 4

/** The lane of connections that never opened: when each was tried, and the crosses of what failed. */
function drawShared(canvas: Canvas, scene: Scene, box: LaneBox, shared: readonly number[]): void {
  const last = shared.at(-1) ?? box.connection
  const title = l10n.t('{0} never opened', shared.length)
  drawHead(canvas, scene, box, { title, lines: scene.head(last).lines, color: 'error' })
  const { layout } = scene
  clipped(canvas, [layout.left, box.top, layout.plotWidth, box.height], () => {
    for (const connection of shared) {
      const lane = scene.model.lanes.get(connection)
      if (lane === undefined) continue
      drawStates(canvas, scene, box, lane, 'error')
      drawMarks(canvas, scene, box, lane)
    }
  })
  for (const connection of shared) drawSelected(canvas, scene, { ...box, connection })
}

function drawHead(
  canvas: Canvas,
  { layout, theme }: Scene,
  box: LaneBox,
  { title, lines, color }: LaneHead,
): void {
  block(canvas, theme[color], [STRIPE.left, box.top + 3, STRIPE.width, box.height - 6])
  const most = Math.floor((box.height - 2 * HEAD_MARGIN) / LINE) - 1
  const shown = lines.slice(0, Math.max(0, most))
  const top = box.top + box.height / 2 + TITLE - (shown.length / 2) * LINE
  const room = (box.canFold ? foldOf(layout).x : layout.left - 8) - NAME_LEFT
  canvas.fillStyle = theme.fg
  canvas.fillText(ellipsizeName(canvas, title, room), NAME_LEFT, top)
  canvas.fillStyle = theme.dim
  for (const [i, texts] of shown.entries())
    canvas.fillText(fitting(canvas, texts, room), NAME_LEFT, top + (i + 1) * LINE)
  if (box.canFold) drawFold(canvas, theme.dim, foldOf(layout), top - TITLE, box.rows + box.latency > 0)
}

/** A chevron: down if the requests of the lane are shown, else to the right. */
function drawFold(
  canvas: Canvas,
  color: string,
  { x, width }: { readonly x: number; readonly width: number },
  y: number,
  isOpen: boolean,
): void {
  const middle = x + width / 2
  const points = isOpen
    ? ([
        [middle - 4, y - 2],
        [middle, y + 2],
        [middle + 4, y - 2],
      ] as const)
    : ([
        [middle - 2, y - 4],
        [middle + 2, y],
        [middle - 2, y + 4],
      ] as const)
  line(canvas, color, 1.2, points)
}

function drawTicks(
  canvas: Canvas,
  { theme, exchanges }: Scene,
  box: LaneBox,
  { density, left, grid }: PlacedDensity,
  { smallest, largest }: Lane,
  color: Role,
): void {
  const { counts, largest: sizes, width } = density
  const beats = heartbeatsOn(grid, exchanges(box.connection)?.heartbeats ?? [])
  /** Whether a column has messages other than heartbeats. */
  const speaks = (pixel: number, count: number) => count > (beats?.get(pixel) ?? 0)
  canvas.fillStyle = theme[color]
  for (let pixel = 0; pixel < width; pixel++) {
    const received = counts[IN][pixel] ?? 0
    if (received === 0 || !speaks(pixel, received + (counts[OUT][pixel] ?? 0))) continue
    const height = tickHeight(sizes[IN][pixel] ?? 0, smallest, largest, FULL_IN * box.scale)
    canvas.globalAlpha = theme.highContrast ? 1 : strength(received)
    canvas.fillRect(left + pixel * TICK, box.base + 1, TICK, Math.round(height))
  }
  canvas.globalAlpha = 1
  for (let pixel = 0; pixel < width; pixel++) {
    const sent = counts[OUT][pixel] ?? 0
    if (sent === 0 || !speaks(pixel, sent + (counts[IN][pixel] ?? 0))) continue
    const height = Math.round(tickHeight(sizes[OUT][pixel] ?? 0, smallest, largest, FULL_OUT * box.scale))
    const x = left + pixel * TICK
    canvas.fillRect(x, box.base - height, TICK, height)
    disc(canvas, x + TICK / 2, box.base - height, 2.5)
  }
  canvas.fillStyle = theme.dim
  for (let pixel = 0; pixel < width; pixel++)
    if ((counts[CONTROL][pixel] ?? 0) > 0 || (beats?.get(pixel) ?? 0) > 0)
      disc(canvas, left + pixel * TICK + TICK / 2, box.base + 0.5, HEARTBEAT)
}

/** Radius of the mark of a control frame or heartbeat. */
const HEARTBEAT = 2

/** The number of heartbeats in each column of a lane; undefined if there are none. */
function heartbeatsOn(
  { resolution, start, width }: Grid,
  times: readonly number[],
): ReadonlyMap<number, number> | undefined {
  if (times.length === 0) return undefined
  const columns = new Map<number, number>()
  for (const time of times) {
    const column = Math.floor(bucketOf(time, resolution) / resolution) - start
    if (column >= 0 && column < width) columns.set(column, (columns.get(column) ?? 0) + 1)
  }
  return columns
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

/** Columns of the lane for each record, from which on records are painted one by one. */
const ROOM_FOR_RECORD = 8
const RECORD_WIDTH = 3

/** A stream: an area if there is throughput to show, else a bar for each record. */
function drawStream(
  canvas: Canvas,
  scene: Scene,
  box: LaneBox,
  traffic: PlacedDensity,
  lane: Lane,
  color: Role,
): void {
  const { width, counts } = traffic.density
  let records = 0
  for (let pixel = 0; pixel < width; pixel++) records += counts[IN][pixel] ?? 0
  if (records * ROOM_FOR_RECORD > width) drawArea(canvas, scene, box, traffic, color)
  else drawRecords(canvas, scene, box, traffic, lane, color)
}

/** Each record as a bar, as high as the logarithm of its size. */
function drawRecords(
  canvas: Canvas,
  { theme }: Scene,
  box: LaneBox,
  { density, left }: PlacedDensity,
  { smallest, largest: most }: Lane,
  color: Role,
): void {
  const floor = floorOf(box)
  const full = floor - box.base
  canvas.fillStyle = theme[color]
  for (let pixel = 0; pixel < density.width; pixel++) {
    if ((density.counts[IN][pixel] ?? 0) === 0) continue
    const height = Math.round(tickHeight(density.largest[IN][pixel] ?? 0, smallest, most, full - 2))
    canvas.fillRect(left + pixel * TICK, floor - height, RECORD_WIDTH, height)
  }
}

/** Throughput as an area, averaged over adjacent pixels so that single records form a curve. */
function drawArea(
  canvas: Canvas,
  { layout, theme, view, now }: Scene,
  box: LaneBox,
  traffic: PlacedDensity,
  color: Role,
): void {
  const { received } = traffic.density
  // The future is unknown: it must not look like silence.
  const known = Math.max(0, Math.ceil((xOf(layout, view, now) - traffic.left) / TICK))
  const width = Math.min(traffic.density.width, known)
  const curve = smooth(received, SMOOTHING)
  const most = largest(curve, 0)
  const floor = floorOf(box)
  const full = floor - box.base
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
  canvas.fillStyle = theme[color]
  canvas.globalAlpha = theme.highContrast ? 0.5 : 0.35
  canvas.fill()
  canvas.globalAlpha = 1
  canvas.strokeStyle = theme[color]
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
  trace(canvas, [
    [x - 4, y + 3],
    [x, y - 4],
    [x + 4, y + 3],
  ])
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
