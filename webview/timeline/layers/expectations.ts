/** Paints where what was expected of the connections came, or where its time ran out. */
import type { Canvas } from '../canvas/canvas.ts'
import type { Scene } from '../canvas/scene.ts'
import { xOf } from '../layout/layout.ts'

/** Below the top of a lane. */
const BASELINE = 11

/** A quiet ✓, or a ✗ in the color of errors, at the top of the lane. */
export function drawExpectations(canvas: Canvas, { layout, view, theme, expectations }: Scene): void {
  for (const { connection, time, isHeld } of expectations) {
    const lane = layout.lanes.find((each) => each.connection === connection)
    if (lane === undefined || time < view.from || time > view.to) continue
    canvas.fillStyle = isHeld ? theme.dim : theme.error
    const sign = isHeld ? '✓' : '✗'
    const x = xOf(layout, view, time) - canvas.measureText(sign).width / 2
    canvas.fillText(sign, x, lane.top + BASELINE)
  }
}
