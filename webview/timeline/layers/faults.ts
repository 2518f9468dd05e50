/** Paints marks on the messages that a proxy did something to on purpose. */
import { isFaulted } from '../../../src/shared/event-columns.ts'
import type { Canvas } from '../canvas/canvas.ts'
import type { Scene } from '../canvas/scene.ts'
import { xOf } from '../layout/layout.ts'

/** Size of a mark, and how far apart marks are at least, in pixels. */
const SIZE = 3
/** Events in view up to which each is looked at for a mark. */
const MOST_EVENTS = 200_000

/** A small diamond at the bottom of the lane, below each such message. */
export function drawFaults(canvas: Canvas, scene: Scene): void {
  const { layout, view, theme, columns } = scene
  const lanes = new Map(
    layout.lanes.map((lane) => [lane.connection, { lane, last: Number.NEGATIVE_INFINITY }]),
  )
  canvas.fillStyle = theme.warn
  let left = MOST_EVENTS
  columns.forEachSliceBetween(view, ({ kind, time, connection }, start, end) => {
    for (let at = start; at < end && left > 0; at++) {
      left--
      if (!isFaulted(kind[at] ?? 0)) continue
      const found = lanes.get(connection[at] ?? 0)
      const when = time[at] ?? 0
      if (found === undefined || when < view.from || when > view.to) continue
      const x = xOf(layout, view, when)
      if (Math.abs(x - found.last) < SIZE) continue
      found.last = x
      diamond(canvas, x, found.lane.top + found.lane.traffic - SIZE - 1)
    }
  })
}

function diamond(canvas: Canvas, x: number, y: number): void {
  canvas.beginPath()
  canvas.moveTo(x, y - SIZE)
  canvas.lineTo(x + SIZE, y)
  canvas.lineTo(x, y + SIZE)
  canvas.lineTo(x - SIZE, y)
  canvas.closePath()
  canvas.fill()
}
