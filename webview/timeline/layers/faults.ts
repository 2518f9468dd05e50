/** Paints marks on the messages that a proxy did something to on purpose. */
import { isFaulted } from '../../../src/shared/event-columns.ts'
import type { Canvas } from '../canvas/canvas.ts'
import type { Scene } from '../canvas/scene.ts'
import { xOf } from '../layout/layout.ts'

/** Size of a mark, and how far apart marks are at least, in pixels. */
const SIZE = 3

/** A small diamond at the bottom of the lane, below each such message. */
export function drawFaults(canvas: Canvas, scene: Scene): void {
  const { layout, view, theme, columns } = scene
  const lanes = new Map(layout.lanes.map((lane) => [lane.connection, lane]))
  /** When the latest mark of each connection is. There may be millions of events, and few marks. */
  const latest: number[] = []
  const apart = (SIZE * (view.to - view.from)) / layout.plotWidth
  canvas.fillStyle = theme.warn
  columns.forEachFaultedSlice(view, ({ kind, time, connection }, start, end) => {
    for (let at = start; at < end; at++) {
      if (!isFaulted(kind[at] ?? 0)) continue
      const id = connection[at] ?? 0
      const when = time[at] ?? 0
      if (Math.abs(when - (latest[id] ?? Number.NEGATIVE_INFINITY)) < apart) continue
      const lane = lanes.get(id)
      if (lane === undefined || when < view.from || when > view.to) continue
      latest[id] = when
      diamond(canvas, xOf(layout, view, when), lane.top + lane.traffic - SIZE - 1)
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
